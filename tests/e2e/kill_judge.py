"""Knows what must hold of a run whose processes were killed: nothing lost, nothing twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from services.documents.lookup import Documents
from services.runs.reports import RunReport, report
from storage import events, journal, runs, sections
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.journal import StoredCall
from storage.tables import RevisionRow, SectionRow
from tests.fakes.calls import Call
from tests.support import check_document, user_text


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
    """Calls in flight: those whose intent is stored and whose answer is not."""


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
    found = await check_rows(db, run_id)
    repeated = sum(len(past.open) for past in snapshots)
    assert len(calls) <= found.calls <= len(now.answers) + repeated
    return found


def check_calls(
    db: Database, run_id: str, snapshots: Sequence[Snapshot], calls: Sequence[Call]
) -> None:
    """Only what was in flight at a death is asked again; nothing else is asked twice."""
    stored = db.run_sync(lambda s: journal.all_of(s, run_id), write=False)
    assert all(call.answered for call in stored)
    asked = Counter(map(user_text, calls))
    twice = asked - Counter(map(user_text, stored))
    assert twice <= Counter(user_text(call) for past in snapshots for call in past.open)
    assert set(asked) == set(map(user_text, stored))


async def check_rows(db: Database, run_id: str) -> RunReport:
    """One sound document; every section once; events without gaps; nobody holds the run."""
    found = db.run_sync(lambda s: report(s, LOCAL_OWNER, run_id), write=False)
    document = await Documents(db).get(run_id)
    check_document(document, found)
    assert all(section.text for section in document.sections)

    def work(s: sa.orm.Session) -> None:
        run = runs.get(s, LOCAL_OWNER, run_id)
        assert (run.lease_holder, run.lease_until) == (None, None)
        told = events.since(s, run.id, limit=100_000)
        assert [event.seq for event in told] == list(range(1, len(told) + 1))
        assert [event.type for event in told].count("finished") == 1
        assert told[-1].type == "finished"
        judged = [event.data["key"] for event in told if event.type == "reviewed"]
        assert len(set(judged)) == len(judged)
        mine = SectionRow.document_id == run.document_id
        keys = s.scalars(sa.select(SectionRow.key).where(mine)).all()
        assert sorted(keys) == sorted(x.key for x in sections.all_of(s, run.document_id))
        assert {x.status.value for x in sections.all_of(s, run.document_id)} == {"sealed"}
        _check_revisions(s, run.document_id)

    db.run_sync(work, write=False)
    return found


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
