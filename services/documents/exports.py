"""Documents as files: Markdown and JSON at once, the other formats by programs that are called."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from core.errors import ConflictError, RequestError
from domain.outline.assembly import pieces
from services.documents.lookup import Document
from services.publishing.citing import cited
from services.publishing.formats import FORMATS, Book
from services.publishing.front import Front, plain_title
from services.publishing.reading import read

AT_ONCE = 2
"""Files that are made at the same time; each takes a processor."""


@dataclass(frozen=True)
class Exported:
    """A document as a file."""

    content: bytes
    media_type: str
    extension: str
    """Without the dot."""


@dataclass
class Exports:
    """Makes files of documents, a few at a time."""

    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def make(self, document: Document, format: str, *, numbered: bool = False) -> Exported:
        """The document as a file, as far as it is written.

        Args:
            document: with text.
            format: one of `NAMES`.
            numbered: whether headings are numbered; Markdown and JSON stay as they are.

        Raises:
            RequestError: unknown format.
            ConflictError: nothing is written yet.
            ProgramError: a program that makes such files failed or is missing.
        """
        if format not in FORMATS:
            text = export(document, format)
            return Exported(text.encode("utf-8", "replace"), MEDIA_TYPES[format], format)
        _check_text(document)
        kind = FORMATS[format]
        async with self._room:
            content = await asyncio.to_thread(lambda: kind.make(_book(document, numbered)))
        return Exported(content, kind.media_type, kind.extension)


def export(document: Document, format: str) -> str:
    """The document as text, at once: `md` or `json`.

    Raises:
        RequestError: another format.
        ConflictError: nothing is written yet.
    """
    try:
        make = TEXTS[format]
    except KeyError:
        raise RequestError(
            f"unknown format {format!r}", f"Use one of: {', '.join(NAMES)}."
        ) from None
    _check_text(document)
    return make(document)


def _check_text(document: Document) -> None:
    if not document.markdown:
        raise ConflictError(
            f"document {document.id} has no text yet", "Resume its run: python app.py runs"
        )


def _book(document: Document, numbered: bool) -> Book:
    outline = document.outline
    assert outline is not None  # it has text
    made = datetime.fromisoformat(document.created_at)
    front = Front(
        document.id, plain_title(outline.title or document.title), document.request.language,
        made.date().isoformat(),
    )  # fmt: skip
    texts, references = document.cited.texts, document.cited.references
    blocks = read([*pieces(outline, texts), *document.after], outline.top)
    return Book(front, cited(blocks, len(references)), int(made.timestamp()), numbered)


def _markdown(document: Document) -> str:
    return document.markdown


def _json(document: Document) -> str:
    data: dict[str, Any] = {
        "id": document.id,
        "title": document.title,
        "created_at": document.created_at,
        "request": document.request.model_dump(mode="json"),
        "outline": document.outline.to_dict() if document.outline else None,
        "sections": [
            {"key": x.key, "heading": x.heading, "target": x.target, "words": x.words,
             "status": x.status.value, "author": x.author,
             "text": document.cited.texts.get(x.key, x.text)}
            for x in document.sections
        ],
        "references": [asdict(entry) for entry in document.entries],
        "scores": [{"section": key, **score.to_dict()} for key, score in document.scores],
        "markdown": document.markdown,
    }  # fmt: skip
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


TEXTS: dict[str, Callable[[Document], str]] = {"md": _markdown, "json": _json}
MEDIA_TYPES = {
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
    **{name: format.media_type for name, format in FORMATS.items()},
}
PRINTABLE = (*TEXTS, "txt", "html", "latex")
"""Formats that are text."""
NAMES = (*TEXTS, *FORMATS)
"""Every format, the plainest first."""
