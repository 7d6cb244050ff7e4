"""The plans of a document: every version is kept, the latest one holds."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import ConflictError, NotFoundError
from domain.outline import Outline, Part
from domain.run import Hold
from storage import documents, runs
from storage.base import now
from storage.tables import OutlineRow


def save(s: Session, hold: Hold | None, document_id: str, outline: Outline) -> int:
    """Store a plan as the new valid version and return its number, 1 for the first.

    Args:
        s: the session.
        hold: the run's claim, or None for a person's edit while no run is at work.
        document_id: whose plan it is.
        outline: the whole plan.

    Raises:
        StaleHolderError: another process holds the run.
        NotFoundError: no such document.
    """
    if hold is not None:
        runs.check(s, hold)
    owner_id = documents.lock(s, document_id)
    last = _latest(s, document_id)
    version = last.version + 1 if last else 1
    s.add(
        OutlineRow(
            document_id=document_id, owner_id=owner_id, version=version, data=outline.to_dict()
        )
    )
    s.flush()
    return version


def latest(s: Session, document_id: str) -> Outline | None:
    """The valid plan; None before there is one."""
    row = _latest(s, document_id)
    return Outline.from_dict(row.data) if row else None


def versions(s: Session, document_id: str) -> list[tuple[dt.datetime, Outline]]:
    """Every plan that the document has had, oldest first, with the moment since when it held."""
    query = select(OutlineRow).where(OutlineRow.document_id == document_id)
    rows = s.scalars(query.order_by(OutlineRow.version))
    return [(row.created_at, Outline.from_dict(row.data)) for row in rows]


def version(s: Session, document_id: str) -> int:
    """The number of the valid plan; 0 before there is one."""
    row = _latest(s, document_id)
    return row.version if row else 0


def update_part(s: Session, hold: Hold, document_id: str, part: Part) -> Outline:
    """Replace the part with the same key in the valid plan, in place, and return the plan.

    Parts are planned in parallel: reading and writing happen under one lock, so none is lost.

    Raises:
        StaleHolderError: another process holds the run.
        NotFoundError: no plan, or no such part in it.
    """
    runs.check(s, hold)
    documents.lock(s, document_id)
    row = _latest(s, document_id)
    outline = Outline.from_dict(row.data) if row else None
    if row is None or outline is None or all(old.key != part.key for old in outline.parts):
        raise NotFoundError(f"the outline of {document_id} has no part {part.key!r}")
    changed = outline.with_part(part)
    row.data = changed.to_dict()
    s.flush()
    return changed


def approve(s: Session, document_id: str, version: int | None = None) -> int:
    """Mark the valid plan as approved and return its number.

    Args:
        s: the session.
        document_id: whose plan it is.
        version: the one the person has seen, if it must still be the valid one.

    Raises:
        NotFoundError: there is no plan yet.
        ConflictError: the plan has changed since `version`.
    """
    documents.lock(s, document_id)
    row = _latest(s, document_id)
    if row is None:
        raise NotFoundError(f"document {document_id} has no outline yet", "wait for the planner")
    if version not in (None, row.version):
        raise ConflictError(
            f"the outline has changed: it is version {row.version}, not {version}",
            "look at it again, then approve",
        )
    row.approved_at = row.approved_at or now()
    s.flush()
    return row.version


def approved(s: Session, document_id: str) -> bool:
    """Whether the valid plan was approved; a new version needs a new approval."""
    row = _latest(s, document_id)
    return row is not None and row.approved_at is not None


def _latest(s: Session, document_id: str) -> OutlineRow | None:
    query = select(OutlineRow).where(OutlineRow.document_id == document_id)
    return s.scalars(query.order_by(OutlineRow.version.desc()).limit(1)).one_or_none()
