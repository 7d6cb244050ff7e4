"""Knows how a test has runs die at a commit: children of `kill_child`, one for each death."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storage import runs
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.migrate import current, upgrade
from tests.e2e.kill_judge import Snapshot, judge, opened, snapshot
from tests.e2e.support_cli import ROOT, environment
from tests.fakes.endpoint import FakeEndpoint, run_in_thread

REQUEST = {"prompt": "A report about tidal power", "words": 500, "seed": 1}
MOST = 200
"""Commits that a small run may have at most."""


@dataclass
class Children:
    """The process that forks one child for each job."""

    process: subprocess.Popen[str]
    endpoint: FakeEndpoint
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Of the children, beside their database."""
    memory: list[float] = field(default_factory=list)
    """The most MiB that each child had."""

    def do(self, home: Path, database: str, run: str = "", number: int = 0, after: bool = False,
           **request: Any) -> int:  # fmt: skip
        """Begin a run or go on with it, dying at a commit; the exit code."""
        job = {
            "home": str(home), "database": database, "url": self.endpoint.url, "run": run,
            "number": number, "after": after, "request": {**REQUEST, **request},
            "settings": dict(self.settings),
        }  # fmt: skip
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        code, most = map(int, self.process.stdout.readline().split())
        self.memory.append(most / 1024)
        return code


@contextmanager
def serving(home: Path, **settings: Any) -> Iterator[Children]:
    """The process that forks children with these settings, and the endpoint that they call."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.kill_child"],
        cwd=ROOT,
        env=environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    with run_in_thread() as endpoint:
        try:
            yield Children(process, endpoint, settings)
        finally:
            process.communicate()


async def died(
    children: Children, home: Path, database: str, number: int, after: bool, **request: Any
) -> bool:
    """Let a run die at a commit, go on with it, judge it; whether it had so many commits."""
    first = len(children.endpoint.calls)
    code = children.do(home, database, number=number, after=after, **request)
    if code == 0:
        return False
    assert code == -signal.SIGKILL
    with opened(database) as db:
        past = _acknowledged(db, children.endpoint.calls[first:])
        run_id = past[0].run_id if past else ""
        assert children.do(home, database, run=run_id, **request) == 0
        assert current(db) is not None
        found = db.run_sync(lambda s: [r.id for r in runs.newest(s, LOCAL_OWNER)], write=False)
        assert len(found) == 1
        report = await judge(db, found[0], past, children.endpoint.calls[first:])
        assert report.length_score >= 97
    return True


def _acknowledged(db: Database, calls: Sequence[Any]) -> list[Snapshot]:
    """What was stored when the process died: nothing where it had not begun its run."""
    upgrade(db)  # as the next process does it, should the first have died before it could
    if not db.run_sync(lambda s: len(runs.newest(s, LOCAL_OWNER)), write=False):
        assert not calls
        return []
    return [snapshot(db)]
