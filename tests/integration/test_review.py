"""The review over a real endpoint: slips are mended, and no judge can do harm."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from agents.review.critic import TOO_SMALL
from agents.review.reply import SectionReply, read_critique
from agents.review.rounds import CLEAN, MENDED
from core.errors import FormatError
from core.setting_groups import LengthSettings
from domain.critique import Critique, Level
from llm.structured import parse_json
from services.runs.reports import RunReport
from storage import events, revisions
from storage.journal import StoredCall
from storage.revisions import Revision
from storage.tables import ScoreRow
from tests.fakes.judge import SLIP
from tests.support import Desk, check_document, desk, user_text

VERDICT = re.compile(r"review/([\d.]+|document)@\w+/judge/(\d+)")
REVISION = re.compile(r"review/.+?/(?:revise/\d+|[\d.]+/\d+|seam)(?=/)")
SHOWN = re.compile(r"<text-(\w+)>\n(.*?)\n</text-\1>", re.DOTALL)
SAID = "This contradicts what is said before."
CONTINUED, MENDING = 4, 2
"""Calls that a text may take after its first, and that a structure may take in all."""

Versions = dict[str, list[tuple[str, Critique]]]


def one_call(judge: str, rounds: int, words: int = 500, language: str = "en", **more: Any) -> Any:
    marks = [pytest.mark.verify] if more.pop("long", False) else []
    values = (judge, rounds, words, language, more.pop("mode", "slips"))
    return pytest.param(*values, marks=marks, id="-".join(map(str, values)))


async def verdicts(at: Desk, run_id: str) -> Versions:
    """Section key → the versions of it that were judged, in their order."""
    found: dict[str, dict[int, tuple[str, Critique]]] = defaultdict(dict)
    for call in await at.journal(run_id):
        if (step := VERDICT.match(call.step)) and step[1] != "document" and call.answered:
            shown = SHOWN.search(user_text(call))
            text = shown[2] if shown else found[step[1]][int(step[2])][0]
            found[step[1]][int(step[2])] = (text, _read(call, text))
    return {key: [by[n] for n in sorted(by)] for key, by in found.items()}


def _read(call: StoredCall, text: str) -> Critique:
    try:
        reply = SectionReply.model_validate(parse_json(call.text or ""))
    except (FormatError, ValidationError):
        return Critique(reason="unread")
    return read_critique(reply, {"1": text})


async def scores(at: Desk, run_id: str) -> dict[str, list[tuple[float | None, str]]]:
    """Section key → the judge's verdicts that are stored, with what they say of the end."""

    def work(s: Any) -> list[ScoreRow]:
        query = sa.select(ScoreRow).where(ScoreRow.run_id == run_id, ScoreRow.name == "judge")
        return list(s.scalars(query))

    found = defaultdict(list)
    for row in await at.services.db.run(work, write=False):
        found[row.section_key].append((row.value, row.reason))
    return found


async def judged(at: Desk, run_id: str) -> Counter[str]:
    """Section key or `document` → verdicts that were asked for."""
    steps = {found[0] for call in await at.journal(run_id) if (found := VERDICT.match(call.step))}
    return Counter(VERDICT.match(step)[1] for step in steps)  # type: ignore[index]


async def reviews(at: Desk, run_id: str) -> dict[str, dict[str, Any]]:
    """Section key → how its review ended; each was told once."""
    told = await at.services.db.run(lambda s: events.of_type(s, run_id, "reviewed"), write=False)
    found = {str(event.data["key"]): event.data for event in told}
    assert len(found) == len(told)
    return found


async def history(at: Desk, report: RunReport, key: str) -> Sequence[Revision]:
    """Every version of a section."""
    return list(
        await at.services.db.run(
            lambda s: revisions.history(s, report.document_id, key), write=False
        )
    )


async def check_review(at: Desk, report: RunReport, rounds: int) -> Versions:
    """All that a review promises, whatever the judge: bounded, the best kept, nothing leaks."""
    document, found = await at.document(report), await verdicts(at, report.run_id)
    check_document(document, report)
    assert (report.status, report.reason) == ("done", "")
    assert report.length_score >= 95
    told, stored = await reviews(at, report.run_id), await scores(at, report.run_id)
    assert found.keys() == {section.key for section in document.sections}
    assert told.keys() == stored.keys() == {*found, ""}
    for key, versions in found.items():
        qualities = [critique.quality for _, critique in versions]
        kept = told[key]["kept"]
        text, critique = versions[kept]
        assert len(versions) <= rounds + 1
        assert not any(other.better_than(critique, Level.MAJOR) for _, other in versions)
        assert stored[key] == [(qualities[kept], told[key]["why"])]
        assert (told[key]["before"], told[key]["after"]) == (qualities[0], qualities[kept])
        texts = [version.text.strip() for version in await history(at, report, key)]
        assert text in texts
        if not told[""]["rounds"]:  # else the whole's review may come to the same words again
            dropped = [other for other, _ in versions[kept + 1 :] if other != text]
            assert not set(dropped) & set(texts)
    assert all(SAID not in section.text for section in document.sections)
    check_cost(await at.journal(report.run_id), len(found), rounds)
    return found


