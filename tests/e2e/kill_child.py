"""Knows how to work on a run and die at its k-th commit; forks, so that many deaths are quick.

A server on standard input: one job a line, as JSON; answers each with the exit code of the child
that did it, negative for a signal, and the most KiB that it had in memory. Started by
`tests.e2e.kill_children`.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests import support
from tests.support import Desk, open_services

FAILED = 70


class Death:
    """Counts the transactions that write, and ends this process at one of them.

    Args:
        number: which one, from 1; 0 for never.
        after: whether it is committed first.
    """

    def __init__(self, number: int, after: bool) -> None:
        self._number, self._after = number, after
        self._count = 0
        self._lock = threading.Lock()
        self._here = threading.local()
        event.listen(sa.Engine, "commit", self._commits)
        event.listen(Session, "after_commit", self._committed)

    def _commits(self, connection: sa.Connection) -> None:
        if connection.get_execution_options().get("readonly"):
            return
        with self._lock:
            self._count += 1
            self._here.last = self._count == self._number
        if self._here.last and not self._after:
            os.kill(os.getpid(), signal.SIGKILL)

    def _committed(self, _: Session) -> None:
        if getattr(self._here, "last", False):
            os.kill(os.getpid(), signal.SIGKILL)


async def work(job: dict[str, Any]) -> None:
    """Begin a run, or go on with one, as the command does."""
    settings = {**job["settings"]}
    if "://" in job["database"]:
        settings["database_url"] = job["database"]
    services = open_services(Path(job["home"]), job["url"], settings=settings)
    try:
        desk = Desk(services, None)  # type: ignore[arg-type]
        run_id = job["run"] or await desk.start(**job["request"])
        if not (await services.runs.report(run_id)).done:
            report = await desk.carry_out(run_id)
            assert report.done, report
    finally:
        await services.close()


def child(job: dict[str, Any]) -> int:
    """Do a job; its exit code."""
    try:
        Death(job["number"], job["after"])
        asyncio.run(work(job))
    except BaseException:  # noqa: BLE001 - a marked border: the child says why and ends
        traceback.print_exc()
        return FAILED
    return 0


def serve() -> None:
    """Do jobs until there are no more."""
    support.TOKENS.count("Loads the vocabulary once for all children.")
    assert threading.active_count() == 1, "what forks must have no threads"
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            os._exit(child(json.loads(line)))
        _, status, used = os.wait4(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)} {used.ru_maxrss}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
