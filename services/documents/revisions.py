"""The texts that sections have had, and what a person writes over them."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy.orm import Session

from core.errors import NotFoundError, PreconditionError, RequestError
from domain.request import WritingRequest
from domain.text.counter import Counter, count
from domain.text.diff import Piece, diff
from services.documents.lookup import document_row
from services.documents.memory import follow_text
from storage import edits, library, revisions, sections
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.revisions import Mark
from storage.revisions import Revision as Revision
from storage.sections import StoredSection
from storage.tables import DocumentRow

Kind = Literal["edit", "accepted"]
"""Whose words a text is that a person stores: their own, or a model's that they accept."""

ANY = -1
"""Stands for whatever text a section has, where one that changed meanwhile may be written over."""


@dataclass
class Revisions:
    """The history of the owner's sections; nothing in it is ever changed."""

    db: Database
    owner: str = LOCAL_OWNER

    async def marks(self, document: str, key: str) -> list[Mark]:
        """What is known of every text of a section, oldest first, none of them read.

        Raises:
            NotFoundError: no such document or section.
        """

        def work(s: Session) -> list[Mark]:
            row = document_row(s, self.owner, document)
            sections.get(s, row.id, key)
            return list(revisions.marks(s, row.id, key))

        return await self.db.run(work, write=False)

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

    async def write(
        self, document: str, key: str, text: str, seen: int, kind: Kind = "edit"
    ) -> StoredSection:
        """Store a text on a person's decision.

        What a person has typed, no model may then change. An accepted proposal leaves the section
        as open to models as it was.

        Args:
            document: its id, or a run's.
            key: the section's.
            text: the whole section, without its heading.
            seen: id of the revision that was changed, 0 for none; or `ANY`.
            kind: who the words come from: `edit` from the person, `accepted` from a model.

        Raises:
            NotFoundError: no such document or section.
            PreconditionError: the section has another text by now; `current` holds it.
            RequestError: the text is empty.
            ConflictError: the document lies in the trash.
        """
        _refuse_empty(text)
        return await self.db.run(lambda s: self._write(s, document, key, text, seen, kind))

    async def restore(self, document: str, key: str, revision_id: int, seen: int) -> StoredSection:
        """Make an earlier text the section's again, as a new revision; errors as of `write`."""

        def work(s: Session) -> StoredSection:
            row = document_row(s, self.owner, document)
            text = _revision(s, row, key, revision_id).text
            return self._write(s, row.id, key, text, seen, "edit")

        return await self.db.run(work)

    async def keep_variant(self, document: str, key: str, text: str, note: str) -> Revision:
        """Keep a text in a section's history without making it the section's.

        Raises:
            NotFoundError: no such document or section.
            RequestError: the text is empty.
            ConflictError: the document lies in the trash.
        """
        _refuse_empty(text)

        def work(s: Session) -> Revision:
            row = self._open(s, document)
            units = count(text, _counter(row))
            new = edits.keep_variant(s, self.owner, row.id, key, text, units, note.strip())
            return revisions.get(s, row.id, new)

        return await self.db.run(work)

    async def confirm(self, document: str, key: str) -> StoredSection:
        """Write down that a section still fits what was changed around it; its text stays.

        Raises:
            NotFoundError: no such document or section.
            ConflictError: it has no text, or the document lies in the trash.
        """

        def work(s: Session) -> StoredSection:
            return edits.confirm(s, self.owner, self._open(s, document).id, key)

        return await self.db.run(work)

    def _open(self, s: Session, document: str) -> DocumentRow:
        row = document_row(s, self.owner, document)
        library.refuse_trash(row)
        return row

    def _write(
        self, s: Session, document: str, key: str, text: str, seen: int, kind: Kind
    ) -> StoredSection:
        row = self._open(s, document)
        present = sections.get(s, row.id, key)
        if seen not in (ANY, present.revision_id or 0):
            raise PreconditionError(
                f"section {key} has changed since you read it",
                "Bring both texts together, then send the result with the new ETag.",
                current={**asdict(present), "status": present.status.value},
            )
        store = edits.accept if kind == "accepted" else edits.write
        stored = store(s, self.owner, row.id, key, text, count(text, _counter(row)))
        follow_text(s, row, key, text)
        return stored


def _refuse_empty(text: str) -> None:
    if not text.strip():
        raise RequestError("the text is empty", "Delete the section from the outline instead.")


def _counter(row: DocumentRow) -> Counter:
    return WritingRequest.model_validate(row.request).length.counter


def _revision(s: Session, row: DocumentRow, key: str, revision_id: int) -> Revision:
    found = revisions.get(s, row.id, revision_id)
    if found.section_key != key:
        raise NotFoundError(f"section {key} has no revision {revision_id}")
    return found
