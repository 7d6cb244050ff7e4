"""Plans that a person wants to see first: nothing is written before, and exactly that after."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from agents.planner.contracts import rebalanced
from core.errors import ConflictError
from domain.outline.plan import Outline, Part, SectionPlan
from domain.run import RunStatus
from tests.fakes.calls import Call
from tests.support import Desk, check_document, desk, section_calls


async def waiting(at: Desk, words: int = 1200, strategy: str = "parallel") -> tuple[str, Outline]:
    """A run that waits for approval, and its plan."""
    report = await at.write(words=words, strategy=strategy, approve="ask")
    assert report.status == RunStatus.AWAITING_APPROVAL
    outline = await at.services.runs.outline(report.run_id)
    assert outline is not None
    return report.run_id, outline


@pytest.mark.parametrize("words", [1200, 8000])
async def test_asking_stops_at_the_whole_plan(tmp_path: Path, words: int) -> None:
    async with desk(tmp_path) as at:
        report = await at.write(words=words, approve="ask")
        outline = await at.services.runs.outline(report.run_id)
        document = await at.document(report)
        assert report.status == "awaiting_approval"
        assert outline is not None
        assert outline.planned
        assert sum(section.target for section in outline.sections) == words
        assert document.markdown == ""
        assert {section.status.value for section in document.sections} == {"planned"}
        assert section_calls(at.fake) == []
        again = await at.carry_out(report.run_id)
        assert again.status == "awaiting_approval"
        assert section_calls(at.fake) == []


@pytest.mark.parametrize("strategy", ["parallel", "agentwrite"])
async def test_an_approved_plan_is_written_as_it_is(tmp_path: Path, strategy: str) -> None:
    async with desk(tmp_path) as at:
        run_id, outline = await waiting(at, strategy=strategy)
        await at.services.runs.approve(run_id)
        report = await at.carry_out(run_id)
        document = await at.document(report)
    assert report.status == "done"
    assert report.accepted
    assert document.outline == outline
    check_document(document, report)


@pytest.mark.parametrize("strategy", ["parallel", "agentwrite"])
async def test_an_edited_plan_is_written_exactly(tmp_path: Path, strategy: str) -> None:
    async with desk(tmp_path) as at:
        run_id, outline = await waiting(at, strategy=strategy)
        first, second, third, fourth = outline.parts
        own = SectionPlan("mine", "Wrecks And Their Uses", "Wrecks teach builders.", 200)
        added = Part("mine", own.heading, own.point, own.target, (own,))
        changed = replace(
            outline, title="Power From The Sea", parts=(third, added, first, fourth), source="user"
        )
        changed = rebalanced(changed, outline.target)
        await at.services.runs.approve(run_id, changed)
        report = await at.carry_out(run_id)
        document = await at.document(report)
        written = [call.heading for call in section_calls(at.fake)]
    assert report.status == "done"
    assert report.outline_from == "user"
    assert report.accepted
    assert document.outline == changed
    assert document.markdown.startswith("# Power From The Sea\n")
    assert second.heading not in document.markdown
    assert sorted(written) == sorted(part.heading for part in changed.parts)
    assert [section.target for section in document.sections] == [p.target for p in changed.parts]
    check_document(document, report)


async def test_a_retargeted_section_gets_its_new_length(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        run_id, outline = await waiting(at)
        targets = [600, 200, 200, 200]
        parts = tuple(
            replace(part, target=t, sections=(replace(part.sections[0], target=t),))
            for part, t in zip(outline.parts, targets, strict=True)
        )
        await at.services.runs.approve(run_id, replace(outline, parts=parts))
        report = await at.carry_out(run_id)
        document = await at.document(report)
    assert report.status == "done"
    for section, target in zip(document.sections, targets, strict=True):
        assert section.target == target
        assert abs(section.words - target) <= max(12, target // 10)


async def test_an_unsound_plan_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        run_id, outline = await waiting(at)
        for broken in (
            replace(outline, parts=()),
            replace(outline, target=outline.target + 1),
            replace(outline, parts=(*outline.parts, outline.parts[0])),
            replace(outline, parts=(replace(outline.parts[0], heading=" "), *outline.parts[1:])),
        ):
            with pytest.raises(ConflictError):
                await at.services.runs.approve(run_id, broken)
        assert await at.services.runs.outline(run_id) == outline
        assert (await at.services.runs.report(run_id)).status == "awaiting_approval"


async def test_approving_what_is_done_is_a_conflict(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        run_id, outline = await waiting(at)
        await at.services.runs.approve(run_id)
        await at.carry_out(run_id)
        for plan in (None, outline):
            with pytest.raises(ConflictError, match="done"):
                await at.services.runs.approve(run_id, plan)


async def test_approving_a_run_at_work_is_a_conflict(tmp_path: Path) -> None:
    arrived = asyncio.Event()

    async def note(call: Call) -> None:
        arrived.set()

    async with desk(tmp_path, on_call=note) as at:
        run_id = await at.start(approve="ask")
        at.fake.pause()
        work = asyncio.create_task(at.carry_out(run_id))
        await arrived.wait()
        with pytest.raises(ConflictError, match="planning"):
            await at.services.runs.approve(run_id)
        with pytest.raises(ConflictError, match="worked on"):
            await at.carry_out(run_id)
        at.fake.resume()
        assert (await work).status == "awaiting_approval"


async def test_approving_twice_changes_nothing(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        run_id, outline = await waiting(at)
        await at.services.runs.approve(run_id)
        await at.services.runs.approve(run_id)  # as after a crash between approving and going on
        with pytest.raises(ConflictError, match="approved already"):
            await at.services.runs.approve(run_id, replace(outline, title="Another title"))
        assert await at.services.runs.outline(run_id) == outline
