"""What is found, shown to a writer and cited: passages of some 80 to 200 words."""

from __future__ import annotations

from dataclasses import dataclass

from domain.text.counter import cjk_share, words
from sources.chunks import ids, place_of, spans_of
from sources.extract import Extract, Place

LEAST = 80
MOST = 200
"""Words of a passage; a short source, and the end of one, may have fewer."""
CJK = 1.6
"""Chinese, Japanese or Korean characters that say as much as an English word."""
_SAMPLE = 20_000


@dataclass(frozen=True)
class Passage:
    """A few sentences of a source."""

    id: str
    """By content; unique within its source."""
    source: str
    """The id of the source."""
    title: str
    """The source's."""
    text: str
    place: Place
    """Where it begins."""
    start: int
    """Offset in the extract's text."""
    end: int


def passages(extract: Extract, source: str = "") -> tuple[Passage, ...]:
    """The extract's text in passages that cover it exactly once, in order.

    Args:
        extract: what was read.
        source: the id that it is kept under; empty: its own.
    """
    wide = cjk_share(extract.text[:_SAMPLE]) > 0.5
    least, most = (int(bound * CJK) if wide else bound for bound in (LEAST, MOST))
    found = spans_of(extract, lambda text: sum(1 for _ in words(text)), least, most)
    texts = [extract.text[start:end].strip() for start, end in found]
    return tuple(
        Passage(id, source or extract.id, extract.title, text, place_of(extract, *span), *span)
        for id, text, span in zip(ids(texts), texts, found, strict=True)
        if text
    )
