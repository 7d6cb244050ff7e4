"""What a reader of a long text is given at a time: chunks of bounded tokens, in order."""

from __future__ import annotations

import hashlib
from collections import Counter as Tally
from collections.abc import Iterable
from dataclasses import dataclass

from sources.cutting import Measure, cut, stretches
from sources.extract import Extract, Place

LEAST = 0.8
"""Share of the bound from which on a chunk may end early, where that is a better place."""
SMALLEST = 16
"""Tokens of the smallest bound: a single character may have several."""


@dataclass(frozen=True)
class Chunk:
    """A part of an extract's text."""

    id: str
    """By content: the same words have the same id, wherever they stand."""
    number: int
    """From 1, in reading order."""
    text: str
    start: int
    """Offset in the extract's text."""
    end: int
    place: Place
    """Where it begins."""


def chunks(extract: Extract, count: Measure, most: int) -> tuple[Chunk, ...]:
    """The text in chunks that cover it exactly once, in order.

    A chunk ends before a heading where one comes within the last fifth of the bound, else after
    a paragraph, else after a sentence; a sentence that is too long by itself is cut at a word.

    Args:
        extract: what was read.
        count: the tokens of a text, such as `Tokens.budget_count`.
        most: tokens of a chunk, at least 16; none has more.

    Raises:
        ValueError: `most` is too small.
    """
    if most < SMALLEST:
        raise ValueError(f"a chunk has room for at least {SMALLEST} tokens")
    found = spans_of(extract, count, int(LEAST * most), most)
    texts = [extract.text[start:end] for start, end in found]
    return tuple(
        Chunk(id, number, text, *span, place_of(extract, *span))
        for number, (id, text, span) in enumerate(zip(ids(texts), texts, found, strict=True), 1)
    )


def spans_of(extract: Extract, measure: Measure, least: int, most: int) -> list[tuple[int, int]]:
    """Start and end of the parts of an extract's text; see `cutting.cut`."""
    headings = [block.kind == "heading" for block in extract.blocks]
    blocks = list(zip(extract.starts, headings, strict=True))
    parts = stretches(extract.text, blocks, measure, most)
    return cut(extract.text, parts, measure, least, most)


def place_of(extract: Extract, start: int, end: int) -> Place:
    """Where the text between two offsets begins; headings that it begins with are above it."""
    index = extract.index_at(start)
    page = extract.blocks[index].place.page
    while extract.blocks[index].kind == "heading":
        if index + 1 == len(extract.blocks) or extract.starts[index + 1] >= end:
            break
        index += 1
    return Place(page, extract.blocks[index].place.headings)


def ids(texts: Iterable[str]) -> list[str]:
    """12 hex digits of each text, white space aside; a text that comes again is numbered."""
    seen: Tally[str] = Tally()
    made = []
    for text in texts:
        id = hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:12]
        seen[id] += 1
        made.append(id if seen[id] == 1 else f"{id}-{seen[id]}")
    return made
