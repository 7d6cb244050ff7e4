"""What a document has said, as a person sees and corrects it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.errors import ConflictError, NotFoundError, PreconditionError, RequestError
from domain.ledger.entries import PENDING, Entry, Kind, Ledger, Status, edit, note, section_order
from domain.text.offsets import Utf16
from services.documents.lookup import document_row
from services.documents.memory import follow_text, remembers
from storage import facts, library, sections
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.tables import DocumentRow, FactRow

ANY = -1
"""Stands for whatever version an entry has."""
MOST_NOTES = 500
"""Of a person's own, in one document."""
_FOR: Mapping[bool, tuple[Status, ...]] = {
    True: ("open", "kept", "closed", "hidden"),
    False: ("stands", "hidden"),
}
"""What an entry may be, by whether something is yet to come of it."""


@dataclass(frozen=True)
class Kept:
    """An entry as it is stored."""

    entry: Entry
    version: int
    start16: int | None = None
    """Where its words begin in the section's text, in UTF-16 code units; None: nowhere."""
    end16: int | None = None


@dataclass(frozen=True)
class Wish:
    """What a person changes of an entry; None: it stays."""

    subject: str | None = None
    attribute: str | None = None
    value: str | None = None
    status: Status | None = None


@dataclass
class Ledgers:
    """The ledgers of the owner's documents; documents go by their own or a run's id."""

    db: Database
    owner: str = LOCAL_OWNER

    async def all_of(self, document: str) -> list[Kept]:
        """Every entry, hidden ones too, in reading order; raises NotFoundError."""

        def work(s: Session) -> list[Kept]:
            row = document_row(s, self.owner, document)
            stored = sections.all_of(s, row.id)
            wide = {x.key: Utf16(x.text) for x in stored if x.text}
            place = {x.key: number for number, x in enumerate(stored)}
            found = [_kept(each, wide.get(each.section_key)) for each in facts.rows_of(s, row.id)]
            return sorted(found, key=lambda kept: _order(kept.entry, place))

        return await self.db.run(work, write=False)

    async def get(self, document: str, id: str) -> Kept:
        """One entry; raises NotFoundError."""
        return await self.db.run(
            lambda s: _one(s, document_row(s, self.owner, document).id, id), write=False
        )

    async def edit(self, document: str, id: str, wish: Wish, seen: int = ANY) -> Kept:
        """Change an entry on a person's decision: nothing automatic changes it back.

        Args:
            document: its id, or a run's.
            id: the entry's.
            wish: what is to be different.
            seen: the version that was looked at; or `ANY`.

        Raises:
            NotFoundError: no such document or entry.
            PreconditionError: the entry is another one by now; `current` holds it.
            RequestError: nothing is said, or such an entry cannot have that state.
            ConflictError: the document lies in the trash.
        """

        def work(s: Session) -> Kept:
            row = self._open(s, document)
            old = _seen(facts.row_of(s, row.id, id), seen)
            _check(old, wish)
            new = edit(
                Ledger((old,)), id, value=wish.value, subject=wish.subject,
                attribute=wish.attribute, status=wish.status,
            )  # fmt: skip
            facts.put(s, row.id, new.entries)
            return _one(s, row.id, id)

        return await self.db.run(work)

    async def show(self, document: str, id: str) -> Kept:
        """Have a hidden entry count again; raises as `edit`."""
        kept = await self.get(document, id)
        again: Status = "open" if kept.entry.kind in PENDING else "stands"
        return await self.edit(document, id, Wish(status=again), kept.version)

    async def note(
        self, document: str, kind: Kind, subject: str, attribute: str, value: str,
        section: str = "",
    ) -> Kept:  # fmt: skip
        """Add what a person knows; the same once more changes nothing.

        Args:
            document: its id, or a run's.
            kind: of what.
            subject: what it is said of.
            attribute: which side of it.
            value: what is said.
            section: where it belongs; empty: to the whole document.

        Raises:
            NotFoundError: no such document or section.
            RequestError: something is left empty.
            ConflictError: the document lies in the trash, or has too many notes.
        """
        status: Status = "open" if kind in PENDING else "stands"
        own = Entry(kind, subject, attribute, value, section, status=status, origin="user")
        _check(own, Wish(subject, attribute, value))

        def work(s: Session) -> Kept:
            row = self._open(s, document)
            if section:
                sections.get(s, row.id, section)
            _refuse_too_many(s, row.id)
            (made,) = note(Ledger(), own).entries
            if not facts.has(s, row.id, made.id):
                facts.put(s, row.id, (made,))
            return _one(s, row.id, made.id)

        return await self.db.run(work)

    async def remove(self, document: str, id: str, seen: int = ANY) -> None:
        """Take a person's own note away; what the text says can only be hidden.

        Raises:
            NotFoundError: no such document or entry.
            PreconditionError: the entry is another one by now.
            ConflictError: the text says it, or the document lies in the trash.
        """

        def work(s: Session) -> None:
            row = self._open(s, document)
            found = facts.row_of(s, row.id, id)
            if _seen(found, seen).origin != "user":
                raise ConflictError(
                    "the text says this: it would be found again", "Hide the entry instead."
                )
            facts.remove(s, found)

        await self.db.run(work)

    async def renew(self, document: str) -> list[Kept]:
        """Read the sentences of all sections anew: of a document from before there was a memory.

        Raises:
            NotFoundError: no such document.
            ConflictError: it lies in the trash, or is not to be remembered.
        """

        def work(s: Session) -> str:
            row = self._open(s, document)
            if not remembers(row):
                raise ConflictError(
                    "this document was asked for without a memory", 'Ask with memory "text".'
                )
            for section in sections.all_of(s, row.id):
                follow_text(s, row, section.key, section.text)
            return row.id

        return await self.all_of(await self.db.run(work))

    def _open(self, s: Session, document: str) -> DocumentRow:
        row = document_row(s, self.owner, document)
        library.refuse_trash(row)
        return row


