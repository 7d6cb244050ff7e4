"""The owner's library: cards page by page, names, archive, trash."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.errors import RequestError
from domain.request import WritingRequest
from domain.run import RunStatus
from services.housekeeping import Housekeeping
from services.runs.review import review_of
from storage import copies, documents, library
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.idempotency import Once, run_once
from storage.library import Place, Shelf
from storage.orphans import at_work
from storage.tables import DocumentRow

MAX_TITLE = 300
"""Characters."""


@dataclass(frozen=True)
class Card:
    """A document as a list shows it."""

    id: str
    title: str
    kind: str
    language: str
    words: int
    target: int
    unit: str
    """What both are counted in: `words` or `characters`."""
    status: str
    """Of its last run; `imported` where there was none."""
    run_id: str
    """The last run; empty where there was none."""
    length_score: float
    """S_l, 0 to 100."""
    quality: float | None
    """S_q of the critic, 0 to 100; None: unscored."""
    shelf: Shelf
    created_at: str
    updated_at: str
    live: bool
    """Whether a process works on it."""
    interrupted: bool
    """Whether its last run can be gone on with and nobody does."""
    reason: str
    """Why its last run does not go on; empty otherwise."""


@dataclass(frozen=True)
class Page:
    """Some cards, and where the next ones begin."""

    cards: tuple[Card, ...]
    next: str
    """What `page` takes as its cursor for more; empty: there are no more."""


@dataclass
class Library:
    """The documents of one owner."""

    db: Database
    housekeeping: Housekeeping
    owner: str = LOCAL_OWNER

    async def page(
        self, shelf: Shelf = "open", *, cursor: str = "", limit: int = 50, search: str = "",
        interrupted: bool = False,
    ) -> Page:  # fmt: skip
        """Cards, newest first; raises RequestError for a cursor that is none."""
        after = _place(cursor) if cursor else None
        chosen = library.interrupted if interrupted else library.page

        def work(s: Session) -> Page:
            rows = chosen(s, self.owner, shelf, limit + 1, after, search)
            more = len(rows) > limit
            shown = rows[:limit]
            return Page(tuple(_card(s, row) for row in shown), _cursor(shown[-1]) if more else "")

        return await self.db.run(work, write=False)

    async def card(self, document_id: str) -> Card:
        """One document; raises NotFoundError."""
        return await self.db.run(
            lambda s: _card(s, documents.get(s, self.owner, document_id)), write=False
        )

    async def duplicate(self, document_id: str, once: Once | None = None) -> Card:
        """Make a copy of a document, with a run of its own; see `storage.copies`.

        Raises:
            NotFoundError: there is none.
            ConflictError: it lies in the trash.
            RequestError: the key stands for another request.
        """

        def work(s: Session) -> str:
            row = documents.get(s, self.owner, document_id)
            library.refuse_trash(row)
            return copies.duplicate(s, self.owner, row.id, _copy_of(row)).id

        made, _ = await run_once(self.db, self.owner, once, work)
        return await self.card(made)

    async def rename(self, document_id: str, title: str) -> Card:
        """Give a document another title; raises NotFoundError, RequestError."""
        name = " ".join(title.split())
        if not name or len(name) > MAX_TITLE:
            raise RequestError(f"a title has 1 to {MAX_TITLE} characters")

        def work(s: Session) -> Card:
            documents.set_title(s, self.owner, document_id, name)
            return _card(s, documents.get(s, self.owner, document_id))

        return await self.db.run(work)

    async def put(self, document_id: str, shelf: Shelf) -> Card:
        """Move a document to the archive, to the trash, or back.

        Raises:
            NotFoundError: there is none.
            ConflictError: a living process works on what is to go to the trash.
        """
        return await self.db.run(lambda s: _card(s, library.put(s, self.owner, document_id, shelf)))

    async def purge(self, document_id: str) -> None:
        """Delete a document for good, journal, history and events included.

        Raises:
            NotFoundError: there is none.
            ConflictError: a living process works on it.
        """
        await self.housekeeping.delete(document_id)


def _card(s: Session, row: DocumentRow) -> Card:
    request = WritingRequest.model_validate(row.request)
    run, words = library.last_run(s, row.id), library.length(s, row.id)
    shelf: Shelf = "trash" if row.deleted_at else "archive" if row.archived_at else "open"
    return Card(
        id=row.id,
        title=row.title,
        kind=request.kind,
        language=request.language,
        words=words,
        target=request.length.required,
        unit=request.unit,
        status=RunStatus(run.status).value if run else "imported",
        run_id=run.id if run else "",
        length_score=round(request.length.s_l(words), 2),
        quality=review_of(s, run.id).quality if run else None,
        shelf=shelf,
        created_at=row.created_at.isoformat(),
        updated_at=library.changed_at(s, row, run).isoformat(),
        live=run is not None and at_work(run),
        interrupted=library.is_interrupted(run),
        reason=run.reason if run else "",
    )


def _copy_of(row: DocumentRow) -> str:
    """The title of a copy, in the document's language as far as it has one here."""
    mark = "（副本）" if row.request.get("language") == "zh" else " (copy)"
    return row.title[: MAX_TITLE - len(mark)] + mark


def _cursor(row: DocumentRow) -> str:
    text = f"{row.created_at.isoformat()} {row.id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _place(cursor: str) -> Place:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        made, _, document_id = base64.b64decode(padded, b"-_", True).decode().partition(" ")
        moment = dt.datetime.fromisoformat(made)
    except (ValueError, binascii.Error):
        raise RequestError("the cursor is none of ours", "Begin without one.") from None
    if moment.tzinfo is None:
        raise RequestError("the cursor is none of ours", "Begin without one.")
    return moment, document_id
