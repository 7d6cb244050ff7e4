"""What is removed from the journal when runs are done, and how the file shrinks."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pysqlite3
import pytest
import sqlalchemy as sa

from domain.run import RunStatus
from llm.types import ModelRequest
from storage import space
from storage.base import now
from storage.database import Database
from storage.retention import Prunable
from storage.tables import CallRow, RunRow
from tests.support import Desk, check_document, desk

DAY = dt.timedelta(days=1)
STAYS = ("id", "step", "attempt", "role", "request_sha", "prompt_name", "prompt_version",
         "prompt_sha", "context", "model", "sends", "finish", "prompt_tokens",
         "completion_tokens", "seconds", "created_at", "answered_at")  # fmt: skip


async def calls(at: Desk, run_id: str) -> list[CallRow]:
    query = sa.select(CallRow).where(CallRow.run_id == run_id).order_by(CallRow.id)
    return await at.services.db.run(lambda s: list(s.scalars(query)), write=False)


async def age(at: Desk, run_id: str, by: dt.timedelta) -> None:
    """Make a run look as if nothing had happened to it for that long."""
    change = sa.update(RunRow).where(RunRow.id == run_id).values(updated_at=now() - by)
    await at.services.db.run(lambda s: s.execute(change))


async def test_texts_go_and_everything_else_stays(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        report = await at.write(words=300)
        document, before = await at.document(report), await calls(at, report.run_id)
        held = sum(len(row.text or "") for row in before)
        expected = await at.services.housekeeping.prunable()
        assert (expected.runs, expected.calls) == (1, len(before))
        assert expected.characters > held
        assert await at.services.housekeeping.prune(dt.timedelta()) == expected
        after = await calls(at, report.run_id)
        assert {(row.text, row.error_message) for row in after} == {(None, "")}
        assert [row.request for row in after] == [{}] * len(before)
        for name in STAYS:
            assert [getattr(row, name) for row in after] == [getattr(row, name) for row in before]
        assert [ModelRequest.from_dict(row.request).sha256 for row in before] == [
            row.request_sha for row in after
        ]
        assert await at.services.runs.report(report.run_id) == report
        assert await at.document(report) == document
        check_document(await at.document(report), report)
        assert await at.services.housekeeping.prune(dt.timedelta()) == Prunable()
        assert await at.services.housekeeping.prunable() == Prunable()


@pytest.mark.parametrize("status", [status for status in RunStatus if status.resumable])
async def test_a_run_that_can_be_gone_on_with_keeps_everything(
    tmp_path: Path, status: RunStatus
) -> None:
    async with desk(tmp_path) as at:
        report = await at.write(words=200)
        change = sa.update(RunRow).values(status=status.value)
        await at.services.db.run(lambda s: s.execute(change))
        assert await at.services.housekeeping.prune(dt.timedelta()) == Prunable()
        assert all(row.request for row in await calls(at, report.run_id))


async def test_only_old_runs_are_pruned(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        old, new = await at.write(words=200), await at.write(words=200)
        await age(at, old.run_id, 31 * DAY)
        await age(at, new.run_id, 29 * DAY)
        pruned = await at.services.housekeeping.prune(30 * DAY)
        assert pruned.runs == 1
        assert not any(row.request for row in await calls(at, old.run_id))
        assert all(row.request for row in await calls(at, new.run_id))


async def test_the_setting_prunes_when_a_run_has_ended(tmp_path: Path) -> None:
    async with desk(tmp_path, settings={"retention": {"answers_days": 30}}) as at:
        old = await at.write(words=200)
        await age(at, old.run_id, 31 * DAY)
        new = await at.write(words=200)
        assert not any(row.request for row in await calls(at, old.run_id))
        assert all(row.request for row in await calls(at, new.run_id))


async def test_nothing_is_pruned_unless_the_user_says_so(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        old = await at.write(words=200)
        await age(at, old.run_id, 3000 * DAY)
        await at.services.housekeeping.tidy()
        assert all(row.request for row in await calls(at, old.run_id))


# Space


async def test_the_file_shrinks_by_what_was_removed(tmp_path: Path) -> None:
    file = tmp_path / "longleaf.db"
    async with desk(tmp_path) as at:
        await _fill(at.services.db, 400)
        before = space.space(at.services.db)
        await at.services.db.run(lambda s: s.execute(sa.text("DELETE FROM ballast")))
        assert space.space(at.services.db).free > before.database / 2
        await at.services.housekeeping.tidy()
        after = space.space(at.services.db)
        assert after.free == 0
        assert after.database < before.database / 2
        assert (file.stat().st_size, after.log) == (after.database, 0)
        assert space.problems(at.services.db) == []


async def test_a_file_of_an_older_version_is_rewritten_once(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    raw = pysqlite3.connect(str(path))
    raw.execute("PRAGMA auto_vacuum=NONE")
    raw.execute("CREATE TABLE ballast (x)")
    raw.executemany("INSERT INTO ballast VALUES (?)", [("y" * 5000,)] * 200)
    raw.execute("DELETE FROM ballast")
    raw.commit()
    raw.close()
    db = Database.open(path)
    try:
        assert space.space(db).free > 500_000
        assert space.give_back(db)
        assert space.space(db).free == 0
        assert path.stat().st_size < 50_000
        assert b"yyyyyyyyyy" not in path.read_bytes()
    finally:
        db.close()


async def test_the_log_is_emptied_only_where_nobody_reads(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        db = at.services.db
        await _fill(db, 50)
        reader = pysqlite3.connect(str(tmp_path / "longleaf.db"), isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM ballast").fetchone()
        await _fill(db, 50)
        assert not space.empty_log(db)
        assert space.space(db).log > 0
        reader.close()
        assert space.empty_log(db)
        assert os.stat(f"{tmp_path}/longleaf.db-wal").st_size == 0


async def test_damage_inside_the_file_is_found(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await _fill(at.services.db, 100)
        at.services.db.close()
        file = tmp_path / "longleaf.db"
        data = bytearray(file.read_bytes())
        data[-40_000:-30_000] = b"\x5a" * 10_000
        file.write_bytes(data)
        damaged = Database.open(file)
        try:
            assert space.problems(damaged)
        finally:
            damaged.close()


async def _fill(db: Database, rows: int) -> None:
    def work(s: sa.orm.Session) -> None:
        s.execute(sa.text("CREATE TABLE IF NOT EXISTS ballast (x TEXT)"))
        s.execute(sa.text("INSERT INTO ballast VALUES (:x)"), [{"x": "z" * 3000}] * rows)

    await db.run(work)
