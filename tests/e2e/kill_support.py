"""Knows how a test kills `write` at a model call, goes on with the run, and judges what is left."""

from __future__ import annotations

import random
import re
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from storage.database import Database
from storage.migrate import upgrade
from storage.tables import DocumentRow, RunRow
from tests.e2e.kill_judge import Snapshot, judge, opened, snapshot
from tests.e2e.support_cli import Result, at, finish, start
from tests.fakes.calls import Call
from tests.fakes.endpoint import FakeEndpoint, run_in_thread
from tests.support import user_text

PHASES = ("planning", "writing", "repair", "reviewing", "checking")
REVIEWS = re.compile(r'^Answer in JSON only: \{"(?:grades|edits)"', re.MULTILINE)
MOMENTS = ("before", "amid", "after")
"""When the call has come; when a part of its answer has left; when all of it has."""


@dataclass(frozen=True)
class Kill:
    """When a process dies: at its n-th call in this phase of the run, at this moment."""

    phase: str
    n: int = 1
    moment: str = "before"
    pieces: int = 1
    """Of a streamed answer that have left, where the moment is `amid`."""


def draw(rng: random.Random, phase: str) -> Kill:
    """A kill in this phase."""
    n = rng.choice((1, 1, 2)) if phase != "planning" else 1
    return Kill(phase, n, rng.choice(MOMENTS), rng.randint(1, 20))


class Reaper:
    """Hooks of a fake endpoint that kill a process at the call they were told."""

    def __init__(self, db: Database) -> None:
        self.process: subprocess.Popen[str] | None = None
        self.kill: Kill | None = None
        self._db = db
        self._seen = 0
        self._victim: Call | None = None
        self._pieces = 0

    def aim(self, kill: Kill | None, process: subprocess.Popen[str]) -> None:
        """Be ready for a new process."""
        self.process, self.kill = process, kill
        self._seen, self._victim, self._pieces = 0, None, 0

    async def on_call(self, call: Call) -> None:
        """Choose the call, and kill at once if it is not to be answered at all."""
        kill = self.kill
        if kill is None or self._victim is not None or self._phase(call) != kill.phase:
            return
        self._seen += 1
        if self._seen == kill.n:
            self._victim = call
            if kill.moment == "before":
                self._strike()

    async def on_sent(self, call: Call, data: bytes) -> None:
        """Kill when enough of the chosen call's answer has left."""
        if self.kill is None or call is not self._victim:
            return
        self._pieces += 1
        last = data.endswith(b"0\r\n\r\n") if call.stream else self._pieces == 2
        wanted = self.kill.pieces if call.stream else 1
        if last or (self.kill.moment == "amid" and self._pieces >= wanted):
            self._strike()

    def _phase(self, call: Call) -> str:
        if REVIEWS.search(user_text(call)):
            return "reviewing"
        if call.kind != "text":
            return "planning"
        status = self._db.run_sync(lambda s: s.scalars(sa.select(RunRow.status)).all(), write=False)
        if "checking" in status:
            return "checking"
        return "writing" if "Write section " in user_text(call) else "repair"

    def _strike(self) -> None:
        assert self.process is not None
        self.kill = None
        self.process.send_signal(signal.SIGKILL)


