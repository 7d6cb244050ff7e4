"""Knows how a Word document is read: what it prints, as blocks."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import docx
from docx.document import Document
from docx.opc.exceptions import OpcError
from lxml import etree

from core.errors import RequestError
from sources import packing
from sources.extract import Draft, Piece
from sources.hidden import visible_text

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE = frozenset((f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}pPr", _FALLBACK))
"""Deleted, moved away, a field's code, a paragraph's properties, the same once more."""
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\n]+")
_UNREADABLE = (OpcError, etree.XMLSyntaxError, KeyError, ValueError, AttributeError, RecursionError)


def read(data: bytes) -> Draft:
    """The blocks of a .docx: title, headings, paragraphs, tables; notes at the end.

    Raises:
        TooLargeError: it unpacks to more than a document has.
        RequestError: it is damaged, encrypted, or no Word document.
    """
    packing.check(data)
    try:
        opened = docx.Document(io.BytesIO(data))
        if opened.element.getroottree().docinfo.doctype:
            raise ValueError("entities of its own, which no Word document has")
        levels = _levels(opened)
        pieces = [*_pieces(opened.element.body, levels), *_notes(opened)]
        title = next((piece.text for piece in pieces if piece.level == -1), "")
        title = title or (opened.core_properties.title or "").strip()
    except _UNREADABLE as error:
        raise RequestError(
            "the Word document cannot be read", "Save it anew as .docx, or as text."
        ) from error
    kept = tuple(piece for piece in pieces if piece.level >= 0)
    return Draft(kept, visible_text(title))


def _levels(opened: Document) -> dict[str, int]:
    """Style → level of heading; -1 for a title, 0 for an item of a list."""
    found: dict[str, int] = {}
    for style in opened.styles:
        name = style.name or ""
        if heading := _HEADING.fullmatch(name):
            found[style.style_id] = int(heading[1])
        elif name == "Title" or name.startswith("List "):
            found[style.style_id] = -1 if name == "Title" else 0
    return found


def _pieces(body: Any, levels: dict[str, int]) -> Iterator[Piece]:
    """The blocks of a body in order; what is inside a table belongs to the table."""
    inside = 0
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if element.tag == f"{_W}tbl":
            inside += 1 if event == "start" else -1
            if event == "end" and not inside and (text := _table(element)):
                yield Piece("table", text)
        elif element.tag == f"{_W}p" and event == "start" and not (inside or _framed(element)):
            yield from _pieces_of(element, levels)


def _pieces_of(paragraph: Any, levels: dict[str, int]) -> Iterator[Piece]:
    """A paragraph as a block, if it has words."""
    text = _line(paragraph)
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    outline = paragraph.find(f"{_W}pPr/{_W}outlineLvl")
    known = levels.get(style.get(f"{_W}val", "")) if style is not None else None
    level = known or 0
    if not level and outline is not None and (value := outline.get(f"{_W}val", "9")).isdigit():
        level = int(value) + 1 if int(value) < 9 else 0
    listed = known == 0 or paragraph.find(f"{_W}pPr/{_W}numPr") is not None
    if text:
        yield Piece("heading" if level else "item" if listed else "paragraph", text, level)


def _framed(paragraph: Any) -> bool:
    """Whether a paragraph stands in a text box, whose words its anchor's paragraph has."""
    return next(paragraph.iterancestors(f"{_W}txbxContent"), None) is not None


def _line(root: Any) -> str:
    """The words that are printed under an element, in one line."""
    parts: list[str] = []
    gone = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        if tag in _GONE or (tag == f"{_W}r" and _vanishes(element)):
            gone += 1 if event == "start" else -1
        elif event == "end" and tag == f"{_W}p" and element is not root:
            parts.append(" ")
        elif event == "start" and not gone:
            if tag in (f"{_W}t", _MATH):
                parts.append(element.text or "")
            elif tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
                parts.append(" ")
            elif tag == f"{_W}noBreakHyphen":
                parts.append("-")
    return _SPACE.sub(" ", visible_text("".join(parts))).strip()


def _vanishes(run: Any) -> bool:
    """Whether a run's text is hidden, by itself; what a style hides is not known."""
    for name in ("vanish", "webHidden"):
        mark = run.find(f"{_W}rPr/{_W}{name}")
        if mark is not None and mark.get(f"{_W}val", "1") not in ("0", "false", "off"):
            return True
    return False


def _table(table: Any) -> str:
    rows = (
        " | ".join(_line(cell) for cell in row.iter(f"{_W}tc"))
        for row in table.iterchildren(f"{_W}tr")
    )
    return "\n".join(row for row in rows if row.strip(" |"))


def _notes(opened: Document) -> Iterator[Piece]:
    """Footnotes and endnotes, in their order; separators have no words."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for part in opened.part.package.iter_parts():
        if part.partname in ("/word/footnotes.xml", "/word/endnotes.xml"):
            for note in etree.fromstring(part.blob, parser):
                if text := _line(note):
                    yield Piece("note", text)
