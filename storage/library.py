"""Which documents an owner has, page by page: at hand, put away, or in the trash."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal, get_args

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from core.errors import ConflictError
from domain.run import RunStatus
from storage import documents, runs
from storage.base import now
from storage.dataset_rows import in_a_batch
from storage.orphans import at_work
from storage.tables import DocumentRow, RevisionRow, RunRow, SectionRow

Shelf = Literal["open", "archive", "trash"]
SHELVES: tuple[Shelf, ...] = get_args(Shelf)

_INTERRUPTED = {s for s in RunStatus if s.active} | {RunStatus.PAUSED, RunStatus.FAILED}
_BROKEN_OFF = DocumentRow.id.in_(
    select(RunRow.document_id).where(RunRow.status.in_([each.value for each in _INTERRUPTED]))
)

Place = tuple[dt.datetime, str]
"""When a document was made, and its id: what a page ends with and the next one begins after."""


def page(
    s: Session, owner_id: str, shelf: Shelf, limit: int, after: Place | None = None,
    words: str = "", only: ColumnElement[bool] | None = None,
) -> Sequence[DocumentRow]:  # fmt: skip
    """Documents of one shelf, newest first, at most `limit`; those of batches are not shelved.

    Args:
        s: the session.
        owner_id: whose.
        shelf: `open`, `archive` or `trash`.
        limit: at most so many.
        after: where the page before ended.
        words: all of these stand in the title, in any case.
        only: what else holds for them; None: nothing.
    """
    query = select(DocumentRow).where(DocumentRow.owner_id == owner_id, *_on(shelf), ~in_a_batch())
    if only is not None:
        query = query.where(only)
    for word in words.split():
        query = query.where(DocumentRow.title.icontains(word, autoescape=True))
    if after is not None:
        made, document_id = after
        same = and_(DocumentRow.created_at == made, DocumentRow.id < document_id)
        query = query.where(or_(DocumentRow.created_at < made, same))
    ordered = query.order_by(DocumentRow.created_at.desc(), DocumentRow.id.desc())
    return s.scalars(ordered.limit(limit)).all()


def interrupted(
    s: Session, owner_id: str, shelf: Shelf, limit: int, after: Place | None = None, words: str = ""
) -> Sequence[DocumentRow]:
    """As `page`, of documents whose last run can be gone on with while nobody works on it.

    Who has stopped a run for good, or has still to approve its plan, was not interrupted.
    """
    found: list[DocumentRow] = []
    while True:
        some = page(s, owner_id, shelf, limit, after, words, only=_BROKEN_OFF)
        found += [row for row in some if is_interrupted(last_run(s, row.id))]
        if len(some) < limit or len(found) >= limit:
            return found[:limit]
        after = (some[-1].created_at, some[-1].id)


def is_interrupted(run: RunRow | None) -> bool:
    """Whether a document's last run was, and waits for somebody to go on with it."""
    return run is not None and RunStatus(run.status) in _INTERRUPTED and not at_work(run)


def _on(shelf: Shelf) -> tuple[ColumnElement[bool], ...]:
    if shelf == "trash":
        return (DocumentRow.deleted_at.is_not(None),)
    kept = DocumentRow.deleted_at.is_(None)
    away = DocumentRow.archived_at
    return (kept, away.is_not(None) if shelf == "archive" else away.is_(None))


def put(s: Session, owner_id: str, document_id: str, shelf: Shelf) -> DocumentRow:
    """Move a document to a shelf.

    Raises:
        NotFoundError: there is none.
        ConflictError: it would go to the trash while a living process works on it.
    """
    row = documents.get(s, owner_id, document_id)
    documents.lock(s, row.id)
    if shelf == "trash":
        for run in runs.for_document(s, row.id):
            runs.refuse_if_held(run)
        row.deleted_at = row.deleted_at or now()
    else:
        row.deleted_at = None
        row.archived_at = (row.archived_at or now()) if shelf == "archive" else None
    s.flush()
    return row


def refuse_trash(row: DocumentRow) -> None:
    """Raise ConflictError for a document that lies in the trash."""
    if row.deleted_at is not None:
        raise ConflictError(f"document {row.id} lies in the trash", "Restore it first.")


def length(s: Session, document_id: str) -> int:
    """Words, or the document's counted units, that its sections have now."""
    query = (
        select(func.coalesce(func.sum(RevisionRow.words), 0))
        .join(SectionRow, SectionRow.revision_id == RevisionRow.id)
        .where(SectionRow.document_id == document_id)
    )
    return int(s.scalar(query) or 0)


def changed_at(s: Session, row: DocumentRow, run: RunRow | None) -> dt.datetime:
    """When the document, its text or its last run has last changed."""
    query = select(func.max(SectionRow.updated_at)).where(SectionRow.document_id == row.id)
    moments = (row.updated_at, s.scalar(query), run.updated_at if run else None)
    return max(moment for moment in moments if moment is not None)


def last_run(s: Session, document_id: str) -> RunRow | None:
    """The document's newest run; None for one that was not written here."""
    return next(iter(runs.for_document(s, document_id)), None)
