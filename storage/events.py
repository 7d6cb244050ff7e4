"""What happened in a run, numbered without gaps, so that a listener can pick up where it left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import NotFoundError
from domain.run import Hold
from storage import runs
from storage.tables import EventRow, RunRow


@dataclass(frozen=True)
class StoredEvent:
    """One event; `seq` counts from 1 within its run."""

    run_id: str
    seq: int
    type: str
    data: dict[str, Any]
    created_at: dt.datetime


def append(s: Session, run: Hold | str, type: str, data: dict[str, Any]) -> int:
    """Add an event and return its number.

    Args:
        s: the session; the number is final only when it commits.
        run: the claim of the process at work, or a run's id for an event from outside.
        type: what kind of event.
        data: plain JSON values.

    Raises:
        StaleHolderError: another process holds the run.
        NotFoundError: no such run.
    """
    run_id = run if isinstance(run, str) else run.run_id
    if isinstance(run, Hold):
        runs.check(s, run)
    # The lock makes the next number this transaction's own, also on PostgreSQL.
    owner_id = s.scalar(select(RunRow.owner_id).where(RunRow.id == run_id).with_for_update())
    if owner_id is None:
        raise NotFoundError(f"there is no run {run_id!r}", "`python app.py runs` lists them")
    number = last(s, run_id) + 1
    s.add(EventRow(run_id=run_id, seq=number, owner_id=owner_id, type=type, data=data))
    s.flush()
    return number


def last(s: Session, run_id: str) -> int:
    """Number of the run's last event; 0: there is none."""
    return s.scalar(select(func.max(EventRow.seq)).where(EventRow.run_id == run_id)) or 0


def since(s: Session, run_id: str, seq: int = 0, limit: int = 500) -> Sequence[StoredEvent]:
    """The events after number `seq`, in order, at most `limit`."""
    query = select(EventRow).where(EventRow.run_id == run_id, EventRow.seq > seq)
    return [_stored(row) for row in s.scalars(query.order_by(EventRow.seq).limit(limit))]


def of_type(s: Session, run_id: str, type: str) -> Sequence[StoredEvent]:
    """The run's events of one kind, in order."""
    query = select(EventRow).where(EventRow.run_id == run_id, EventRow.type == type)
    return [_stored(row) for row in s.scalars(query.order_by(EventRow.seq))]


def count_about(s: Session, run_id: str, type: str, key: str) -> int:
    """How many of the run's events of one kind are about this `key`, as their data name it."""
    query = select(func.count()).where(EventRow.run_id == run_id, EventRow.type == type)
    return s.scalar(query.where(EventRow.data["key"].as_string() == key)) or 0


def _stored(row: EventRow) -> StoredEvent:
    return StoredEvent(row.run_id, row.seq, row.type, row.data, row.created_at)
