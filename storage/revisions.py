"""Every text a section has had; nothing here is ever changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import NotFoundError
from storage.tables import RevisionRow


@dataclass(frozen=True)
class Revision:
    """One text of a section; `number` counts from 1 within the section."""

    id: int
    section_key: str
    number: int
    text: str
    words: int
    kind: str
    author: str
    call_ids: tuple[str, ...]
    run_id: str | None
    created_at: dt.datetime


def history(s: Session, document_id: str, key: str) -> Sequence[Revision]:
    """The section's texts, oldest first."""
    query = select(RevisionRow).where(
        RevisionRow.document_id == document_id, RevisionRow.section_key == key
    )
    return [_revision(row) for row in s.scalars(query.order_by(RevisionRow.number))]


def get(s: Session, document_id: str, revision_id: int) -> Revision:
    """One revision; raises NotFoundError."""
    row = s.get(RevisionRow, revision_id)
    if row is None or row.document_id != document_id:
        raise NotFoundError(f"document {document_id} has no revision {revision_id}")
    return _revision(row)


def add(s: Session, row: RevisionRow) -> int:
    """Give a new revision the next number of its section, store it and return its id.

    The caller holds the document's lock. Only `storage.sections` calls this.
    """
    last = s.scalar(
        select(func.max(RevisionRow.number)).where(
            RevisionRow.document_id == row.document_id,
            RevisionRow.section_key == row.section_key,
        )
    )
    row.number = (last or 0) + 1
    s.add(row)
    s.flush()
    return row.id


def _revision(row: RevisionRow) -> Revision:
    return Revision(
        id=row.id,
        section_key=row.section_key,
        number=row.number,
        text=row.text,
        words=row.words,
        kind=row.kind,
        author=row.author,
        call_ids=tuple(str(call) for call in row.call_ids),
        run_id=row.run_id,
        created_at=row.created_at,
    )
