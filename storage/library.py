"""Which documents an owner has, page by page: at hand, put away, or in the trash."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal, get_args

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from core.errors import ConflictError
from storage import documents, runs
from storage.base import now
from storage.tables import DocumentRow, RevisionRow, RunRow, SectionRow

Shelf = Literal["open", "archive", "trash"]
SHELVES: tuple[Shelf, ...] = get_args(Shelf)

Place = tuple[dt.datetime, str]
"""When a document was made, and its id: what a page ends with and the next one begins after."""


def page(
    s: Session, owner_id: str, shelf: Shelf, limit: int, after: Place | None = None, words: str = ""
) -> Sequence[DocumentRow]:
    """Documents of one shelf, newest first, at most `limit`.

    Args:
        s: the session.
        owner_id: whose.
        shelf: `open`, `archive` or `trash`.
        limit: at most so many.
        after: where the page before ended.
        words: all of these stand in the title, in any case.
    """
    query = select(DocumentRow).where(DocumentRow.owner_id == owner_id, *_on(shelf))
    for word in words.split():
        query = query.where(DocumentRow.title.icontains(word, autoescape=True))
    if after is not None:
        made, document_id = after
        same = and_(DocumentRow.created_at == made, DocumentRow.id < document_id)
        query = query.where(or_(DocumentRow.created_at < made, same))
    ordered = query.order_by(DocumentRow.created_at.desc(), DocumentRow.id.desc())
    return s.scalars(ordered.limit(limit)).all()


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


def last_run(s: Session, document_id: str) -> RunRow | None:
    """The document's newest run; None for one that was not written here."""
    return next(iter(runs.for_document(s, document_id)), None)
