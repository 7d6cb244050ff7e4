"""The sections of a document: where each stands, and its text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.errors import ConflictError, NotFoundError
from domain.outline.plan import Outline
from domain.run import Hold, SectionStatus
from storage import documents, revisions, runs
from storage.base import now
from storage.standings import Standing
from storage.tables import RevisionRow, SectionRow


@dataclass(frozen=True, kw_only=True)
class StoredSection(Standing):
    """One section with its present text."""

    text: str = ""


def sync(s: Session, hold: Hold | None, document_id: str, outline: Outline) -> None:
    """Make the rows follow the outline's sections.

    New sections appear as planned. Those not written yet take the outline's target; written and
    locked ones keep status, target and text, and only their place and heading follow. A row whose
    section left the outline goes if it has no text, else it stays behind all the others.

    Args:
        s: the session.
        hold: the run's claim, or None for what a person does while no run is at work.
        document_id: whose sections they are.
        outline: the plan.

    Raises:
        StaleHolderError: another process holds the run.
        NotFoundError: no such document.
    """
    if hold is not None:
        runs.check(s, hold)
    owner_id = documents.lock(s, document_id)
    query = select(SectionRow).where(SectionRow.document_id == document_id)
    old = {row.key: row for row in s.scalars(query.order_by(SectionRow.position))}
    for position, plan in enumerate(outline.sections):
        heading = outline.heading_of(plan.key)
        row = old.pop(plan.key, None) or SectionRow(
            document_id=document_id, owner_id=owner_id, key=plan.key, position=position,
            heading=heading, target=plan.target,
        )  # fmt: skip
        row.position, row.heading = position, heading
        if row.revision_id is None:
            row.target = plan.target
        s.add(row)
    for position, row in enumerate(old.values(), len(outline.sections)):
        row.position = position
        if row.revision_id is None:
            s.delete(row)
    s.flush()


def all_of(s: Session, document_id: str) -> Sequence[StoredSection]:
    """Every section in reading order."""
    query = _query(document_id).order_by(SectionRow.position, SectionRow.id)
    return [_stored(row, revision) for row, revision in s.execute(query)]


def some(s: Session, document_id: str, keys: Collection[str]) -> Sequence[StoredSection]:
    """These sections, in reading order; a key of none is passed over."""
    query = _query(document_id).where(SectionRow.key.in_(keys)).order_by(SectionRow.position)
    return [_stored(row, revision) for row, revision in s.execute(query)]


def get(s: Session, document_id: str, key: str) -> StoredSection:
    """One section; raises NotFoundError."""
    found = s.execute(_query(document_id).where(SectionRow.key == key)).one_or_none()
    if found is None:
        raise _unknown(document_id, key)
    row, revision = found
    return _stored(row, revision)


def commit_text(
    s: Session,
    hold: Hold,
    document_id: str,
    key: str,
    text: str,
    words: int,
    kind: str,
    status: SectionStatus,
    call_ids: Iterable[str] = (),
    author: str = "model",
) -> StoredSection:
    """Store a text as the section's next revision and make it the valid one.

    A step that runs again with the same text makes no second revision.

    Args:
        s: the session.
        hold: this process's claim on the run.
        document_id: the document.
        key: the section's key.
        text: the whole section, without the headings above it.
        words: its length in the document's counted units.
        kind: what made it: draft, enrich, trim, seam …
        status: where the section stands with it.
        call_ids: the calls it came from.
        author: `model`, or `user` for a text a person wrote, which is then locked.

    Raises:
        StaleHolderError: another process holds the run.
        ConflictError: a person has locked or edited the section, or it is sealed.
        NotFoundError: no such section.
    """
    runs.check(s, hold)
    row = row_of(s, document_id, key)
    if not SectionStatus(row.status).open:
        raise ConflictError(
            f"section {key!r} is {row.status} and may not be changed", "reopen it first"
        )
    calls = list(call_ids)
    new = RevisionRow(
        document_id=document_id, owner_id=row.owner_id, run_id=hold.run_id, section_key=key,
        number=0, text=text, words=words, kind=kind, author=author, call_ids=calls,
    )  # fmt: skip
    point(s, row, new, SectionStatus.LOCKED if author == "user" else status)
    return get(s, document_id, key)


def seal(s: Session, hold: Hold, document_id: str, keys: Iterable[str]) -> None:
    """Make written sections final for this run; locked ones stay locked.

    Raises:
        StaleHolderError: another process holds the run.
        ConflictError: one has no text, or has failed.
        NotFoundError: no such section.
    """
    runs.check(s, hold)
    for key in keys:
        row = row_of(s, document_id, key)
        status = SectionStatus(row.status)
        if not status.written:
            raise ConflictError(f"section {key!r} is {status.value} and cannot be sealed")
        if status is SectionStatus.DRAFT:
            change(s, row, SectionStatus.SEALED)


def fail(s: Session, hold: Hold, document_id: str, key: str, reason: str) -> None:
    """Write down that a section could not be written; a later commit makes it whole.

    Raises:
        StaleHolderError: another process holds the run.
        ConflictError: it is sealed or locked.
        NotFoundError: no such section.
    """
    runs.check(s, hold)
    row = row_of(s, document_id, key)
    if not SectionStatus(row.status).open:
        raise ConflictError(f"section {key!r} is {row.status} and cannot fail any more")
    change(s, row, SectionStatus.FAILED, reason)


def set_target(s: Session, hold: Hold, document_id: str, key: str, target: int) -> None:
    """Change the length a section should have; raises StaleHolderError, NotFoundError."""
    runs.check(s, hold)
    row = row_of(s, document_id, key)
    row.target = target
    s.flush()


def _query(document_id: str) -> Select[SectionRow, RevisionRow]:
    return (
        select(SectionRow, RevisionRow)
        .outerjoin(RevisionRow, SectionRow.revision_id == RevisionRow.id)
        .where(SectionRow.document_id == document_id)
    )


def row_of(s: Session, document_id: str, key: str) -> SectionRow:
    """The row, read under the document's lock; for this module and `edits`."""
    documents.lock(s, document_id)
    query = select(SectionRow).where(SectionRow.document_id == document_id, SectionRow.key == key)
    row = s.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise _unknown(document_id, key)
    return row


def point(s: Session, row: SectionRow, new: RevisionRow, status: SectionStatus) -> None:
    """Make `new` the section's text, unless it is that already; for this module and `edits`."""
    old = None if row.revision_id is None else s.get(RevisionRow, row.revision_id)
    same = old is not None and _content(old) == _content(new)
    if not same:
        row.revision_id = revisions.add(s, new)
    change(s, row, status)


def _content(row: RevisionRow) -> tuple[object, ...]:
    return row.text, row.words, row.kind, row.author, row.call_ids


def change(s: Session, row: SectionRow, status: SectionStatus, reason: str = "") -> None:
    """Write a state; for this module and `edits`."""
    row.status, row.reason, row.updated_at = status.value, reason, now()
    s.flush()


def _unknown(document_id: str, key: str) -> NotFoundError:
    return NotFoundError(f"document {document_id} has no section {key!r}")


def _stored(row: SectionRow, revision: RevisionRow | None) -> StoredSection:
    return StoredSection(
        key=row.key,
        position=row.position,
        heading=row.heading,
        target=row.target,
        status=SectionStatus(row.status),
        text=revision.text if revision else "",
        words=revision.words if revision else 0,
        revision_id=row.revision_id,
        author=revision.author if revision else "",
        reason=row.reason,
        run_id=revision.run_id if revision else None,
    )
