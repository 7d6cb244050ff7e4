"""One section of a finished document: written anew as asked, locked, unlocked."""

from pathlib import Path

import pytest

from core.errors import ConflictError, NotFoundError, RequestError
from storage import edits, revisions
from storage.base import LOCAL_OWNER
from tests.fakes.calls import Call
from tests.integration.test_journal_replay import Stopper
from tests.support import Desk, check_document, desk, section_calls, user_text

ASK = "Less history and more about what it costs."


async def texts(at: Desk, document_id: str) -> dict[str, str]:
    """Every section's text."""
    return {s.key: s.text for s in (await at.services.documents.get(document_id)).sections}


@pytest.mark.parametrize("strategy", ["parallel", "agentwrite"])
async def test_only_that_section_changes_and_its_old_text_is_kept(
    tmp_path: Path, strategy: str
) -> None:
    async with desk(tmp_path) as at:
        first = await at.write(words=1200, strategy=strategy)
        before = await texts(at, first.document_id)
        made = len(at.fake.calls)
        run_id = await at.services.sections.redo(first.document_id, "2", f"  {ASK} ")
        assert await texts(at, first.document_id) == before
        report = await at.carry_out(run_id)
        after = await texts(at, first.document_id)
        (call,) = [call for call in at.fake.calls[made:] if "Write section" in user_text(call)]
        kept = await at.services.db.run(
            lambda s: revisions.history(s, first.document_id, "2"), write=False
        )
        document = await at.document(report)
    assert (report.status, report.document_id) == ("done", first.document_id)
    assert report.run_id != first.run_id
    assert {key for key in before if before[key] != after[key]} == {"2"}
    assert before["2"] in [revision.text for revision in kept]
    assert ASK in user_text(call)
    assert before["2"] in user_text(call)
    assert report.length_score >= 98
    assert all(section.status.value == "sealed" for section in document.sections)
    check_document(document, report)


async def test_a_redo_that_is_stopped_keeps_the_old_text_and_goes_on(tmp_path: Path) -> None:
    stop = Stopper(10_000)
    async with desk(tmp_path, on_call=stop) as at:
        first = await at.write(words=800)
        before = await texts(at, first.document_id)
        stop.at = len(at.fake.calls) + 1
        run_id = await at.services.sections.redo(first.run_id, "1", ASK)
        assert await stop.run(at, run_id)
        assert await texts(at, first.document_id) == before
        report = await at.carry_out(run_id)
        after = await texts(at, first.document_id)
    assert report.status == "done"
    assert {key for key in before if before[key] != after[key]} == {"1"}


async def test_a_redo_that_fails_keeps_the_old_text(tmp_path: Path) -> None:
    faults: dict[int, str] = {}

    async def spoil(call: Call) -> None:
        if ASK in user_text(call):
            faults[call.n] = "filter"

    async with desk(tmp_path, faults=faults, on_call=spoil) as at:
        first = await at.write(words=800)
        before = await texts(at, first.document_id)
        run_id = await at.services.sections.redo(first.document_id, "3", ASK)
        report = await at.carry_out(run_id)
        assert report.status == "failed"
        assert "3" in report.reason
        assert await texts(at, first.document_id) == before
        faults.clear()
        again = await at.services.sections.redo(first.document_id, "3", "Shorter sentences.")
        assert (await at.carry_out(again)).status == "done"
        assert (await texts(at, first.document_id))["3"] != before["3"]


