"""Stopping a run: from the process that works on it, from another one, or when nobody does."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.errors import ConflictError
from services.runs import worker
from storage.tables import RunRow
from tests.support import cancelled, desk


def lease(s: Session) -> object:
    return s.scalars(sa.select(RunRow.lease_until)).one()


async def test_a_run_that_nobody_works_on_stops_at_once_and_can_go_on(tmp_path: Path) -> None:
    async with desk(tmp_path) as made:
        run_id = await made.start(words=600)
        report = await made.services.runs.cancel(run_id)
        assert report.status == "cancelled"
        assert (await made.carry_out(run_id)).status == "done"


async def test_a_finished_run_cannot_be_stopped(tmp_path: Path) -> None:
    async with desk(tmp_path) as made:
        run_id = await made.start(words=600)
        await made.carry_out(run_id)
        with pytest.raises(ConflictError):
            await made.services.runs.cancel(run_id)


async def test_a_run_at_work_sees_the_wish_and_keeps_what_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As another process would ask: by the flag in the database alone."""
    monkeypatch.setattr(worker, "LOOK_EVERY", 0.01)
    asked = asyncio.Event()

    async def hold_the_third(call: object) -> None:
        if getattr(call, "n", 0) == 3:
            asked.set()
            await asyncio.Event().wait()

    async with desk(tmp_path, on_call=hold_the_third) as made:
        run_id = await made.start(words=800, strategy="agentwrite")
        work = asyncio.create_task(made.carry_out(run_id))
        await asked.wait()
        await made.services.runs.cancel(run_id)
        with pytest.raises(asyncio.CancelledError):
            await work
        report = await made.services.runs.report(run_id)
        assert report.status == "cancelled"
        assert report.sections_written == 1


async def test_a_run_at_work_keeps_its_lease(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LOOK_EVERY", 0.001)
    leases: set[object] = set()

    async def until_it_is_renewed(call: object) -> None:
        while len(leases) < 2:
            leases.add(await made.services.db.run(lease, write=False))

    async with desk(tmp_path, on_call=until_it_is_renewed) as made:
        assert (await made.write(words=300)).status == "done"


async def test_a_run_cancelled_while_it_is_claimed_is_free_at_once(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        run_id = await at.start(words=300)
        models = await at.services.endpoints.models()
        task = asyncio.create_task(at.services.runs.carry_out(run_id, models))
        await asyncio.sleep(0)
        task.cancel()
        assert await cancelled(task)
        report = await at.carry_out(run_id)
    assert report.status == "done"