def check_cost(journal: Sequence[StoredCall], sections: int, rounds: int) -> None:
    """The bound on calls that sections and rounds set."""
    steps = [call.step for call in journal if call.step.startswith("review/")]
    asked = {found[0] for step in steps if (found := VERDICT.match(step))}
    made = {found[0] for step in steps if (found := REVISION.match(step))}
    most_verdicts, most_revisions = (sections + 1) * (rounds + 1), (2 * rounds + 1) * sections
    assert len(asked) <= most_verdicts
    assert len(made) <= most_revisions
    repairs = LengthSettings().rounds * (1 + CONTINUED)
    assert len(steps) <= most_verdicts * MENDING + most_revisions * (1 + CONTINUED + repairs)


@pytest.mark.parametrize(
    ("judge", "rounds", "words", "language", "mode"),
    [
        one_call("complains", 1), one_call("contradicts", 3), one_call("nonsense", 1),
        *(one_call(judge, rounds, 1500, long=True)
          for judge in ("complains", "praises", "contradicts", "nonsense", "random")
          for rounds in (1, 3)),
        one_call("complains", 3, 1500, "zh", long=True),
        one_call("random", 3, 1500, "zh", long=True),
        one_call("fair", 3, 1500, mode="slips+no_schema", long=True),
        one_call("random", 3, 1500, mode="slips+broken_json", long=True),
    ],
)  # fmt: skip
async def test_no_judge_can_do_harm(
    tmp_path: Path, judge: str, rounds: int, words: int, language: str, mode: str
) -> None:
    """All the long ones together: about 50 s."""
    async with desk(tmp_path, judge=judge, mode=mode) as at:
        report = await at.write(language, words, rounds=rounds)
        found = await check_review(at, report, rounds)
    if judge == "nonsense":
        assert report.review.quality is None
        assert report.review.unscored == len(found)
        assert all(critique.quality is None for each in found.values() for _, critique in each)
        assert "could not be read" in str(report.review)
    else:
        assert report.review.quality is not None
        assert report.review.unscored == 0
    if judge == "praises":
        assert (report.review.quality, report.review.why) == (100, CLEAN)


@pytest.mark.parametrize(
    ("language", "mode"),
    [
        ("en", "slips"),
        ("zh", "slips"),
        pytest.param("en", "slips+no_schema", marks=pytest.mark.verify),
    ],
)
async def test_slips_are_mended_by_edits_and_all_else_stays(
    tmp_path: Path, language: str, mode: str
) -> None:
    settings = {"length": {"document_rounds": 0}}  # what a slipping writer adds there slips too
    async with desk(tmp_path, mode=mode, settings=settings) as at:
        report = await at.write(language, 500, rounds=1)
        found = await check_review(at, report, 1)
        document, told = await at.document(report), await reviews(at, report.run_id)
        versions, sent = [await history(at, report, key) for key in found], len(at.fake.calls)
    slip = SLIP[language == "zh"]
    assert not any(slip in section.text for section in document.sections)
    for key, judged in found.items():
        assert [critique.quality for _, critique in judged] == [50, 75]
        assert [slip in text for text, _ in judged] == [True, False]
        assert (told[key]["kept"], told[key]["why"]) == (1, MENDED)
    edited = [
        (old, new)
        for each in versions
        for old, new in zip(each, each[1:], strict=False)
        if new.kind == "edit"
    ]
    assert edited
    for old, new in edited:
        before, after = old.text.split(slip)
        assert new.text.startswith(before)
        assert new.text.endswith(after)
        assert len(new.call_ids) == 1
    assert report.review.revised == len(found)
    assert report.review.quality == 75
    assert report.calls == sent


async def test_without_rounds_nobody_is_asked(tmp_path: Path) -> None:
    async with desk(tmp_path, mode="slips") as at:
        report = await at.write(words=500, rounds=0)
        assert report.status == "done"
        assert not any(VERDICT.match(call.step) for call in await at.journal(report.run_id))
        assert await scores(at, report.run_id) == await reviews(at, report.run_id) == {}
    assert (report.review.quality, str(report.review)) == (None, "")


async def test_a_very_small_model_is_not_asked_and_says_so(tmp_path: Path) -> None:
    async with desk(tmp_path, endpoint={"compact": True}) as at:
        report = await at.write(words=500, rounds=1)
        assert not any("review/" in call.step for call in await at.journal(report.run_id))
        stored = await scores(at, report.run_id)
    assert report.status == "done"
    assert len(stored) == report.sections + 1
    assert {verdict for each in stored.values() for verdict in each} == {(None, TOO_SMALL)}
    assert (report.review.quality, report.review.unscored) == (None, report.sections)
