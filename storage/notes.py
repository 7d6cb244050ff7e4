"""What was noted of a document's sources, and how far their reading has got."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from domain.notes import Notes
from storage.base import now
from storage.tables import DocumentRow, NotesRow

_LAYOUT, _NOTES = "layout", "notes"


def layout(s: Session, document_id: str) -> dict[str, Any] | None:
    """How the sources are divided for reading; None before that is decided."""
    row = s.get(NotesRow, document_id)
    return row.data.get(_LAYOUT) if row else None


def begin(s: Session, document_id: str, layout: dict[str, Any]) -> None:
    """Keep the division, in place of an earlier one and of what was noted by it."""
    _put(s, document_id, {_LAYOUT: layout})


def find(s: Session, document_id: str) -> Notes | None:
    """What was noted; None where nothing is, or reading has not come to its end."""
    row = s.get(NotesRow, document_id)
    kept = row.data.get(_NOTES) if row else None
    return Notes.from_dict(kept) if kept else None


def save(s: Session, document_id: str, notes: Notes) -> None:
    """Keep what reading came to; the division is not needed any more."""
    _put(s, document_id, {_NOTES: notes.to_dict()})


def copy(s: Session, document_id: str, new_id: str) -> None:
    """Give another document of the same owner the same notes, where there are some."""
    found = find(s, document_id)
    if found is not None:
        save(s, new_id, found)


def _put(s: Session, document_id: str, data: dict[str, Any]) -> None:
    row = s.get(NotesRow, document_id)
    if row is None:
        document = s.get_one(DocumentRow, document_id)
        s.add(NotesRow(document_id=document_id, owner_id=document.owner_id, data=data))
    else:
        row.data, row.created_at = data, now()
    s.flush()
