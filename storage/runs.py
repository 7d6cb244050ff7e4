"""Runs: where each stands, how it goes on, and how it is stopped; who holds one is `leases`'."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.run import Hold, RunStatus, check_transition
from storage.ids import new_id
from storage.leases import (
    LEASE_SECONDS,
    check,
    claim,
    held,
    locked,
    refuse_if_held,
    release,
    renew,
)
from storage.ledger import CallTotals, totals
from storage.lookup import find
from storage.tables import DocumentRow, RunRow

__all__ = [
    "LEASE_SECONDS", "CallTotals", "add_seconds", "cancel_requested", "check", "claim",
    "create", "for_document", "get", "held", "newest", "refuse_if_held",
    "release", "renew", "request_stop", "set_status", "stop_as", "totals",
]  # fmt: skip


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


def for_document(s: Session, document_id: str) -> Sequence[RunRow]:
    """The document's runs, newest first."""
    query = select(RunRow).where(RunRow.document_id == document_id)
    return s.scalars(query.order_by(RunRow.created_at.desc(), RunRow.id.desc())).all()


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
    row = locked(s, hold.run_id)
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
    row = locked(s, run_id)
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
