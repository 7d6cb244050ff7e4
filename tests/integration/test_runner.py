"""Runs that nobody works on are picked up by who serves; others are left alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.run import RunStatus
from services.runs.desk import Desk
from services.runs.runner import GRACE, Runner
from storage import documents, library, runs
from storage.base import LOCAL_OWNER, now
from storage.database import Database
from storage.holder import Holder
from storage.migrate import upgrade
from storage.orphans import orphans
from storage.tables import RunRow
from tests.door import Gate
from tests.support import desk as writing_place
from tests.support import open_services

ME = Holder.current()
DEAD = replace(ME, started=ME.started + 1)


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    database = Database.open(database_url)
    upgrade(database)
    yield database
    database.close()


def make(s: Session, status: RunStatus = RunStatus.QUEUED) -> str:
    document = documents.create(s, LOCAL_OWNER, "a title", {"prompt": "p"})
    run = runs.create(s, document.id, LOCAL_OWNER, "parallel", {})
    run.status = status.value
    return run.id


def test_who_is_picked_up(db: Database) -> None:
    found = db.run_sync(lambda s: [make(s, status) for status in RunStatus])
    by = dict(zip(RunStatus, found, strict=True))
    wanted = [by[status] for status in RunStatus if status.active]

    def ids(s: Session) -> list[str]:
        return [row.id for row in orphans(s, now() + dt.timedelta(seconds=1))]

    assert db.run_sync(ids) == wanted
    db.run_sync(lambda s: runs.claim(s, by[RunStatus.WRITING], ME))
    db.run_sync(lambda s: runs.claim(s, by[RunStatus.PLANNING], DEAD))
    assert db.run_sync(ids) == [run for run in wanted if run != by[RunStatus.WRITING]]
    trashed = db.run_sync(lambda s: runs.get(s, LOCAL_OWNER, by[RunStatus.CHECKING]).document_id)
    db.run_sync(lambda s: library.put(s, LOCAL_OWNER, trashed, "trash"))
    assert by[RunStatus.CHECKING] not in db.run_sync(ids)


def test_a_run_that_was_just_made_is_left_to_its_maker(db: Database) -> None:
    run_id = db.run_sync(make)
    assert db.run_sync(lambda s: list(orphans(s, now() - GRACE))) == []
    earlier = now() - 2 * GRACE
    db.run_sync(lambda s: s.execute(update(RunRow).values(created_at=earlier)))
    assert [row.id for row in db.run_sync(lambda s: orphans(s, now() - GRACE))] == [run_id]


async def test_what_one_server_left_the_next_one_finishes(tmp_path: Path) -> None:
    gate = Gate(3)
    async with writing_place(tmp_path, on_call=gate) as place:
        first = Desk(place.services.runs, place.services.documents, place.services.endpoints)
        run_id = await place.start()
        await first.resume(run_id)
        await gate.reached.wait()
        await first.close()
        report = await place.services.runs.report(run_id)
        assert RunStatus(report.status).active
        before = len(place.fake.calls)
        gate.open.set()
        second = Desk(place.services.runs, place.services.documents, place.services.endpoints)
        assert await Runner(second).look() == [run_id]
        assert await Runner(second).look() == []
        job = second.job(run_id)
        assert job is not None
        await job.end()
        assert (await place.services.runs.report(run_id)).status == "done"
        assert len(place.fake.calls) > before


@pytest.mark.parametrize("way", ["pause", "cancel"])
async def test_what_was_stopped_stays_stopped(tmp_path: Path, way: str) -> None:
    async with writing_place(tmp_path) as place:
        run_id = await place.start()
        await (place.services.runs.pause(run_id) if way == "pause"
               else place.services.runs.cancel(run_id))  # fmt: skip
        desk = Desk(place.services.runs, place.services.documents, place.services.endpoints)
        assert await Runner(desk).look() == []


async def test_a_run_with_another_command_lines_address_is_left(tmp_path: Path) -> None:
    """Its key was given there, and is nowhere else."""
    gate = Gate(3)
    async with writing_place(tmp_path, on_call=gate) as place:
        first = Desk(place.services.runs, place.services.documents, place.services.endpoints)
        run_id = await place.start()
        await first.resume(run_id)
        await gate.reached.wait()
        await first.close()
        gate.open.set()
    other = open_services(tmp_path, "http://127.0.0.1:9/v1")
    desk = Desk(other.runs, other.documents, other.endpoints)
    assert await Runner(desk).look() == []
    await other.close()
