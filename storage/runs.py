"""Runs: where each stands, which process holds it, and the fence that keeps the others out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from core.errors import ConflictError, NotFoundError, StaleHolderError
from domain.run import Hold, RunStatus, check_transition
from storage.base import now
from storage.holder import Holder
from storage.ids import new_id
from storage.ledger import CallTotals, totals
from storage.lookup import find
from storage.tables import DocumentRow, RunRow

__all__ = [
    "LEASE_SECONDS", "CallTotals", "add_seconds", "cancel_requested", "check", "claim",
    "create", "for_document", "forget_holders", "get", "held", "newest", "refuse_if_held",
    "release", "renew", "request_stop", "set_status", "stop_as", "totals",
]  # fmt: skip

LEASE_SECONDS = 90.0
"""Renew well before: a third of it is a good interval."""


def create(
    s: Session,
    document_id: str,
    owner_id: str,
    strategy: str,
    models: dict[str, Any],
    seed: int | None = None,
    options: dict[str, Any] | None = None,
) -> RunRow:
    """Add a queued run.

    Args:
        s: the session.
        document_id: what it will write.
        owner_id: whose it is.
        strategy: name of a writing strategy.
        models: role to endpoint and model, frozen with the run.
        seed: for endpoints that take one.
        options: whatever else is frozen with the run, such as spending caps.
    """
    row = RunRow(
        id=new_id("run"),
        document_id=document_id,
        owner_id=owner_id,
        strategy=strategy,
        models=models,
        seed=seed,
        options=options or {},
    )
    s.add(row)
    s.flush()
    return row


def get(s: Session, owner_id: str, id_or_prefix: str) -> RunRow:
    """One run of the owner; raises NotFoundError, or ConflictError for an unclear prefix."""
    return find(s, RunRow, owner_id, id_or_prefix)


def newest(s: Session, owner_id: str, limit: int = 20) -> Sequence[RunRow]:
    """The owner's latest runs, newest first; not those of documents in the trash."""
    query = (
        select(RunRow)
        .join(DocumentRow, DocumentRow.id == RunRow.document_id)
        .where(RunRow.owner_id == owner_id, DocumentRow.deleted_at.is_(None))
    )
    return s.scalars(query.order_by(RunRow.created_at.desc(), RunRow.id.desc()).limit(limit)).all()


def held(row: RunRow) -> bool:
    """Whether a living process's lease on the run has not run out."""
    if row.lease_holder is None or row.lease_until is None or row.lease_until <= now():
        return False
    return Holder.from_dict(row.lease_holder).alive()


def for_document(s: Session, document_id: str) -> Sequence[RunRow]:
    """The document's runs, newest first."""
    query = select(RunRow).where(RunRow.document_id == document_id)
    return s.scalars(query.order_by(RunRow.created_at.desc(), RunRow.id.desc())).all()


def claim(s: Session, run_id: str, holder: Holder, lease_seconds: float = LEASE_SECONDS) -> Hold:
    """Take a run for a process, and so refuse every later commit of its former holder.

    A dead holder on this machine is replaced at once; one elsewhere when its lease has run out.

    Raises:
        NotFoundError: no such run.
        ConflictError: a living holder's lease still runs.
    """
    row = _row(s, run_id)
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
    if s.info.get("held") != hold:
        _update_held(s, hold, updated_at=now())
        s.info["held"] = hold


def release(s: Session, hold: Hold) -> None:
    """Give the run back; nothing happens if another process has taken it already."""
    s.execute(
        update(RunRow)
        .where(RunRow.id == hold.run_id, RunRow.fence == hold.fence)
        .values(lease_holder=None, lease_until=None)
        .execution_options(synchronize_session=False)
    )


def forget_holders(s: Session) -> None:
    """Take every lease away, in a copy of a database on which no other process works."""
    s.execute(
        update(RunRow)
        .where(RunRow.lease_holder.is_not(None))
        .values(lease_holder=None, lease_until=None)
        .execution_options(synchronize_session=False)
    )


def add_seconds(s: Session, hold: Hold, seconds: float) -> None:
    """Count time worked on the run; nothing happens if another process has taken it already."""
    s.execute(
        update(RunRow)
        .where(RunRow.id == hold.run_id, RunRow.fence == hold.fence)
        .values(seconds=RunRow.seconds + seconds)
        .execution_options(synchronize_session=False)
    )


def set_status(s: Session, hold: Hold, status: RunStatus, reason: str = "") -> bool:
    """Change the state; whether it is another one now. A run that comes to rest is given back.

    Raises:
        StaleHolderError: another process holds the run.
        ConflictError: the state does not follow from the present one.
    """
    check(s, hold)
    row = _row(s, hold.run_id)
    old = RunStatus(row.status)
    check_transition(old, status)
    row.status = status.value
    row.reason = reason
    if not status.active:  # in the same transaction: a death after it leaves no lease behind
        row.lease_holder, row.lease_until = None, None
    s.flush()
    return old is not status


def request_stop(s: Session, run_id: str, status: RunStatus | None) -> None:
    """Ask the holder to stop and leave the run in this state, or take that back with None.

    Raises:
        NotFoundError: no such run.
    """
    row = _row(s, run_id)
    row.cancel_requested = status is not None
    row.options = {**row.options, "stop_as": status.value if status else None}
    s.flush()


def stop_as(s: Session, run_id: str) -> RunStatus:
    """The state in which the run is to be left: cancelled, unless someone asked for another.

    `queued` means as it stands: it is given back for whoever picks it up.
    """
    options = s.scalar(select(RunRow.options).where(RunRow.id == run_id)) or {}
    return RunStatus(options.get("stop_as") or RunStatus.CANCELLED)


def cancel_requested(s: Session, run_id: str) -> bool:
    """Whether someone asked the run to stop; True for a run that was deleted."""
    return s.scalar(select(RunRow.cancel_requested).where(RunRow.id == run_id)) is not False


def _row(s: Session, run_id: str) -> RunRow:
    query = select(RunRow).where(RunRow.id == run_id).with_for_update()
    row = s.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise _no_run(run_id)
    return row


def _no_run(run_id: str) -> NotFoundError:
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
