"""The plans of a document: every version is kept, the latest one holds."""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.errors import ConflictError, NotFoundError
from domain.outline.plan import Outline, Part
from domain.run import Hold
from storage import documents, runs
from storage.base import new_mark, now
from storage.tables import OutlineRow

_KEPT = 8
_read: OrderedDict[str, Outline] = OrderedDict()
"""By mark, the plans read last: a book's takes milliseconds, and every section needs it."""
_lock = threading.Lock()


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
    number = version(s, document_id) + 1
    s.add(
        OutlineRow(
            document_id=document_id, owner_id=owner_id, version=number, data=outline.to_dict()
        )
    )
    s.flush()
    return number


def latest(s: Session, document_id: str) -> Outline | None:
    """The valid plan; None before there is one."""
    found = s.execute(_last(document_id, OutlineRow.id, OutlineRow.mark)).one_or_none()
    if found is None:
        return None
    id_, mark = found
    with _lock:
        known = _read.get(mark)
    if known is not None:
        return known
    data = s.execute(select(OutlineRow.data).where(OutlineRow.id == id_)).scalar_one()
    outline = Outline.from_dict(data)
    if mark:  # plans from before there were marks have none
        _keep(mark, outline)
    return outline


def _keep(mark: str, outline: Outline) -> None:
    with _lock:
        _read[mark] = outline
        while len(_read) > _KEPT:
            _read.popitem(last=False)


def versions(s: Session, document_id: str) -> list[tuple[dt.datetime, Outline]]:
    """Every plan that the document has had, oldest first, with the moment since when it held."""
    query = select(OutlineRow).where(OutlineRow.document_id == document_id)
    rows = s.scalars(query.order_by(OutlineRow.version))
    return [(row.created_at, Outline.from_dict(row.data)) for row in rows]


def version(s: Session, document_id: str) -> int:
    """The number of the valid plan; 0 before there is one."""
    return s.execute(_last(document_id, OutlineRow.version)).scalar_one_or_none() or 0


def update_part(s: Session, hold: Hold, document_id: str, part: Part) -> Outline:
    """Replace the part with the same key in the valid plan, in place, and return the plan.

    Parts are planned in parallel: reading and writing happen under one lock, so none is lost.

    Raises:
        StaleHolderError: another process holds the run.
        NotFoundError: no plan, or no such part in it.
    """
    return update_parts(s, hold, document_id, part.key, (part,))


def update_parts(
    s: Session, hold: Hold, document_id: str, key: str, parts: tuple[Part, ...]
) -> Outline:
    """The same with several in the place of one: a division's chapters.

    Raises:
        StaleHolderError: another process holds the run.
        NotFoundError: no plan, or no part with this key in it.
    """
    runs.check(s, hold)
    documents.lock(s, document_id)
    outline = latest(s, document_id)
    if outline is None or all(old.key != key for old in outline.parts):
        raise NotFoundError(f"the outline of {document_id} has no part {key!r}")
    row = s.scalars(_last(document_id, OutlineRow)).one()
    changed = outline.with_parts(key, parts)
    row.data, row.mark = changed.to_dict(), new_mark()
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
    return s.execute(_last(document_id, OutlineRow.approved_at)).scalar_one_or_none() is not None


def _latest(s: Session, document_id: str) -> OutlineRow | None:
    return s.scalars(_last(document_id, OutlineRow)).one_or_none()


def _last(document_id: str, *wanted: Any) -> Select[Any]:
    query = select(*wanted).where(OutlineRow.document_id == document_id)
    return query.order_by(OutlineRow.version.desc()).limit(1)
