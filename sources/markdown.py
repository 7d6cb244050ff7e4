"""Knows how Markdown is read: its blocks as a reader sees them, without marks and hidden HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.text.markdown import fence_mark, readable, without_front_matter
from sources.encoding import decoded
from sources.extract import Draft, Kind, Piece
from sources.hidden import visible_text
from sources.lines import joined
from sources.tags import Shown

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|$)(.*)")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})[ \t]*")
_ITEM = re.compile(r"[ \t]*(?:[-+*]|\d{1,9}[.)])[ \t]+(?=\S)")
_QUOTE = re.compile(r" {0,3}(?:>[ \t]?)+")
_NOTE = re.compile(r" {0,3}\[\^[^\]\n]{1,100}\]:[ \t]*")
_SPACES = re.compile("[ \t]{2,}")
_TABLE_RULE = frozenset(" \t|:-")


def read(data: bytes) -> Draft:
    """The blocks of a Markdown text; raises RequestError for what is no text."""
    text, encoding = decoded(data)
    pieces: list[Piece] = []
    shown = Shown()
    for is_code, lines in _parts(without_front_matter(visible_text(text))):
        if not is_code:
            pieces += _prose(shown.text("\n".join(lines)).split("\n"))
        elif not shown.hiding and any(line.strip() for line in lines):
            pieces.append(Piece("code", "\n".join(lines).strip("\n")))
    return Draft(tuple(pieces), encoding=encoding)


def _parts(text: str) -> Iterator[tuple[bool, list[str]]]:
    """The lines between code fences, and whether they are code."""
    held: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = fence_mark(line, fence)
        if not mark:
            held.append(line)
            continue
        yield bool(fence), held
        held, fence = [], "" if fence else mark
    yield bool(fence), held


def _prose(lines: list[str]) -> Iterator[Piece]:
    """The blocks of lines without code fences."""
    held: list[str] = []
    kind: Kind = "paragraph"
    for line in [*lines, ""]:
        heading = _HEADING.fullmatch(line)
        if not heading and held and kind == "paragraph" and _UNDERLINE.fullmatch(line):
            yield from _block("heading", held, 1 if line.strip()[0] == "=" else 2)
            held = []
            continue
        begun = _begun(line)
        if held and (heading or not line.strip() or (begun and (begun != kind or begun == "item"))):
            yield from _block(kind, held)
            held = []
        if heading:
            yield from _block("heading", [heading[2].rstrip("# \t")], len(heading[1]))
        elif line.strip():
            kind = (begun or "paragraph") if not held else kind
            held.append(line)


def _begun(line: str) -> Kind | None:
    """The kind of block that a line can only begin or go on with; None: any."""
    if line.lstrip().startswith("|"):
        return "table"
    if _NOTE.match(line):
        return "note"
    if _QUOTE.match(line):
        return "quote"
    return "item" if _ITEM.match(line) else None


def _block(kind: Kind, lines: list[str], level: int = 0) -> Iterator[Piece]:
    """The lines as one block, if a reader sees anything of it."""
    if kind == "table":
        text = "\n".join(_row(line) for line in lines if not _TABLE_RULE.issuperset(line))
    else:
        marks = {"quote": _QUOTE, "item": _ITEM, "note": _NOTE}
        bare = [marks[kind].sub("", line, count=1) for line in lines] if kind in marks else lines
        text = joined(
            [line for line in readable("\n".join(bare)).split("\n") if line.strip()] or [""]
        )
    text = _SPACES.sub(" ", text).strip()
    if text:
        yield Piece(kind, text, level)


def _row(line: str) -> str:
    cells = line.strip().strip("|").split("|")
    return " | ".join(readable(cell).strip() for cell in cells)
