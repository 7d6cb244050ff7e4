"""Knows how a test kills `write` at a model call, goes on with the run, and judges what is left."""

from __future__ import annotations

import dataclasses
import random
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from services.documents import Documents
from services.reports import RunReport
from storage import events, journal, runs, sections
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.journal import StoredCall
from storage.tables import DocumentRow, RevisionRow, RunRow, SectionRow
from tests.e2e.support_cli import Result, at, finish, start
from tests.fakes.calls import Call
from tests.fakes.endpoint import FakeEndpoint, run_in_thread
from tests.support import check_document, user_text

PHASES = ("planning", "writing", "repair", "checking")
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
        self.since = 0
        """Number of the last call that came before this process was started."""
        self._db = db
        self._seen = 0
        self._victim: Call | None = None
        self._pieces = 0

    def aim(self, kill: Kill | None, process: subprocess.Popen[str], since: int) -> None:
        """Be ready for a new process."""
        self.process, self.kill, self.since = process, kill, since
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


@dataclass(frozen=True)
class Snapshot:
    """What was acknowledged when a process died."""

    run_id: str
    status: str
    answers: Mapping[str, str]
    """Call to text."""
    texts: Mapping[int, str]
    """Revision to text."""
    told: int
    """Stored events."""
    open: Sequence[StoredCall]
    """Intents without an answer."""
    flying: Sequence[str] = ()
    """What the endpoint was asked by the dead process, and whose answer is not stored."""


def snapshot(db: Database, run_id: str = "") -> Snapshot:
    """Read what is stored of a run; of the newest without an id."""

    def work(s: sa.orm.Session) -> Snapshot:
        run = runs.get(s, LOCAL_OWNER, run_id or runs.newest(s, LOCAL_OWNER, 1)[0].id)
        calls = journal.all_of(s, run.id)
        rows = s.scalars(sa.select(RevisionRow).where(RevisionRow.document_id == run.document_id))
        return Snapshot(
            run.id,
            run.status,
            {call.id: call.text for call in calls if call.text is not None},
            {row.id: row.text for row in rows},
            len(events.since(s, run.id, limit=100_000)),
            [call for call in calls if not call.answered],
        )

    return db.run_sync(work, write=False)


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
                snapshots.append(_flown(snapshot(self.db), endpoint.calls[reaper.since :]))
                arguments = ("--resume", snapshots[-1].run_id)
            self._judge_process(result)
            await self._judge(result, snapshots, endpoint.calls)

    def _process(
        self, reaper: Reaper, endpoint: FakeEndpoint, arguments: Sequence[str], kill: Kill | None
    ) -> Result:
        process = start(self.home, "write", *arguments, "--json", *at(endpoint), **self.env)
        reaper.aim(kill, process, len(endpoint.calls))
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
        assert json_line(report) == {**result.json, "seconds": report.to_dict()["seconds"]}
        rows = self.db.run_sync(
            lambda s: (s.query(DocumentRow).count(), s.query(RunRow).count()), write=False
        )
        assert rows == (self.documents, self.documents)


def json_line(report: RunReport) -> dict[str, Any]:
    """What `--json` must have printed, as it is read back."""
    line = report.to_dict()
    return {**line, "models": dict(line["models"])}


def _flown(past: Snapshot, calls: Sequence[Call]) -> Snapshot:
    """The snapshot, with the calls of the dead process whose answers are not stored."""
    unanswered = {user_text(call) for call in past.open}
    flying = [user_text(call) for call in calls if user_text(call) in unanswered]
    return dataclasses.replace(past, flying=flying)


async def judge(
    db: Database, run_id: str, snapshots: Sequence[Snapshot], calls: Sequence[Call]
) -> RunReport:
    """Check all that a run promises, whenever its processes died.

    Args:
        db: the database.
        run_id: the run, which is done.
        snapshots: what was acknowledged at each death, in order.
        calls: all that the endpoint was asked, in order.

    Raises:
        AssertionError: something was lost, doubled or paid for twice.
    """
    now = snapshot(db, run_id)
    for past in snapshots:
        assert past.answers.items() <= now.answers.items(), "an acknowledged answer was lost"
        assert past.texts.items() <= now.texts.items(), "an acknowledged text was lost"
        assert past.told <= now.told
    check_calls(db, run_id, snapshots, calls)
    return await check_rows(db, run_id)


def check_calls(
    db: Database, run_id: str, snapshots: Sequence[Snapshot], calls: Sequence[Call]
) -> None:
    """Only what was in flight at a death is asked again; nothing else is asked twice."""
    stored = db.run_sync(lambda s: journal.all_of(s, run_id), write=False)
    assert all(call.answered for call in stored)
    asked = Counter(map(user_text, calls))
    twice = asked - Counter(map(user_text, stored))
    assert twice <= Counter(text for past in snapshots for text in past.flying)
    assert set(asked) == set(map(user_text, stored))


async def check_rows(db: Database, run_id: str) -> RunReport:
    """One sound document; every section once; events without gaps; nobody holds the run."""
    from services.reports import report as report_of

    report = db.run_sync(lambda s: report_of(s, LOCAL_OWNER, run_id), write=False)
    document = await Documents(db).get(run_id)
    check_document(document, report)
    assert all(section.text for section in document.sections)

    def work(s: sa.orm.Session) -> None:
        run = runs.get(s, LOCAL_OWNER, run_id)
        assert (run.lease_holder, run.lease_until) == (None, None)
        told = events.since(s, run.id, limit=100_000)
        assert [event.seq for event in told] == list(range(1, len(told) + 1))
        assert [event.type for event in told].count("finished") == 1
        assert told[-1].type == "finished"
        mine = SectionRow.document_id == run.document_id
        keys = s.scalars(sa.select(SectionRow.key).where(mine)).all()
        assert sorted(keys) == sorted(x.key for x in sections.all_of(s, run.document_id))
        assert {x.status.value for x in sections.all_of(s, run.document_id)} == {"sealed"}
        _check_revisions(s, run.document_id)

    db.run_sync(work, write=False)
    return report


def _check_revisions(s: sa.orm.Session, document_id: str) -> None:
    """Revisions are numbered without gaps, and the first of each section was stored once."""
    query = sa.select(RevisionRow).where(RevisionRow.document_id == document_id)
    numbers: dict[str, list[int]] = {}
    for row in s.scalars(query.order_by(RevisionRow.id)):
        numbers.setdefault(row.section_key, []).append(row.number)
    for found in numbers.values():
        assert found == list(range(1, len(found) + 1))


@contextmanager
def opened(url: str | Path) -> Iterator[Database]:
    """The database as the test reads it."""
    database = Database.open(url)
    try:
        yield database
    finally:
        database.close()
