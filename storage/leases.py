"""Leases: which process holds a run, and the fence that keeps the others out."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from core.errors import ConflictError, NotFoundError, StaleHolderError
from domain.run import Hold
from storage.base import now
from storage.holder import Holder
from storage.tables import RunRow

LEASE_SECONDS = 90.0
"""Renew well before: a third of it is a good interval."""
_CHECKED = "checked"
"""What a session, which lives for one transaction, remembers its claim as."""


def held(row: RunRow) -> bool:
    """Whether a living process's lease on the run has not run out."""
    if row.lease_holder is None or row.lease_until is None or row.lease_until <= now():
        return False
    return Holder.from_dict(row.lease_holder).alive()


def claim(s: Session, run_id: str, holder: Holder, lease_seconds: float = LEASE_SECONDS) -> Hold:
    """Take a run for a process, and so refuse every later commit of its former holder.

    A dead holder on this machine is replaced at once; one elsewhere when its lease has run out.

    Raises:
        NotFoundError: no such run.
        ConflictError: a living holder's lease still runs.
    """
    row = locked(s, run_id)
    refuse_if_held(row)
    row.fence += 1
    row.lease_holder = holder.to_dict()
    row.lease_until = now() + dt.timedelta(seconds=lease_seconds)
    row.updated_at = now()
    s.flush()
    return Hold(run_id, row.fence)


def refuse_if_held(row: RunRow) -> None:
    """Raise ConflictError where a living process's lease on the run has not run out."""
    if held(row) and row.lease_holder is not None:
        old = Holder.from_dict(row.lease_holder)
        raise ConflictError(
            f"run {row.id} is being worked on by process {old.pid} on {old.host}",
            f"wait for it, or stop it: python app.py runs --cancel {row.id}",
        )


def renew(s: Session, hold: Hold, seconds: float = LEASE_SECONDS) -> None:
    """Lengthen the lease; raises StaleHolderError."""
    _update_held(s, hold, lease_until=now() + dt.timedelta(seconds=seconds))


def check(s: Session, hold: Hold) -> None:
    """Make sure that this process still holds the run, and keep it so until the transaction ends.

    Every commit of a run begins with it. It writes, so that the row is locked on PostgreSQL too;
    what a transaction has made sure of once, it need not ask again.

    Raises:
        StaleHolderError: another process took the run, or it was deleted.
    """
    if s.info.get(_CHECKED) != hold:
        _update_held(s, hold, updated_at=now())
        s.info[_CHECKED] = hold


def release(s: Session, hold: Hold) -> None:
    """Give the run back; nothing happens if another process has taken it already."""
    s.execute(
        update(RunRow)
        .where(RunRow.id == hold.run_id, RunRow.fence == hold.fence)
        .values(lease_holder=None, lease_until=None)
        .execution_options(synchronize_session=False)
    )


def locked(s: Session, run_id: str) -> RunRow:
    """The run, which nobody else changes until the transaction ends; raises NotFoundError."""
    query = select(RunRow).where(RunRow.id == run_id).with_for_update()
    row = s.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise no_run(run_id)
    return row


def no_run(run_id: str) -> NotFoundError:
    """What is said where a run is not there."""
    return NotFoundError(f"there is no run {run_id!r}", "`python app.py runs` lists them")


def _update_held(s: Session, hold: Hold, **values: dt.datetime) -> None:
    result = s.execute(
        update(RunRow)
        .where(RunRow.id == hold.run_id, RunRow.fence == hold.fence)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    if result.rowcount != 1:
        raise StaleHolderError(
            f"run {hold.run_id} was taken over by another process or deleted",
            "`python app.py runs` shows who holds it",
        )
