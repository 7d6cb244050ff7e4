"""Runs on PostgreSQL: written, stopped and resumed, claimed by one process, through restarts."""

import asyncio
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from core.errors import ConflictError
from storage import events, runs
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.holder import Holder
from tests.fakes.calls import Call
from tests.postgres import Server, terminate
from tests.support import Desk, cancelled, check_document, desk, stored_hash


@pytest.fixture
def place(postgres_url: str) -> dict[str, Any]:
    """Settings that put everything on a PostgreSQL database."""
    return {"database_url": postgres_url}


async def numbers(at: Desk, run_id: str) -> list[int]:
    found = await at.services.db.run(lambda s: events.since(s, run_id), write=False)
    return [event.seq for event in found]


@pytest.mark.parametrize("strategy", ["parallel", "agentwrite"])
async def test_a_document_is_written(tmp_path: Path, place: dict[str, Any], strategy: str) -> None:
    async with desk(tmp_path, settings=place) as at:
        report = await at.write(words=800, strategy=strategy)
        document = await at.document(report)
        journal = await at.journal(report.run_id)
        seen = await numbers(at, report.run_id)
    assert (report.status, report.reason) == ("done", "")
    check_document(document, report)
    assert all(call.answered and stored_hash(call) == call.request_sha for call in journal)
    assert seen == list(range(1, len(seen) + 1))
    assert not (tmp_path / "longleaf.db").exists()


@pytest.mark.parametrize("strategy", ["parallel", "agentwrite"])
@pytest.mark.parametrize("n", [1, 2, 3])
async def test_a_run_stopped_at_any_call_ends_in_one_document(
    tmp_path: Path, place: dict[str, Any], strategy: str, n: int
) -> None:
    task: asyncio.Task[Any] | None = None

    async def stop(call: Call) -> None:
        if call.n == n and task is not None:
            task.cancel()

    async with desk(tmp_path, on_call=stop, settings=place) as at:
        run_id = await at.start(words=500, strategy=strategy)
        task = asyncio.create_task(at.carry_out(run_id))
        assert await cancelled(task)
        assert (await at.services.runs.report(run_id)).status == "cancelled"
        answered = {c.step: c.text for c in await at.journal(run_id) if c.answered}
    async with desk(tmp_path, settings=place) as later:
        report = await later.carry_out(run_id)
        document = await later.document(report)
        kept = {c.step: c.text for c in await later.journal(run_id)}
        seen = await numbers(later, run_id)
    assert report.status == "done"
    check_document(document, report)
    assert {step: kept[step] for step in answered} == answered
    assert seen == list(range(1, len(seen) + 1))


async def test_a_second_process_is_refused_and_a_stale_one_stops(
    tmp_path: Path, place: dict[str, Any]
) -> None:
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def wait(_: Call) -> None:
        arrived.set()
        await go_on.wait()

    elsewhere = Holder("elsewhere.invalid", 1, 1)
    async with (
        desk(tmp_path, on_call=wait, settings=place) as at,
        desk(tmp_path, settings=place) as other,
    ):
        run_id = await at.start(words=500)
        task = asyncio.create_task(at.carry_out(run_id))
        await arrived.wait()
        with pytest.raises(ConflictError, match="worked on"):
            await other.carry_out(run_id)

        def take(s: Any) -> Any:
            row = runs.get(s, LOCAL_OWNER, run_id)
            row.lease_until = row.created_at  # as if its process had not renewed it for long
            s.flush()
            return runs.claim(s, run_id, elsewhere)

        hold = await other.services.db.run(take)
        go_on.set()
        with pytest.raises(ConflictError, match="taken over"):
            await task
        await other.services.db.run(lambda s: runs.release(s, hold))
        report = await other.carry_out(run_id)
        document = await other.document(report)
        seen = await numbers(other, run_id)
    assert report.status == "done"
    check_document(document, report)
    assert seen == list(range(1, len(seen) + 1))


@pytest.mark.parametrize("strategy", ["parallel", "agentwrite"])
async def test_a_run_outlives_restarts_of_the_server(
    tmp_path: Path, place: dict[str, Any], postgres: Server, strategy: str
) -> None:
    async def restart(_: Call) -> None:
        await asyncio.to_thread(postgres.restart)

    async with desk(tmp_path, on_call=restart, settings=place) as at:
        run_id = await at.start(words=800, strategy=strategy)
        report = await at.carry_out(run_id)
        document, calls = await at.document(report), await at.journal(run_id)
        seen = await numbers(at, run_id)
    assert report.status == "done"
    check_document(document, report)
    assert all(call.answered for call in calls)
    assert seen == list(range(1, len(seen) + 1))


async def test_of_two_approvals_at_once_one_holds(tmp_path: Path, place: dict[str, Any]) -> None:
    async with desk(tmp_path, settings=place) as at:
        report = await at.write(words=800, approve="ask")
        plan = await at.services.runs.outline(report.run_id)
        assert plan is not None
        plans = [replace(plan, title=f"Title {number}") for number in range(4)]
        ended = await asyncio.gather(
            *(at.services.runs.approve(report.run_id, one) for one in plans),
            return_exceptions=True,
        )
        kept = await at.services.runs.outline(report.run_id)
    assert kept is not None
    held = [one for one, error in zip(plans, ended, strict=True) if error is None]
    assert held == [kept]
    assert all(isinstance(error, ConflictError) for error in ended if error is not None)


class Storm:
    """Cuts connections at statements, and before and after commits, as a seed says."""

    def __init__(self, db: Database, url: str, seed: int) -> None:
        self._rng, self._url, self._commit = random.Random(seed), url, db.engine.dialect.do_commit
        self.cuts = {"statement": 0, "before": 0, "after": 0}
        event.listen(db.engine, "before_cursor_execute", self._on_statement)

    def _on_statement(self, connection: Any, *_: Any) -> None:
        self._cut("statement", 0.02, connection.connection)

    def commit(self, connection: Any) -> None:
        """Stands in for the dialect's COMMIT."""
        self._cut("before", 0.1, connection)
        self._commit(connection)
        if self._cut("after", 0.1, connection):
            connection.execute("SELECT 1")  # so that the answer is lost, not only the connection

    def _cut(self, moment: str, chance: float, connection: Any) -> bool:
        if self._rng.random() > chance:
            return False
        self.cuts[moment] += 1
        terminate(self._url, connection.dbapi_connection.info.backend_pid)
        return True


SEEDS = [pytest.param(seed, marks=pytest.mark.verify) for seed in range(1, 6)]


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_run_outlives_connections_cut_anywhere(
    tmp_path: Path, postgres_url: str, place: dict[str, Any], seed: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    async with desk(tmp_path, settings=place) as at:
        db = at.services.db
        storm = Storm(db, postgres_url, seed)
        run_id = await at.start(words=800, strategy=["parallel", "agentwrite"][seed % 2])
        with monkeypatch.context() as patch:
            patch.setattr(db.engine.dialect, "do_commit", storm.commit)
            report = await at.carry_out(run_id)
        document, calls = await at.document(report), await at.journal(run_id)
        seen = await numbers(at, run_id)
        sent = len(at.fake.calls)
    assert min(storm.cuts.values()) > 0, storm.cuts
    assert (report.status, report.reason) == ("done", "")
    check_document(document, report)
    assert len(calls) == report.calls == sent
    assert seen == list(range(1, len(seen) + 1))
