"""Two processes on one run, or on one database: one document each, nothing lost, no late word."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import signal
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.base import now
from storage.database import Database
from storage.tables import CallRow, EventRow, RevisionRow, RunRow
from tests.e2e.kill_judge import check_rows, opened, snapshot
from tests.e2e.support_cli import TIMEOUT, assert_refused, at, finish, run, soundness, start
from tests.fakes.calls import Call
from tests.fakes.endpoint import run_in_thread

OPTIONS = ("--words", "1200", "--strategy", "agentwrite", "--seed", "1", "--json")
PROMPT = "A report about tidal power"


class Hold:
    """An `on_call` hook that keeps one call waiting until it is let go."""

    def __init__(self, n: int) -> None:
        self._n = n
        self._come, self._let = threading.Event(), threading.Event()

    async def __call__(self, call: Call) -> None:
        if call.n == self._n:
            self._come.set()
            await asyncio.to_thread(self._let.wait, TIMEOUT)

    def wait(self) -> None:
        """Wait until the call is there."""
        assert self._come.wait(TIMEOUT), f"call {self._n} never came"

    def let_go(self) -> None:
        self._let.set()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


async def test_a_second_process_on_a_run_is_refused_and_disturbs_nothing(home: Path) -> None:
    hold = Hold(3)
    with run_in_thread(on_call=hold) as endpoint:
        first = start(home, "write", PROMPT, *OPTIONS, *at(endpoint))
        try:
            hold.wait()
            with opened(home / "longleaf.db") as db:
                run_id = snapshot(db).run_id
                second = run(home, "write", "--resume", run_id, "--json", *at(endpoint))
                assert_refused(second, 4, "being worked on by process", str(first.pid), "--cancel")
                hold.let_go()
                done = finish(first)
                assert done.code == 0, done.err
                assert done.json["calls"] == len(endpoint.calls)
                await check_rows(db, run_id)
        finally:
            hold.let_go()
            first.kill()
            first.wait()


def _expire(db: Database, run_id: str) -> None:
    """Make the run look like one that another machine holds, and its lease run out."""

    def work(s: sa.orm.Session) -> None:
        row = s.get(RunRow, run_id)
        assert row is not None
        assert row.lease_holder is not None
        row.lease_holder = {**row.lease_holder, "host": "elsewhere.invalid"}
        row.lease_until = now() - dt.timedelta(seconds=1)

    db.run_sync(work)


def _rows(db: Database) -> dict[str, list[object]]:
    """All text, calls and events there are."""
    columns = {
        "revisions": sa.select(RevisionRow.id, RevisionRow.text),
        "calls": sa.select(CallRow.id, CallRow.text, CallRow.sends, CallRow.error_kind),
        "events": sa.select(EventRow.run_id, EventRow.seq, EventRow.type),
        "runs": sa.select(RunRow.id, RunRow.status, RunRow.fence, RunRow.seconds),
    }
    return db.run_sync(
        lambda s: {name: [tuple(row) for row in s.execute(q)] for name, q in columns.items()},
        write=False,
    )


@pytest.mark.parametrize("n", [pytest.param(1, marks=pytest.mark.verify), 3])
async def test_a_holder_that_wakes_up_too_late_changes_nothing(home: Path, n: int) -> None:
    """It sleeps in its n-th call; another takes the run over and ends it; then it goes on."""
    hold = Hold(n)
    with run_in_thread(on_call=hold) as endpoint:
        sleeper = start(home, "write", PROMPT, *OPTIONS, *at(endpoint))
        try:
            hold.wait()
            sleeper.send_signal(signal.SIGSTOP)
            with opened(home / "longleaf.db") as db:
                run_id = snapshot(db).run_id
                _expire(db, run_id)
                done = run(home, "write", "--resume", run_id, "--json", *at(endpoint))
                assert done.code == 0, done.err
                before = _rows(db)
                hold.let_go()
                sleeper.send_signal(signal.SIGCONT)
                late = finish(sleeper)
                assert late.code == 4, late.err
                assert "taken over by another process" in late.err.splitlines()[-1]
                assert late.out == ""
                assert _rows(db) == before
                report = await check_rows(db, run_id)
                assert report.calls == done.json["calls"] == len(endpoint.calls)
        finally:
            hold.let_go()
            sleeper.kill()
            sleeper.wait()
    assert soundness(home) == "ok"


@pytest.mark.verify
async def test_a_holder_that_wakes_up_while_another_works_is_refused(home: Path) -> None:
    """Both live at the same time: the late answer is for the one whose fence holds."""
    held = {3: Hold(3), 5: Hold(5)}

    async def on_call(call: Call) -> None:
        if call.n in held:
            await held[call.n](call)

    with run_in_thread(on_call=on_call) as endpoint:
        sleeper = start(home, "write", PROMPT, *OPTIONS, *at(endpoint))
        other = None
        try:
            held[3].wait()
            sleeper.send_signal(signal.SIGSTOP)
            with opened(home / "longleaf.db") as db:
                run_id = snapshot(db).run_id
                _expire(db, run_id)
                other = start(home, "write", "--resume", run_id, "--json", *at(endpoint))
                held[5].wait()
                held[3].let_go()
                sleeper.send_signal(signal.SIGCONT)
                late = finish(sleeper)
                assert late.code == 4, late.err
                assert "taken over by another process" in late.err
                held[5].let_go()
                done = finish(other)
                assert done.code == 0, done.err
                report = await check_rows(db, run_id)
                assert report.calls == len(endpoint.calls)
        finally:
            for hold in held.values():
                hold.let_go()
            for process in filter(None, (sleeper, other)):
                process.kill()
                process.wait()


async def test_two_writes_share_one_database(home: Path) -> None:
    prompts = ("A report about cheese and its caves", "A report about tidal power")
    with run_in_thread(mode="short") as endpoint:
        options = ("--words", "1200", "--rounds", "0", "--json", *at(endpoint))
        both = [start(home, "write", prompt, *options) for prompt in prompts]
        results = [finish(process) for process in both]
        asked = {prompt: 0 for prompt in prompts}
        for call in endpoint.calls:
            text = str(call.messages)
            (mine,) = [prompt for prompt in prompts if prompt in text]
            asked[mine] += 1
    with opened(home / "longleaf.db") as db:
        for prompt, result in zip(prompts, results, strict=True):
            assert result.code == 0, result.err
            assert re.search("^Error", result.err) is None
            report = await check_rows(db, result.json["run_id"])
            assert report.length_score >= 97
            assert report.calls == asked[prompt]
    assert soundness(home) == "ok"
