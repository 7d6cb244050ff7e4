"""`export` and `import`: getting a document out, and a text of one's own in."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from cli.connect import services
from cli.files import check_writable, save_bytes
from cli.output import put_json, say
from core.errors import RequestError, TooLargeError
from services.documents.exports import NAMES, PRINTABLE, Exported
from services.documents.imports import MAX_BYTES
from services.documents.lookup import Document


def run_export(document: str, format: str, out: Path | None, *, numbered: bool) -> None:
    """Print or save a document.

    Raises:
        RequestError: unknown format, or one that cannot be printed and no file to save it to.
    """
    if out is not None:
        check_writable(out)
    elif format in NAMES and format not in PRINTABLE:
        raise RequestError(f"{format} is no text to print", f"Name a file: --out document.{format}")
    made = asyncio.run(_exported(document, format, numbered))
    if out is not None:
        save_bytes(out, made.content)
        say(f"Saved to {out}")
    else:
        sys.stdout.write(made.content.decode())


def run_import(file: Path, as_json: bool) -> None:
    """Take a file in and say which document it is now.

    Raises:
        RequestError: it cannot be read, or there is no text in it.
    """
    document = asyncio.run(_imported(file.name, content_of(file)))
    words = sum(section.words for section in document.sections)
    if as_json:
        return put_json(
            {"document_id": document.id, "title": document.title, "words": words,
             "sections": len(document.sections), "language": document.request.language}
        )  # fmt: skip
    sys.stdout.write(f"{document.id}\n")
    counted = f"{words:,} {document.request.unit} in {len(document.sections)} sections"
    say(f"{document.title}: {counted}. Look: python app.py export {document.id}")


def content_of(file: Path) -> bytes:
    """What is in a file; raises RequestError, TooLargeError."""
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise RequestError(f"{file} cannot be read: {error.strerror}", "Check its name.") from error
    if len(data) > MAX_BYTES:
        raise TooLargeError(f"{file} has more than {MAX_BYTES >> 20} MB", "Split it.")
    return data


async def _exported(document: str, format: str, numbered: bool) -> Exported:
    async with services() as built:
        found = await built.documents.get(document)
        return await built.exports.make(found, format, numbered=numbered)


async def _imported(name: str, data: bytes) -> Document:
    async with services() as built:
        return await built.documents.get(await built.imports.read(name, data))