async def test_a_locked_section_is_left_alone(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        report = await at.write(words=800)
        sections = at.services.sections
        assert (await sections.lock(report.document_id, "2")).locked
        with pytest.raises(ConflictError, match="locked") as caught:
            await sections.redo(report.document_id, "2", ASK)
        assert "--unlock" in caught.value.remedy
        assert (await sections.unlock(report.document_id, "2")).status.value == "sealed"
        assert await sections.redo(report.document_id, "2", ASK)


async def test_a_section_that_a_person_writes_during_the_run_is_theirs(tmp_path: Path) -> None:
    mine = "My own words, and nobody else's."

    async def take(call: Call) -> None:
        if "Write section 2 now" in user_text(call):
            await at.services.db.run(
                lambda s: edits.write(s, LOCAL_OWNER, document_id, "2", mine, 6)
            )

    async with desk(tmp_path, on_call=take) as at:
        run_id = await at.start(words=800)
        document_id = (await at.services.runs.report(run_id)).document_id
        report = await at.carry_out(run_id)
        document = await at.document(report)
    assert (report.status, report.reason) == ("done", "")
    assert [s.text for s in document.sections if s.locked] == [mine]


async def test_what_cannot_be_redone_is_refused(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        run_id = await at.start(words=800)
        report = await at.services.runs.report(run_id)
        with pytest.raises(NotFoundError, match="'1'"):
            await at.services.sections.redo(report.document_id, "1", ASK)
        await at.carry_out(run_id)
        for key, instruction, error in (
            ("9", ASK, NotFoundError),
            ("1", " \n", RequestError),
            ("1", "x" * 10_001, RequestError),
        ):
            with pytest.raises(error):
                await at.services.sections.redo(report.document_id, key, instruction)
        with pytest.raises(NotFoundError):
            await at.services.sections.redo("doc_none", "1", ASK)
        assert len(await at.services.runs.newest()) == 1


@pytest.mark.parametrize("fault", ["bad_key", "quota", "filter"])
async def test_a_redo_without_any_answer_costs_nothing(tmp_path: Path, fault: str) -> None:
    faults: dict[int, str] = {}
    async with desk(tmp_path, faults=faults) as at:
        first = await at.write(words=800)
        before = await texts(at, first.document_id)
        faults.update(dict.fromkeys(range(len(at.fake.calls) + 1, 100), fault))
        run_id = await at.services.sections.redo(first.document_id, "2", ASK)
        report = await at.carry_out(run_id)
        assert report.status == ("failed" if fault == "filter" else "paused")
        assert await texts(at, first.document_id) == before
        faults.clear()
        assert (await at.carry_out(run_id)).status == "done"
        after = await texts(at, first.document_id)
    assert {key for key in before if before[key] != after[key]} == {"2"}


async def test_a_redo_goes_on_though_another_run_has_sealed_its_section(tmp_path: Path) -> None:
    faults: dict[int, str] = {}
    async with desk(tmp_path, faults=faults) as at:
        first = await at.write(words=800)
        faults.update(dict.fromkeys(range(len(at.fake.calls) + 1, 100), "quota"))
        late = await at.services.sections.redo(first.document_id, "2", ASK)
        assert (await at.carry_out(late)).status == "paused"
        faults.clear()
        other = await at.services.sections.redo(first.document_id, "1", "Shorter sentences.")
        assert (await at.carry_out(other)).status == "done"
        before = await texts(at, first.document_id)
        assert (await at.carry_out(late)).status == "done"
        after = await texts(at, first.document_id)
    assert {key for key in before if before[key] != after[key]} == {"2"}


async def test_two_runs_never_work_on_one_document(tmp_path: Path) -> None:
    faults: dict[int, str] = {}
    refused: list[str] = []

    async def meanwhile(call: Call) -> None:
        if "Shorter sentences." in user_text(call):
            with pytest.raises(ConflictError, match="being worked on") as caught:
                await at.carry_out(late)
            refused.append(caught.value.message)

    async with desk(tmp_path, faults=faults, on_call=meanwhile) as at:
        first = await at.write(words=800)
        faults.update(dict.fromkeys(range(len(at.fake.calls) + 1, 100), "quota"))
        late = await at.services.sections.redo(first.document_id, "2", ASK)
        assert (await at.carry_out(late)).status == "paused"
        faults.clear()
        other = await at.services.sections.redo(first.document_id, "1", "Shorter sentences.")
        assert (await at.carry_out(other)).status == "done"
        assert other in refused[0]
        assert (await at.carry_out(late)).status == "done"


async def test_a_section_locked_for_a_moment_is_redone_at_the_next_try(tmp_path: Path) -> None:
    async def lock_and_unlock(call: Call) -> None:
        if ASK in user_text(call) and len(at.fake.calls) == begun + 1:
            await at.services.sections.lock(first.document_id, "2")
            await at.services.sections.unlock(first.document_id, "2")

    begun = 1000
    async with desk(tmp_path, on_call=lock_and_unlock) as at:
        first = await at.write(words=800)
        before = await texts(at, first.document_id)
        begun = len(at.fake.calls)
        run_id = await at.services.sections.redo(first.document_id, "2", ASK)
        await at.carry_out(run_id)
        report = await at.carry_out(run_id)
        after = await texts(at, first.document_id)
    assert report.status == "done"
    assert {key for key in before if before[key] != after[key]} == {"2"}


async def test_a_section_that_failed_is_tried_again_with_an_instruction(tmp_path: Path) -> None:
    async with desk(tmp_path, mode="refuse", tries=3) as made:
        first = await made.write(words=600)
        assert first.status == "failed"
        failed = [x.key for x in first.section_reports if x.status == "failed"]
        sections = made.services.sections
        run_id = await sections.redo(first.document_id, failed[0], "Say it with kestrels.")
        assert run_id == first.run_id
        last = await made.carry_out(run_id)
        assert (last.status, last.accepted) == ("done", True)
        told = [x for x in section_calls(made.fake) if "Say it with kestrels." in user_text(x)]
        assert len(told) == 1
        assert f"Write section {failed[0]} now" in user_text(told[0])
