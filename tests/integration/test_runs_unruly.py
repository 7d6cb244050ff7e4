"""Models that do not do as they are told: the document is sound all the same, or there is none."""

from pathlib import Path

import pytest

from core.errors import ConflictError
from services.documents.exports import export
from tests.support import FORBIDDEN, check_document, desk

UNRULY = (
    "short", "long", "ceiling", "noisy", "deaf", "scaffold", "heading_echo", "unfinished",
    "repeats", "loop", "reasoning", "reasoning_content", "broken_json", "no_schema",
)  # fmt: skip
CHINESE = ("short", "scaffold", "unfinished")
OFTEN = ("long", "noisy", "deaf", "repeats", "loop", "reasoning", "heading_echo")
SEED = 11


@pytest.mark.parametrize(
    ("mode", "language"),
    [
        *((mode, "en") for mode in UNRULY),
        *((mode, "zh") for mode in CHINESE),
        *(pytest.param(mode, "zh", marks=pytest.mark.verify) for mode in OFTEN),
    ],
)
async def test_an_unruly_model_still_yields_a_sound_document(
    tmp_path: Path, mode: str, language: str
) -> None:
    async with desk(tmp_path, mode=mode, seed=SEED) as at:
        report = await at.write(language)
        document = await at.document(report)
    assert (report.status, report.reason) == ("done", "")
    assert report.length_score >= 95
    check_document(document, report)
    assert report.outline_from == ("lines" if mode == "no_schema" else "schema")


@pytest.mark.parametrize(
    "mode",
    [
        "long+heading_echo+reasoning",
        "short+scaffold",
        "short+scaffold+heading_echo",
    ],
)
async def test_several_vices_at_once(tmp_path: Path, mode: str) -> None:
    async with desk(tmp_path, mode=mode, seed=SEED) as at:
        report = await at.write(strategy="agentwrite")
        document = await at.document(report)
    assert report.status == "done"
    assert report.length_score >= 95
    check_document(document, report)


async def test_without_json_or_lines_there_is_still_an_outline(tmp_path: Path) -> None:
    async with desk(tmp_path, mode="broken_json", hopeless_json=True, seed=SEED) as at:
        report = await at.write()
        document = await at.document(report)
        kinds = [call.kind for call in at.fake.calls]
    assert report.status == "done"
    assert report.outline_from == "lines"
    assert kinds.count("lines") == 1
    check_document(document, report)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("mode", ["refuse", "wrong_language"])
async def test_what_is_never_usable_fails_and_leaves_no_prose(
    tmp_path: Path, mode: str, language: str
) -> None:
    async with desk(tmp_path, mode=mode, seed=SEED) as at:
        report = await at.write(language)
        document = await at.document(report)
    assert report.status == "failed"
    assert "without a usable text" in report.reason
    assert not FORBIDDEN.search(report.reason)
    assert (report.words, report.length_score, report.sections_written) == (0, 0, 0)
    assert document.markdown == ""
    assert {section.status.value for section in document.sections} == {"failed"}
    assert all(section.reason for section in document.sections)
    with pytest.raises(ConflictError):
        export(document, "md")


@pytest.mark.parametrize(
    ("mode", "language"),
    [("refuse", "en"), ("refuse", "zh"), ("wrong_language", "en"), ("wrong_language", "zh")],
)
async def test_a_model_that_comes_round_writes_the_document(
    tmp_path: Path, mode: str, language: str
) -> None:
    async with desk(tmp_path, mode=mode, tries=1, seed=SEED) as at:
        report = await at.write(language)
        document = await at.document(report)
    assert (report.status, report.reason) == ("done", "")
    assert report.length_score >= 98
    check_document(document, report)


async def test_a_rewrite_is_told_what_was_wrong(tmp_path: Path) -> None:
    async with desk(tmp_path, mode="refuse", tries=1, seed=SEED) as at:
        report = await at.write(words=300)
        retold = [call for call in await at.journal(report.run_id) if "/write/2" in call.step]
    assert report.status == "done"
    assert len(retold) == 1
    assert "An earlier attempt could not be used" in retold[0].request["messages"][-1]["content"]


async def test_taking_up_a_failed_run_pays_for_nothing_twice(tmp_path: Path) -> None:
    async with desk(tmp_path, mode="refuse", seed=SEED) as at:
        failed = await at.write(words=300)
        answered = {c.step for c in await at.journal(failed.run_id) if c.answered}
    assert failed.status == "failed"
    async with desk(tmp_path, seed=SEED) as at:
        again = await at.carry_out(failed.run_id)
        document = await at.document(again)
        steps = [c.step for c in await at.journal(failed.run_id)]
        assert len(at.fake.calls) == len(steps) - len(answered)
    assert not FORBIDDEN.search(document.markdown)
