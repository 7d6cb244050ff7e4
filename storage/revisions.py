"""Every text a section has had; nothing here is ever changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import NotFoundError
from storage.tables import RevisionRow, SectionRow

VARIANT = "variant"
"""Kind of a text that was kept beside the section's own: it never was the section's text."""
KEPT = "kept"
"""Kind of a revision that repeats the text before it, because a person found that it still fits."""


@dataclass(frozen=True)
class Mark:
    """A text of a section, without its words; `number` counts from 1 within the section."""

    id: int
    """Grows with every text of the document."""
    section_key: str
    number: int
    words: int
    kind: str
    author: str
    call_ids: tuple[str, ...]
    run_id: str | None
    created_at: dt.datetime
    note: str
    """What a person says of it."""


@dataclass(frozen=True)
class Revision(Mark):
    """One text of a section."""

    text: str


def history(s: Session, document_id: str, key: str) -> Sequence[Revision]:
    """The section's texts, oldest first."""
    query = select(RevisionRow).where(
        RevisionRow.document_id == document_id, RevisionRow.section_key == key
    )
    return [_revision(row) for row in s.scalars(query.order_by(RevisionRow.number))]


def marks(s: Session, document_id: str, key: str | None = None) -> Sequence[Mark]:
    """All texts of a document, or of one section, oldest first; none is read."""
    query = select(*(getattr(RevisionRow, name) for name in _MARK)).where(
        RevisionRow.document_id == document_id
    )
    if key is not None:
        query = query.where(RevisionRow.section_key == key)
    return [Mark(**_fields(row)) for row in s.execute(query.order_by(RevisionRow.id))]


def texts(s: Session, ids: Collection[int]) -> dict[int, str]:
    """Some texts by the ids of their revisions."""
    query = select(RevisionRow.id, RevisionRow.text).where(RevisionRow.id.in_(ids))
    return {row.id: row.text for row in s.execute(query)}


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


_MARK = tuple(field.name for field in fields(Mark))


def _fields(row: Any) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in _MARK}
    return {**found, "call_ids": tuple(str(call) for call in row.call_ids)}


def _revision(row: RevisionRow) -> Revision:
    return Revision(**_fields(row), text=row.text)


def keys_of_kind(s: Session, document_id: str, kind: str) -> set[str]:
    """Keys of the sections that have ever had a text made in this way."""
    query = select(RevisionRow.section_key).where(RevisionRow.document_id == document_id)
    return set(s.scalars(query.where(RevisionRow.kind == kind)))


@dataclass(frozen=True)
class Origin:
    """Where a section's present text is from, without the text."""

    key: str
    words: int
    run_id: str | None
    """The run that wrote it; None: a person did."""


def origins(s: Session, document_id: str) -> list[Origin]:
    """Of every section with a text, in reading order; reads no text."""
    query = (
        select(SectionRow.key, RevisionRow.words, RevisionRow.run_id)
        .join(RevisionRow, SectionRow.revision_id == RevisionRow.id)
        .where(SectionRow.document_id == document_id)
        .order_by(SectionRow.position, SectionRow.id)
    )
    return [Origin(*row) for row in s.execute(query)]
