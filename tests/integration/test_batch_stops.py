"""A batch that waits for its endpoint can be stopped, and says whether anybody works on it."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from batch.presence import LOST, at_work, is_waiting
from batch.runner import Runner
from cli.batch import _stop
from domain.dataset import RowStatus
from storage.base import now
from storage.holder import Holder
from tests.batches import BatchPlace, place, rows
from tests.fakes.calls import Call
from tests.support import desk


async def away(call: Call) -> None:
    """From the fourth call on nobody is there."""
    if call.n > 3:
        FAULTS[call.n] = "server_error"


FAULTS: dict[int, str] = {}


async def left(batch: BatchPlace, runner: Runner) -> None:
    """What it was working on is as it was, and no row's fault."""
    assert runner.why is None
    assert (await runner.ended()).status == "stopped"
    begun = await batch.items(RowStatus.BEGUN)
    assert [item.attempts for item in begun] == [0] * len(begun)
    assert not await batch.items(RowStatus.FAILED)


async def test_a_wait_that_is_drained_asks_nobody_again(tmp_path: Path) -> None:
    calls: list[int] = []

    async def wait(_seconds: float) -> None:
        calls.append(len(there.fake.calls))
        runner.drain()

    async with desk(tmp_path / "home", on_call=away, faults=FAULTS) as there:
        batch = place(there, tmp_path, rows(2, 150))
        runner = await batch.runner(wait=wait)
        await runner.work()
        assert calls == [len(there.fake.calls)]
        await left(batch, runner)


async def test_the_first_signal_ends_a_wait_at_once(tmp_path: Path) -> None:
    said = io.StringIO()

    async def wait(_seconds: float) -> None:
        kept = await there.services.datasets.get(runner.dataset_id)
        assert at_work(kept.worker) == f"process {Holder.current().pid} on this machine"
        _stop(runner, Console(file=said))
        await asyncio.Event().wait()

    async with desk(tmp_path / "home", on_call=away, faults=FAULTS) as there:
        batch = place(there, tmp_path, rows(2, 150))
        runner = await batch.runner(wait=wait)
        await runner.work()
        assert runner.halted
        assert "Stopped" in said.getvalue()
        await left(batch, runner)
        assert at_work((await there.services.datasets.get(runner.dataset_id)).worker) == ""


def test_who_is_at_work() -> None:
    me, seen = Holder.current(), now().isoformat()
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    old = (now() - LOST - dt.timedelta(seconds=1)).isoformat()
    afar = replace(me, host="elsewhere.example")
    assert at_work({}) == ""
    assert at_work({"holder": me.to_dict(), "seen": old}).endswith("on this machine")
    assert at_work({"holder": replace(me, pid=gone.pid).to_dict(), "seen": seen}) == ""
    assert at_work({"holder": afar.to_dict(), "seen": seen}).endswith("on elsewhere.example")
    assert at_work({"holder": afar.to_dict(), "seen": old}) == ""
    assert is_waiting({"waits": True})
    assert not is_waiting({})
