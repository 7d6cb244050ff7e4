"""The texts that sections have had, and what a person writes over them."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from core.errors import NotFoundError, PreconditionError, RequestError
from domain.diff import Piece, diff
from domain.request import WritingRequest
from domain.text import count
from services.documents import document_row
from storage import edits, library, revisions, sections
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.revisions import Revision
from storage.sections import StoredSection
from storage.tables import DocumentRow

ANY = -1
"""Stands for whatever text a section has, where one that changed meanwhile may be written over."""


@dataclass
class Revisions:
    """The history of the owner's sections; nothing in it is ever changed."""

    db: Database
    owner: str = LOCAL_OWNER

    async def history(self, document: str, key: str) -> list[Revision]:
        """Every text of a section, oldest first; raises NotFoundError."""

        def work(s: Session) -> list[Revision]:
            row = document_row(s, self.owner, document)
            sections.get(s, row.id, key)
            return list(revisions.history(s, row.id, key))

        return await self.db.run(work, write=False)

    async def get(self, document: str, key: str, revision_id: int) -> Revision:
        """One text; raises NotFoundError."""
        return await self.db.run(
            lambda s: _revision(s, document_row(s, self.owner, document), key, revision_id),
            write=False,
        )

    async def diff(self, document: str, key: str, old: int, new: int) -> list[Piece]:
        """How one text of a section became another; raises NotFoundError."""

        def work(s: Session) -> tuple[str, str]:
            row = document_row(s, self.owner, document)
            return _revision(s, row, key, old).text, _revision(s, row, key, new).text

        before, after = await self.db.run(work, write=False)
        return await asyncio.to_thread(diff, before, after)

    async def write(self, document: str, key: str, text: str, seen: int) -> StoredSection:
        """Store a person's text, which no model may then change.

        Args:
            document: its id, or a run's.
            key: the section's.
            text: the whole section, without its heading.
            seen: id of the revision that was changed, 0 for none; or `ANY`.

        Raises:
            NotFoundError: no such document or section.
            PreconditionError: the section has another text by now; `current` holds it.
            RequestError: the text is empty.
            ConflictError: the document lies in the trash.
        """
        if not text.strip():
            raise RequestError("the text is empty", "Delete the section from the outline instead.")

        def work(s: Session) -> StoredSection:
            row = document_row(s, self.owner, document)
            return self._write(s, row, key, text, seen)

        return await self.db.run(work)

    async def restore(self, document: str, key: str, revision_id: int, seen: int) -> StoredSection:
        """Make an earlier text the section's again, as a new revision; errors as of `write`."""

        def work(s: Session) -> StoredSection:
            row = document_row(s, self.owner, document)
            text = _revision(s, row, key, revision_id).text
            return self._write(s, row, key, text, seen)

        return await self.db.run(work)

    def _write(self, s: Session, row: DocumentRow, key: str, text: str, seen: int) -> StoredSection:
        library.refuse_trash(row)
        present = sections.get(s, row.id, key)
        if seen not in (ANY, present.revision_id or 0):
            raise PreconditionError(
                f"section {key} has changed since you read it",
                "Bring both texts together, then send the result with the new ETag.",
                current={**asdict(present), "status": present.status.value},
            )
        counter = WritingRequest.model_validate(row.request).length.counter
        return edits.write(s, self.owner, row.id, key, text, count(text, counter))


def _revision(s: Session, row: DocumentRow, key: str, revision_id: int) -> Revision:
    found = revisions.get(s, row.id, revision_id)
    if found.section_key != key:
        raise NotFoundError(f"section {key} has no revision {revision_id}")
    return found
