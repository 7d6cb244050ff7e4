"""A person's own texts: taken in from files or pasted, shown, deleted; documents draw on them."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath, PureWindowsPath

from sqlalchemy.orm import Session

from agents.material.meaning import EMBEDDED
from core.setting_groups import SourcesSettings
from domain.notes import Notes
from llm.cleaning import clean_text
from sources import reading
from sources.extract import Extract
from sources.limits import Limits
from sources.passages import Passage
from storage import documents, events, notes, sources
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.library import last_run
from storage.sources import StoredSource

AT_ONCE = 2
"""Files that are read at the same time: each may take a processor and half a gigabyte."""
MAX_NAME = 200
"""Characters of a file's name."""
PASTED = ""
"""The name of a text that came without a file."""


@dataclass
class Sources:
    """The owner's sources."""

    db: Database
    settings: SourcesSettings = field(default_factory=SourcesSettings)
    owner: str = LOCAL_OWNER
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    @property
    def limits(self) -> Limits:
        """How much of one file is read."""
        chosen = self.settings
        return Limits(bytes=chosen.file_mb << 20, pages=chosen.pages, seconds=chosen.seconds)

    async def add(self, name: str, data: bytes) -> StoredSource:
        """Read a file and keep its text; the same text again is the source there is.

        Args:
            name: the file's; folders in it are dropped, its suffix must agree with the content.
            data: Markdown, plain text, HTML, PDF or .docx.

        Raises:
            MediaTypeError: it is of a kind that is not read, or not what its name says.
            TooLargeError: it has, or takes, more than the settings allow.
            RequestError: it is damaged, locked, or has no text.
            LimitExceededError: the owner has as many sources as the settings allow.
        """
        file = file_name(name)
        return await self._keep(file, data, lambda: reading.read(file, data, self.limits))

    async def paste(self, text: str, title: str = "") -> StoredSource:
        """Keep a pasted text, Markdown or HTML; raises as `add`.

        Args:
            text: what was pasted.
            title: what it is called; empty: its own title, else its first words.
        """
        data = text.encode("utf-8", "replace")
        limits = self.limits
        return await self._keep(PASTED, data, lambda: reading.read_pasted(text, title, limits))

    async def listing(self) -> list[StoredSource]:
        """All of them, newest first."""
        return await self.db.run(lambda s: sources.listing(s, self.owner), write=False)

    async def get(self, source_id: str) -> StoredSource:
        """One of them; raises NotFoundError."""
        return await self.db.run(lambda s: sources.get(s, self.owner, source_id), write=False)

    async def text(self, source_id: str) -> str:
        """Its whole text; raises NotFoundError."""
        found = await self.db.run(
            lambda s: sources.extract_of(s, self.owner, source_id), write=False
        )
        return found.text

    async def passages(self, source_id: str) -> tuple[Passage, ...]:
        """What of it can be found and cited, in reading order; raises NotFoundError."""
        return await self.db.run(
            lambda s: sources.passages(s, self.owner, [source_id]), write=False
        )

    async def documents(self, source_id: str) -> list[str]:
        """Ids of the documents that draw on it; raises NotFoundError."""

        def work(s: Session) -> list[str]:
            return sources.users(s, self.owner, sources.get(s, self.owner, source_id).id)

        return await self.db.run(work, write=False)

    async def notes(self, document_id: str) -> Notes | None:
        """What was noted of a document's sources; None where nothing is, or not yet.

        Raises:
            NotFoundError: there is no such document.
        """

        def work(s: Session) -> Notes | None:
            return notes.find(s, documents.get(s, self.owner, document_id).id)

        return await self.db.run(work, write=False)

    async def found_by(self, document_id: str) -> tuple[str, str]:
        """Who makes vectors that a document's passages are found by, and why there are none.

        Empty texts for a last run that wanted none; raises NotFoundError.
        """

        def work(s: Session) -> tuple[str, str]:
            run = last_run(s, documents.get(s, self.owner, document_id).id)
            told = events.of_type(s, run.id, EMBEDDED) if run else []
            return (told[-1].data["model"], told[-1].data["why"]) if told else ("", "")

        return await self.db.run(work, write=False)

    async def delete(self, source_id: str) -> None:
        """Delete one; raises NotFoundError, or ConflictError while a document draws on it."""
        await self.db.run(lambda s: sources.delete(s, self.owner, source_id))

    async def _keep(self, name: str, data: bytes, read: Callable[[], Extract]) -> StoredSource:
        async with self._room:
            extract = await asyncio.to_thread(read)
        digest, most = hashlib.sha256(data).hexdigest(), self.settings.per_owner
        return await self.db.run(lambda s: sources.add(s, self.owner, extract, name, digest, most))


def file_name(name: str) -> str:
    """A file's name without folders and control characters, and not too long."""
    bare = " ".join(clean_text(PurePosixPath(PureWindowsPath(name).name).name).split())
    path = PurePosixPath(bare)
    return bare if len(bare) <= MAX_NAME else path.stem[:MAX_NAME] + path.suffix[-20:]