@dataclass
class Siege:
    """One database on which runs are killed and gone on with until all kills are spent.

    Attributes:
        home: the data folder.
        db: the same database, read by the test.
        options: of the command.
        fake: what the endpoint is like.
        env: environment of the command.
    """

    home: Path
    db: Database
    options: Sequence[str]
    fake: Mapping[str, Any] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    at_least: float = 97
    """S_l that every document must reach."""
    done: list[Kill] = field(default_factory=list)
    """The kills that hit."""
    documents: int = 0

    async def lay(self, kills: Sequence[Kill]) -> None:
        """Spend the kills in order, on as many runs as it takes; judge every document."""
        while len(self.done) < len(kills):
            before = len(self.done)
            await self._one(kills[before:])
            assert len(self.done) > before, f"no call for {kills[before]}"

    async def _one(self, kills: Sequence[Kill]) -> None:
        """One document, with as many of the kills as its run has calls for."""
        self.documents += 1
        reaper, snapshots, left = Reaper(self.db), list[Snapshot](), list(kills)
        prompt = f"A report about tidal power on coast {self.documents}"
        arguments: Sequence[str] = (prompt, *self.options)
        hooks = {"on_call": reaper.on_call, "on_sent": reaper.on_sent}
        with run_in_thread(**hooks, **self.fake) as endpoint:
            while True:
                result = self._process(reaper, endpoint, arguments, left[0] if left else None)
                if result.code != -signal.SIGKILL:
                    break
                self.done.append(left.pop(0))
                snapshots.append(snapshot(self.db))
                arguments = ("--resume", snapshots[-1].run_id)
            self._judge_process(result)
            await self._judge(result, snapshots, endpoint.calls)

    def _process(
        self, reaper: Reaper, endpoint: FakeEndpoint, arguments: Sequence[str], kill: Kill | None
    ) -> Result:
        process = start(self.home, "write", *arguments, "--json", *at(endpoint), **self.env)
        reaper.aim(kill, process)
        return finish(process)

    def _judge_process(self, result: Result) -> None:
        assert result.code == 0, result.err
        assert "Traceback" not in result.err
        assert result.json["status"] == "done"
        assert result.json["reason"] == ""
        assert result.json["length_score"] >= self.at_least

    async def _judge(
        self, result: Result, snapshots: Sequence[Snapshot], calls: Sequence[Call]
    ) -> None:
        run_id = result.json["run_id"]
        assert {past.run_id for past in snapshots} <= {run_id}, "another run was begun"
        report = await judge(self.db, run_id, snapshots, calls)
        told = {**result.json, "seconds": round(report.seconds, 3)}
        assert told == report.to_dict()
        rows = self.db.run_sync(
            lambda s: (s.query(DocumentRow).count(), s.query(RunRow).count()), write=False
        )
        assert rows == (self.documents, self.documents)


LATE = {"LONGLEAF_LENGTH__SECTION_TOLERANCE": "0.7", "LONGLEAF_LENGTH__DOCUMENT_ROUNDS": "6"}
"""What is missing in every section is left to the final check."""

PLANNED = ("planning", "writing", "writing", "writing")
REPAIRED = ("planning", "writing", "repair", "repair", "repair")
REVIEWED = ("reviewing", "reviewing", "reviewing")
CHECKED = ("planning", "writing", "checking", "checking", "checking")

SHAPES: dict[str, tuple[str, str, tuple[str, ...], dict[str, str]]] = {
    "obey-agentwrite": ("obey", "agentwrite", PLANNED, {}),
    "obey-parallel": ("obey", "parallel", ("planning", "writing"), {}),
    "short-agentwrite": ("short", "agentwrite", REPAIRED, {}),
    "short-parallel": ("short", "parallel", REPAIRED[:3], {}),
    "unfinished-agentwrite": ("unfinished", "agentwrite", REPAIRED, {}),
    "reviewed-parallel": ("slips", "parallel", REVIEWED[1:], {}),
    "reviewed-agentwrite": ("slips", "agentwrite", REVIEWED, {}),
    "checked-parallel": ("short", "parallel", CHECKED, LATE),
    "checked-agentwrite": ("short", "agentwrite", CHECKED, LATE),
}
"""Mode, strategy, phases of the kills in the order in which a run has them, environment."""


async def besiege(
    home: Path, url: str | Path, shape: str, seed: int, rounds: int, **more: str
) -> Siege:
    """Kill as often as the shape says, so many times over; what came of it.

    Args:
        home: the data folder.
        url: the database, as `Database.open` takes it.
        shape: a key of `SHAPES`.
        seed: of the kills and of the model.
        rounds: how many times the shape's kills are dealt.
        **more: environment of the command.
    """
    mode, strategy, phases, env = SHAPES[shape]
    rng = random.Random(f"{shape}:{seed}")
    kills = [draw(rng, phase) for phase in phases * rounds]
    options = ("--words", "1200", "--strategy", strategy, "--seed", str(seed), "--no-calibrate")
    with opened(url) as db:
        upgrade(db)
        siege = Siege(home, db, options, {"mode": mode, "seed": seed}, {**env, **more})
        await siege.lay(kills)
    assert [kill.phase for kill in siege.done] == list(phases * rounds)
    return siege
