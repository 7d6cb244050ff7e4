"""Where the sections of a document stand: whose texts they have and how long, not the texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.run import SectionStatus
from storage.tables import RevisionRow, SectionRow


@dataclass(frozen=True)
class Standing:
    """Where one section stands, without its text."""

    key: str
    position: int
    """Place in reading order, from 0."""
    heading: str
    target: int
    status: SectionStatus
    words: int = 0
    revision_id: int | None = None
    author: str = ""
    """Whose the text is: `model`, `user`, or empty while there is none."""
    reason: str = ""
    """Why it failed."""
    run_id: str | None = None
    """The run that wrote the text."""

    @property
    def locked(self) -> bool:
        """Whether a person wrote or locked it, so that no model may change it."""
        return self.status is SectionStatus.LOCKED


def all_of(s: Session, document_id: str) -> Sequence[Standing]:
    """Every section in reading order, without the texts: of a book, they are many."""
    row, revision = SectionRow, RevisionRow
    query = (
        select(
            row.key, row.position, row.heading, row.target, row.status, row.reason,
            row.revision_id, revision.words, revision.author, revision.run_id,
        )
        .outerjoin(revision, row.revision_id == revision.id)
        .where(row.document_id == document_id)
        .order_by(row.position, row.id)
    )  # fmt: skip
    return [
        Standing(
            key=found.key, position=found.position, heading=found.heading, target=found.target,
            status=SectionStatus(found.status), words=found.words or 0,
            revision_id=found.revision_id, author=found.author or "", reason=found.reason,
            run_id=found.run_id,
        )
        for found in s.execute(query)
    ]  # fmt: skip
