"""Knows how much of a file is read: bytes, pages, characters, depth, seconds and memory."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What a file may be and what its reading may take; more is refused, never cut off."""

    bytes: int = 20 << 20
    pages: int = 2_000
    """Of a PDF: three or four long books."""
    characters: int = 3_000_000
    """Of the text that comes out: some 500,000 English words."""
    line: int = 200_000
    """Characters of one paragraph: thirty thousand words without a break are no text."""
    depth: int = 256
    """Elements inside one another."""
    lines: int = 200_000
    """Of a text, and paragraphs of any file."""
    step: float = 4.0
    """Seconds of processor time for a page of a PDF, or for the whole of any other file."""
    seconds: float = 60.0
    """For all of it, by the clock."""
    memory: int = 512 << 20
    """Bytes of address space that the reading process has, its libraries included."""
