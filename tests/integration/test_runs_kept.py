"""A run that its user was told of is kept, whatever its endpoint says later."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import AuthError
from tests.support import desk


async def test_an_approved_outline_outlives_a_refused_key(tmp_path: Path) -> None:
    faults = dict.fromkeys(range(1, 60), "empty")
    async with desk(tmp_path, faults=faults) as at:
        run_id = await at.start(words=800, approve="ask")
        waiting = await at.carry_out(run_id)
        assert (waiting.status, waiting.outline_from) == ("awaiting_approval", "fallback")
        outline = await at.services.runs.outline(run_id)
        assert outline is not None
        await at.services.runs.approve(run_id, replace(outline, title="A Title Of My Own"))
        faults.update(dict.fromkeys(range(1, 200), "bad_key"))
        paused = await at.carry_out(run_id)
        kept = await at.services.runs.outline(run_id)
        faults.clear()
        report = await at.carry_out(run_id)
        document = await at.document(report)
    assert (paused.status, paused.reason_kind) == ("paused", "auth")
    assert kept is not None
    assert kept.title == "A Title Of My Own"
    assert report.status == "done"
    assert document.outline is not None
    assert document.outline.title == "A Title Of My Own"


@pytest.mark.parametrize("stop", ["pause", "cancel"])
async def test_a_run_stopped_before_its_first_call_outlives_a_refused_key(
    tmp_path: Path, stop: str
) -> None:
    async with desk(tmp_path, faults=dict.fromkeys(range(1, 60), "bad_key")) as at:
        run_id = await at.start(words=800)
        await getattr(at.services.runs, stop)(run_id)
        assert (await at.carry_out(run_id)).status == "paused"
        assert (await at.carry_out(run_id)).status == "paused"
        other = await at.start(words=800)
        with pytest.raises(AuthError):
            await at.carry_out(other)
        assert [run.run_id for run in await at.services.runs.newest()] == [run_id]


async def test_a_run_stopped_after_a_pause_no_longer_tells_of_the_pause(tmp_path: Path) -> None:
    async with desk(tmp_path, faults=dict.fromkeys(range(2, 60), "quota")) as at:
        paused = await at.write(words=800)
        stopped = await at.services.runs.cancel(paused.run_id)
        told = await at.services.runs.events(paused.run_id)
    assert (paused.reason_kind, paused.exit_code) == ("quota", 14)
    assert paused.remedy
    assert (stopped.reason_kind, stopped.remedy, stopped.exit_code) == ("", "", 130)
    assert told[-1].data["status"] == "cancelled"
