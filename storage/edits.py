"""What a person does to sections: write, accept, keep, lock, reopen. Needs no claim on a run.

A run at work meets ConflictError when it tries to change such a section.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import ConflictError
from domain.outline.plan import Outline
from domain.run import SectionStatus
from storage import documents, revisions, sections
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
    sections.point(s, row, _revision(row, text, words, "edit"), SectionStatus.LOCKED)
    return sections.get(s, row.document_id, key)


def accept(
    s: Session, owner_id: str, document_id: str, key: str, text: str, words: int
) -> StoredSection:
    """Store a model's proposal that a person has accepted: whose the section is does not change.

    It stays locked or open to models as it was; without a text until now, it is done.

    Raises:
        NotFoundError: the owner has no such document or section.
    """
    row = _owned(s, owner_id, document_id, key)
    present = sections.get(s, row.document_id, key)
    status = present.status if present.status.written else SectionStatus.SEALED
    new = _revision(row, text, words, "accepted", present.author or "model")
    sections.point(s, row, new, status)
    return sections.get(s, row.document_id, key)


def confirm(s: Session, owner_id: str, document_id: str, key: str) -> StoredSection:
    """Repeat a section's text as its newest: a person has seen that it still fits.

    Raises:
        NotFoundError: the owner has no such document or section.
        ConflictError: it has no text.
    """
    row = _owned(s, owner_id, document_id, key)
    old = None if row.revision_id is None else s.get(RevisionRow, row.revision_id)
    if old is None:
        raise ConflictError(f"section {key!r} has no text yet", "Have it written first.")
    new = _revision(row, old.text, old.words, revisions.KEPT, old.author)
    new.run_id, new.call_ids = old.run_id, old.call_ids
    row.revision_id = revisions.add(s, new)
    sections.change(s, row, SectionStatus(row.status))
    return sections.get(s, row.document_id, key)


def keep_variant(
    s: Session, owner_id: str, document_id: str, key: str, text: str, words: int, note: str
) -> int:
    """Keep a text beside a section's own, which stays; returns the revision's id.

    Raises:
        NotFoundError: the owner has no such document or section.
    """
    row = _owned(s, owner_id, document_id, key)
    return revisions.add(s, _revision(row, text, words, revisions.VARIANT, note=note))


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


def _revision(
    row: SectionRow, text: str, words: int, kind: str, author: str = "user", note: str = ""
) -> RevisionRow:
    return RevisionRow(
        document_id=row.document_id, owner_id=row.owner_id, section_key=row.key, number=0,
        text=text, words=words, kind=kind, author=author, note=note,
    )  # fmt: skip


def replan(s: Session, owner_id: str, document_id: str, outline: Outline) -> None:
    """Make a finished document's sections follow a person's plan.

    New sections appear as planned; one that once had a text has it again. The row of a section
    that left goes, its texts stay. Raises NotFoundError.
    """
    document_id = documents.get(s, owner_id, document_id).id
    documents.lock(s, document_id)
    query = select(SectionRow).where(SectionRow.document_id == document_id)
    plans = {plan.key: plan for plan in outline.sections}
    for row in s.scalars(query).all():
        if row.key not in plans:
            s.delete(row)
    s.flush()
    sections.sync(s, None, document_id, outline)
    for row in s.scalars(query).all():
        row.target = plans[row.key].target
        if row.revision_id is None:
            _revive(s, row)
    s.flush()


def _revive(s: Session, row: SectionRow) -> None:
    """Give a section that comes back its last text; a person's is theirs again."""
    texts = [x for x in revisions.marks(s, row.document_id, row.key) if x.kind != revisions.VARIANT]
    if texts:
        row.revision_id = texts[-1].id
        person = texts[-1].author == "user"
        sections.change(s, row, SectionStatus.LOCKED if person else SectionStatus.SEALED)


def _owned(s: Session, owner_id: str, document_id: str, key: str) -> SectionRow:
    return sections.row_of(s, documents.get(s, owner_id, document_id).id, key)
