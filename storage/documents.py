"""The documents an owner has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete as sql_delete
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from core.errors import NotFoundError
from storage import runs, sources
from storage.base import now
from storage.ids import new_id
from storage.lookup import find
from storage.tables import DatasetItemRow, DocumentRow, IdempotencyKeyRow, RunRow

_UNSEEN = {"synchronize_session": False}


def create(s: Session, owner_id: str, title: str, request: dict[str, Any]) -> DocumentRow:
    """Add a document that has nothing yet but its request (plain JSON values).

    Raises:
        NotFoundError: the request names a source that the owner does not have.
    """
    row = DocumentRow(id=new_id("doc"), owner_id=owner_id, title=title, request=request)
    s.add(row)
    s.flush()
    sources.use(s, owner_id, row.id, request.get("sources", ()))
    return row


def get(s: Session, owner_id: str, id_or_prefix: str) -> DocumentRow:
    """One document of the owner; raises NotFoundError, or ConflictError for an unclear prefix."""
    return find(s, DocumentRow, owner_id, id_or_prefix)


def all_of(s: Session, owner_id: str, limit: int = 1000) -> Sequence[DocumentRow]:
    """The owner's documents, newest first."""
    return s.scalars(
        select(DocumentRow)
        .where(DocumentRow.owner_id == owner_id)
        .order_by(DocumentRow.created_at.desc(), DocumentRow.id.desc())
        .limit(limit)
    ).all()


def newest(s: Session, owner_id: str) -> DocumentRow | None:
    """The document the owner made last."""
    return next(iter(all_of(s, owner_id, 1)), None)


def set_title(s: Session, owner_id: str, document_id: str, title: str) -> None:
    """Rename a document; raises NotFoundError."""
    row = get(s, owner_id, document_id)
    row.title = title
    row.updated_at = now()
    s.flush()


def purge(s: Session, owner_id: str, document_id: str) -> None:
    """Delete a document that nobody works on.

    Raises:
        NotFoundError: there is none.
        ConflictError: a living process works on it.
    """
    row = get(s, owner_id, document_id)
    lock(s, row.id)
    held = select(RunRow).where(RunRow.document_id == row.id).with_for_update()
    for run in s.scalars(held):
        runs.refuse_if_held(run)
    delete(s, owner_id, row.id)


def delete(s: Session, owner_id: str, document_id: str) -> None:
    """Delete a document, its text, history, runs, journal, events, scores, facts and own sources.

    A process still at work on it is stopped by its next commit. Raises NotFoundError.
    """
    row = get(s, owner_id, document_id)
    names = select(RunRow.id).where(RunRow.document_id == row.id)
    of_it = or_(IdempotencyKeyRow.target_id == row.id, IdempotencyKeyRow.target_id.in_(names))
    s.execute(sql_delete(IdempotencyKeyRow).where(of_it), execution_options=_UNSEEN)
    s.execute(
        update(DatasetItemRow)
        .where(DatasetItemRow.document_id == row.id)
        .values(result=None, document_id=None),
        execution_options=_UNSEEN,
    )
    s.execute(sql_delete(DocumentRow).where(DocumentRow.id == row.id))


def lock(s: Session, document_id: str) -> str:
    """Let no other transaction change the document until this one ends; returns the owner's id.

    SQLite's writers exclude each other anyway; PostgreSQL needs the row lock. Raises NotFoundError.
    """
    query = select(DocumentRow.owner_id).where(DocumentRow.id == document_id).with_for_update()
    owner_id = s.scalar(query)
    if owner_id is None:
        raise NotFoundError(
            f"there is no document {document_id!r} any more", "`python app.py runs` lists them"
        )
    return owner_id