def _one(s: Session, document_id: str, id: str) -> Kept:
    row = facts.row_of(s, document_id, id)
    if not row.quote:
        return _kept(row, None)
    try:
        text = sections.get(s, document_id, row.section_key).text
    except NotFoundError:
        text = ""
    return _kept(row, Utf16(text))


def _kept(row: FactRow, wide: Utf16 | None) -> Kept:
    entry = facts.entry_of(row)
    if not entry.quote or wide is None:
        return Kept(entry, row.version)
    return Kept(entry, row.version, wide.at(entry.start), wide.at(entry.end))


def _seen(row: FactRow, seen: int) -> Entry:
    if seen not in (ANY, row.version):
        raise PreconditionError(
            f"entry {row.entry} has changed since you read it",
            "Look at it again, then send your change with the new ETag.",
            current={"id": row.entry, "value": row.value, "status": row.status},
        )
    return facts.entry_of(row)


def _check(entry: Entry, wish: Wish) -> None:
    for name, given in (("subject", wish.subject), ("attribute", wish.attribute),
                        ("value", wish.value)):  # fmt: skip
        if given is not None and not given.strip():
            raise RequestError(f"the {name} is empty", "Say what it is, or hide the entry.")
    allowed = _FOR[entry.kind in PENDING]
    if wish.status is not None and wish.status not in allowed:
        raise RequestError(
            f"an entry of the kind {entry.kind} cannot be {wish.status}",
            f"It can be: {', '.join(allowed)}.",
        )


def _refuse_too_many(s: Session, document_id: str) -> None:
    if facts.notes(s, document_id) >= MOST_NOTES:
        raise ConflictError(
            f"the document has {MOST_NOTES} notes already", "Remove those no longer needed."
        )


def _order(entry: Entry, place: Mapping[str, int]) -> tuple[object, ...]:
    return place.get(entry.section, -1), section_order(entry.section), entry.start, entry.id
