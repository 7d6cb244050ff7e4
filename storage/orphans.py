"""Runs that should be worked on and are not: what a server looks for and picks up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.run import RunStatus
from storage.base import now
from storage.dataset_rows import in_a_batch
from storage.runs import held
from storage.tables import DocumentRow, RunRow

GRACE = dt.timedelta(seconds=60)
"""How long a run that was never begun is left to the process that made it."""


def at_work(row: RunRow) -> bool:
    """Whether a living process works on the run, or has just made it and is about to."""
    fresh = row.fence == 0 and row.status == RunStatus.QUEUED and row.created_at > now() - GRACE
    return fresh or held(row)


def orphans(s: Session, queued_before: dt.datetime) -> Sequence[RunRow]:
    """Every owner's runs that nobody living works on, oldest first; a batch sees to its own.

    Args:
        s: the session.
        queued_before: a run that was never begun belongs to who made it until then.
    """
    at_work = [status.value for status in RunStatus if status.active]
    query = (
        select(RunRow)
        .join(DocumentRow, DocumentRow.id == RunRow.document_id)
        .where(RunRow.status.in_(at_work), DocumentRow.deleted_at.is_(None), ~in_a_batch())
        .order_by(RunRow.created_at, RunRow.id)
    )
    return [
        row
        for row in s.scalars(query)
        if not held(row) and (row.fence > 0 or row.created_at < queued_before)
    ]


def forget_holders(s: Session) -> None:
    """Take every lease away, in a copy of a database on which no other process works."""
    s.execute(
        update(RunRow)
        .where(RunRow.lease_holder.is_not(None))
        .values(lease_holder=None, lease_until=None)
        .execution_options(synchronize_session=False)
    )
