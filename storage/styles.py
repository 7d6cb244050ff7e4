"""The style profiles that an owner has made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core.errors import ConflictError, LimitExceededError, NotFoundError
from storage.ids import new_id
from storage.tables import DocumentRow, StyleRow

MOST = 200
"""Styles of one owner."""
_REMEDY = "`python app.py styles list` shows them"


def add(
    s: Session, owner_id: str, name: str, language: str, measures: dict[str, Any],
    description: Sequence[str], samples: Sequence[str],
) -> StyleRow:  # fmt: skip
    """Keep a style.

    Raises:
        ConflictError: the name is taken.
        LimitExceededError: the owner has `MOST` of them.
    """
    refuse_taken(s, owner_id, name)
    row = StyleRow(
        id=new_id("style"), owner_id=owner_id, name=name, language=language, measures=measures,
        description=list(description), samples=list(samples),
    )  # fmt: skip
    s.add(row)
    s.flush()
    return row


def refuse_taken(s: Session, owner_id: str, name: str) -> None:
    """Raise what `add` would raise for this name."""
    mine = StyleRow.owner_id == owner_id
    if s.scalar(select(StyleRow.id).where(mine, StyleRow.name == name)) is not None:
        raise ConflictError(f"there is a style {name!r} already", "delete it, or take another name")
    if (s.scalar(select(func.count(StyleRow.id)).where(mine)) or 0) >= MOST:
        raise LimitExceededError(f"there are {MOST} styles already", "delete one")


def all_of(s: Session, owner_id: str) -> Sequence[StyleRow]:
    """The owner's, by name."""
    query = select(StyleRow).where(StyleRow.owner_id == owner_id).order_by(StyleRow.name)
    return s.scalars(query).all()


def get(s: Session, owner_id: str, id_or_name: str) -> StyleRow:
    """One of the owner's, by id or name; raises NotFoundError."""
    named = or_(StyleRow.id == id_or_name, StyleRow.name == id_or_name)
    # A name may look like another style's id: ids come first.
    query = (
        select(StyleRow)
        .where(StyleRow.owner_id == owner_id, named)
        .order_by((StyleRow.id == id_or_name).desc())
    )
    row = s.scalars(query.limit(1)).first()
    if row is None:
        raise NotFoundError(f"there is no style {id_or_name[:80]!r}", _REMEDY)
    return row


def of_document(s: Session, document_id: str, style_id: str) -> StyleRow | None:
    """A style, if the document's owner has it still."""
    return s.scalar(
        select(StyleRow)
        .join(DocumentRow, DocumentRow.owner_id == StyleRow.owner_id)
        .where(DocumentRow.id == document_id, StyleRow.id == style_id)
    )


def delete(s: Session, owner_id: str, id_or_name: str) -> None:
    """Forget a style; raises NotFoundError."""
    s.delete(get(s, owner_id, id_or_name))
