"""The documents an owner has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete as sql_delete
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFoundError
from storage.base import now
from storage.ids import new_id
from storage.lookup import find
from storage.tables import DocumentRow


def create(s: Session, owner_id: str, title: str, request: dict[str, Any]) -> DocumentRow:
    """Add a document that has nothing yet but its request (plain JSON values)."""
    row = DocumentRow(id=new_id("doc"), owner_id=owner_id, title=title, request=request)
    s.add(row)
    s.flush()
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


def delete(s: Session, owner_id: str, document_id: str) -> None:
    """Purge a document: its text, history, runs, journal, events, scores, facts and own sources.

    A process still at work on it is stopped by its next commit. Raises NotFoundError.
    """
    row = get(s, owner_id, document_id)
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
