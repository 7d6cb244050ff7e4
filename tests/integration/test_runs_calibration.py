"""What a model made of earlier lengths decides what it is asked for."""

from pathlib import Path

import pytest

from services.runs.reports import RunReport
from tests.support import Desk, check_document, desk, user_text


async def shares(at: Desk, report: RunReport) -> list[float]:
    """For each section, in order, what its first prompt asks for over its target."""
    document, found = await at.document(report), []
    calls = {call.step: call for call in await at.journal(report.run_id)}
    for section in document.sections:
        call = calls[f"section/{section.key}/write/1"]
        asked = int(call.context["asked"])
        assert str(asked) in user_text(call)
        found.append(asked / section.target)
    return found


@pytest.mark.parametrize(("mode", "share", "language"), [("short", 2.0, "zh"), ("long", 0.5, "en")])
async def test_later_documents_need_less_repair(
    tmp_path: Path, mode: str, share: float, language: str
) -> None:
    async with desk(tmp_path, mode=mode) as at:
        reports = [await at.write(language, words=3000) for _ in range(4)]
        first, second, _, last = reports
        document = await at.document(last)
        asked = await shares(at, second)
    assert last.calls <= 0.75 * first.calls
    assert min(report.length_score for report in reports) >= 98
    assert all((each > share) if mode == "short" else (each < share) for each in asked)
    check_document(document, last)


async def test_a_model_that_obeys_is_asked_for_what_is_wanted(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        both = [await at.write(words=2000) for _ in range(2)]
        asked = [share for run in both for share in await shares(at, run)]
    assert all(0.95 < share <= 1 for share in asked)


async def test_without_calibration_nothing_is_learnt_or_used(tmp_path: Path) -> None:
    async with desk(tmp_path, mode="short") as at:
        plain = [await at.write(words=2000, calibrate=False) for _ in range(2)]
        asked = [share for run in plain for share in await shares(at, run)]
        later = await shares(at, await at.write(words=2000))
    assert all(0.9 < share <= 1 for share in asked)
    assert min(later) <= 1  # what is asked first can be learnt from no other section of the run


async def test_it_learns_within_a_run_where_sections_follow_each_other(tmp_path: Path) -> None:
    async with desk(tmp_path, mode="short") as at:
        report = await at.write(words=4000, strategy="agentwrite")
        asked = await shares(at, report)
    assert asked[0] <= 1 < 1.5 < asked[-1]
    assert report.length_score >= 98


async def test_a_refusal_teaches_nothing_about_lengths(tmp_path: Path) -> None:
    async with desk(tmp_path, mode="refuse", tries=1) as at:
        report = await at.write(words=3000, strategy="agentwrite")
        document = await at.document(report)
        calls = {call.step: call for call in await at.journal(report.run_id)}
    assert report.length_score >= 98
    for section in document.sections:
        assert int(calls[f"section/{section.key}/write/2"].context["asked"]) < 1.3 * section.target
