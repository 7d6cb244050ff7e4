"""Knows what was read from a file: its blocks in order, and where each of them stands."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Format = Literal["md", "txt", "html", "pdf", "docx"]
Kind = Literal["heading", "paragraph", "item", "quote", "table", "code", "note"]
"""`item`: of a list; `note`: a footnote, after the text that it belongs to."""

GAP = "\n\n"
"""What stands between two blocks in the whole text."""
MAX_HEADING = 200
"""Characters of a heading in a place; a longer one is cut."""
_DEEPEST = 6


@dataclass(frozen=True)
class Piece:
    """A block as a reader of one format finds it."""

    kind: Kind
    text: str
    level: int = 0
    """Of a heading, from 1; 0 for anything else."""
    page: int = 0
    """From 1; 0 where the format has none."""


@dataclass(frozen=True)
class Draft:
    """What a reader of one format makes of a file."""

    pieces: tuple[Piece, ...]
    title: str = ""
    encoding: str = ""
    """What its bytes were taken for; empty where the format knows it by itself."""
    pages: int = 0


@dataclass(frozen=True)
class Place:
    """Where a block stands, so that a reader finds it again."""

    page: int = 0
    """From 1, counted from the file's first page; 0 where there are none."""
    headings: tuple[str, ...] = ()
    """Those above it, the outermost first."""


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph, an item, a table, a piece of code."""

    kind: Kind
    text: str
    place: Place
    level: int = 0


@dataclass(frozen=True)
class Extract:
    """A file's text: what of it a reader sees, nothing else."""

    title: str
    language: str
    """An ISO 639-1 code; empty where it cannot be told."""
    format: Format
    encoding: str
    pages: int
    blocks: tuple[Block, ...]

    @cached_property
    def text(self) -> str:
        """The whole text: every block, a blank line between two."""
        return GAP.join(block.text for block in self.blocks)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The offset in `text` at which each block begins."""
        found, at = [], 0
        for block in self.blocks:
            found.append(at)
            at += len(block.text) + len(GAP)
        return tuple(found)

    @cached_property
    def id(self) -> str:
        """16 hex digits of its content: the same text has the same id, whatever its file's name."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    def index_at(self, offset: int) -> int:
        """The index of the block that holds the character at `offset`, or stands before it."""
        return max(0, bisect_right(self.starts, offset) - 1)


def placed(pieces: Iterable[Piece]) -> tuple[Block, ...]:
    """The pieces as blocks that know the headings above them."""
    path: list[tuple[int, str]] = []
    made: list[Block] = []
    for piece in pieces:
        level = min(piece.level, _DEEPEST) if piece.kind == "heading" else 0
        if level:
            path = [(above, name) for above, name in path if above < level]
        place = Place(piece.page, tuple(name for _, name in path))
        made.append(Block(piece.kind, piece.text, place, level))
        if level:
            path.append((level, piece.text[:MAX_HEADING]))
    return tuple(made)
