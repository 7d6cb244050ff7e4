"""What a person does to sections: write, lock, unlock, reopen. Needs no claim on a run.

A run at work meets ConflictError when it tries to change such a section.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from core.errors import ConflictError
from domain.run import SectionStatus
from storage import documents, sections
from storage.sections import StoredSection
from storage.tables import RevisionRow, SectionRow


def write(
    s: Session, owner_id: str, document_id: str, key: str, text: str, words: int
) -> StoredSection:
    """Store a person's text, whatever state the section is in, and lock it.

    Raises:
        NotFoundError: the owner has no such document or section.
    """
    row = _owned(s, owner_id, document_id, key)
    new = RevisionRow(
        document_id=row.document_id,
        owner_id=owner_id,
        section_key=key,
        number=0,
        text=text,
        words=words,
        kind="edit",
        author="user",
    )
    sections.point(s, row, new, SectionStatus.LOCKED)
    return sections.get(s, row.document_id, key)


def lock(s: Session, owner_id: str, document_id: str, key: str) -> None:
    """Keep every model off a section that has text; raises NotFoundError, ConflictError."""
    row = _owned(s, owner_id, document_id, key)
    if row.revision_id is None:
        raise ConflictError(f"section {key!r} has no text to lock yet")
    sections.change(s, row, SectionStatus.LOCKED)


def unlock(s: Session, owner_id: str, document_id: str, key: str) -> None:
    """Give a locked section back to models, as any finished one; raises NotFoundError."""
    sections.change(s, _owned(s, owner_id, document_id, key), SectionStatus.SEALED)


def reopen(s: Session, owner_id: str, document_id: str, key: str) -> None:
    """Let models change a sealed, locked or edited section again; raises NotFoundError."""
    row = _owned(s, owner_id, document_id, key)
    empty = row.revision_id is None
    sections.change(s, row, SectionStatus.PLANNED if empty else SectionStatus.DRAFT)


def _owned(s: Session, owner_id: str, document_id: str, key: str) -> SectionRow:
    return sections.row_of(s, documents.get(s, owner_id, document_id).id, key)
