"""A person's file becomes a document: its words are theirs, and no model changes them by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath, PureWindowsPath

from sqlalchemy.orm import Session

from core.errors import MediaTypeError, ProgramError, RequestError, TooLargeError
from domain.ledger.entries import Entry
from domain.length.contract import MAX_LENGTH, MIN_LENGTH, Length
from domain.outline.dissection import Dissected, dissect
from domain.request import WritingRequest
from domain.text.language import detect
from llm.cleaning import clean_text
from services.documents.memory import said_in
from services.publishing.word import markdown_of
from sources.encoding import decoded
from storage import documents, edits, facts, outlines, sections
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.idempotency import Once, run_once

MAX_BYTES = 20 << 20
"""Of a file."""
SUFFIXES = (".md", ".markdown", ".txt", ".docx")
MAX_TITLE = 100
"""Characters."""
AT_ONCE = 2
"""Files that are read at the same time; a hostile one takes a processor and half a gigabyte."""


@dataclass
class Imports:
    """Takes in the owner's files."""

    db: Database
    owner: str = LOCAL_OWNER
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def read(self, name: str, data: bytes, once: Once | None = None) -> str:
        """Store a file's text as a new document, finished and locked; returns its id.

        Its headings are its outline, its length is the one it has. It exports to the same
        Markdown, but for the way headings are marked and blank lines around them.

        Args:
            name: the file's; its suffix says of which kind it is.
            data: what is in it.
            once: the client's word that what comes twice is the same.

        Raises:
            TooLargeError: more than 20 MB, or a zip that unpacks to more than a document has.
            MediaTypeError: a kind of file that is not read.
            RequestError: there is no text in it, or it is damaged.
        """
        stem, _ = _names(name)
        markdown = await self.markdown(name, data)
        return await self.take(stem, markdown, once)

    async def markdown(self, name: str, data: bytes) -> str:
        """A file's text, which is not stored; arguments and errors as of `read`."""
        _, suffix = _names(name)
        if len(data) > MAX_BYTES:
            raise TooLargeError(f"the file has more than {MAX_BYTES >> 20} MB", "Split it.")
        async with self._room:
            return await asyncio.to_thread(_markdown, suffix, data)

    async def take(self, name: str, markdown: str, once: Once | None = None) -> str:
        """As `read`, for a text that is Markdown already.

        Args:
            name: what it is called where it does not begin with a title.
            markdown: the whole text.
            once: the client's word that what comes twice is the same.

        Raises:
            TooLargeError: it has more words than a document has.
            RequestError: there is no text in it.
        """
        stem = " ".join(clean_text(name).split()) or "Untitled"
        markdown = clean_text(markdown)
        async with self._room:
            found = await asyncio.to_thread(dissect, markdown)
        if not found.texts or not found.words:
            raise RequestError("there is no text in the file", "Choose another one.")
        if found.words > MAX_LENGTH:
            raise TooLargeError(f"the text has {found.words:,} words", "Split it.")
        title = (found.outline.title or stem)[:MAX_TITLE]
        request = _request(title, found, markdown)
        said = await asyncio.to_thread(said_in, found.texts)
        document_id, _ = await run_once(
            self.db, self.owner, once, lambda s: _store(s, self.owner, title, request, found, said)
        )
        return document_id


def _store(
    s: Session, owner: str, title: str, request: WritingRequest, found: Dissected,
    said: Mapping[str, Sequence[Entry]],
) -> str:  # fmt: skip
    row = documents.create(s, owner, title, request.model_dump(mode="json"))
    outlines.save(s, None, row.id, found.outline)
    outlines.approve(s, row.id)
    sections.sync(s, None, row.id, found.outline)
    for section in found.outline.sections:
        text = found.texts[section.key]
        edits.write(s, owner, row.id, section.key, text, section.target)
        facts.renew(s, row.id, section.key, text, said[section.key])
    return row.id


def _request(title: str, found: Dissected, markdown: str) -> WritingRequest:
    """What would have asked for such a text."""
    length = Length(max(MIN_LENGTH, found.words))
    language = detect(markdown) or "en"
    return WritingRequest(prompt=title, length=length, language=language)


def _names(name: str) -> tuple[str, str]:
    """A file's name without folders and suffix, and the suffix; raises MediaTypeError."""
    path = PurePosixPath(PureWindowsPath(clean_text(name)).name)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise MediaTypeError(
            f"files of the kind {suffix or 'without a suffix'!r} are not read",
            f"Files that are: {', '.join(SUFFIXES)}.",
        )
    return " ".join(path.stem.replace("_", " ").split()) or "Untitled", suffix


def _markdown(suffix: str, data: bytes) -> str:
    """The file's text as Markdown; raises as `Imports.read`."""
    if suffix == ".docx":
        try:
            return clean_text(markdown_of(data))
        except (ProgramError, RecursionError, KeyError, ValueError) as error:
            raise RequestError(
                "the Word document cannot be read", "Save it anew as .docx, or as text."
            ) from error
    return clean_text(decoded(data)[0])
