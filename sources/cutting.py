"""Knows how a text is cut to a measure: at headings, paragraphs, sentences, then words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import regex

from domain.text.sentences import spans

Measure = Callable[[str], int]
"""Counts a text in tokens, words or characters; the more text, the more."""
Span = tuple[int, int]

INSIDE, SENTENCE, PARAGRAPH, SECTION = range(4)
"""How good an end is: within a sentence, after one, after a paragraph, before a heading."""
_HANGING = -1
"""After a heading: as bad an end as there is."""
_LETTERS = 16
"""Characters in one unit of a measure, at most, where a text has no spaces."""
_WORDS = regex.compile(r"\S+\s*|\s+")


@dataclass(frozen=True)
class Stretch:
    """A stretch of text that is not cut unless it is too long by itself."""

    start: int
    end: int
    rank: int
    """How good it is to cut after it."""
    size: int


def stretches(
    text: str, blocks: list[tuple[int, bool]], measure: Measure, most: int
) -> list[Stretch]:
    """The text as stretches in order, each within the measure: no gap, no overlap.

    White space belongs to what stands before it.

    Args:
        text: the whole.
        blocks: offset of each block, ascending from 0, and whether it is a heading.
        measure: counts a stretch.
        most: what a stretch may have at most.
    """
    made: list[Stretch] = []
    ends = [*(start for start, _ in blocks[1:]), len(text)]
    headings = [heading for _, heading in blocks]
    for number, ((start, heading), end) in enumerate(zip(blocks, ends, strict=True)):
        last = SECTION if number + 1 < len(blocks) and headings[number + 1] else PARAGRAPH
        last = _HANGING if heading else last
        for piece, at in _sentences(text, start, end):
            rank = last if at == end else SENTENCE
            made += _within(text, (piece, at), rank, measure, most)
    return made


def cut(text: str, parts: list[Stretch], measure: Measure, least: int, most: int) -> list[Span]:
    """Spans that cover the text exactly once, none over the measure.

    Each ends where it is best to end between `least` and `most`, as late as that can be, and
    leaves `least` for the next one where there is a choice.

    Raises:
        ValueError: `least` is more than `most`.
    """
    if not 0 <= least <= most:
        raise ValueError(f"no cut has at least {least} and at most {most}")
    found: list[Span] = []
    left = sum(part.size for part in parts)
    at = 0
    while at < len(parts):
        after = _end(parts, at, left, least, most)
        while after > at + 1 and measure(text[parts[at].start : parts[after - 1].end]) > most:
            after -= 1  # together they have more than each by itself
        found.append((parts[at].start, parts[after - 1].end))
        left -= sum(part.size for part in parts[at:after])
        at = after
    return found


def _end(parts: list[Stretch], at: int, left: int, least: int, most: int) -> int:
    """The index after the last stretch of the span that begins at `at`."""
    if left <= most:
        return len(parts)
    best, after, size = (-2, -1, 0), at + 1, 0
    for index in range(at, len(parts)):
        size += parts[index].size
        if size > most:
            break
        fits = size >= least and left - size >= least
        quality = (int(fits), parts[index].rank if fits else min(parts[index].rank, 0), index)
        if quality > best:
            best, after = quality, index + 1
    return after


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """The sentences of a block, each up to where the next one begins."""
    begins = [start + left for left, _ in spans(text[start:end])]
    begins = [start, *begins[1:]]
    yield from zip(begins, [*begins[1:], end], strict=True)


def _within(text: str, span: Span, rank: int, measure: Measure, most: int) -> Iterator[Stretch]:
    """A sentence, or the parts of one that is too long: at words, else within them."""
    size = measure(text[span[0] : span[1]])
    if size <= most:
        yield Stretch(*span, rank, size)
        return
    words = [found.end() for found in _WORDS.finditer(text, *span)]
    start = span[0]
    while start < span[1]:
        first = bisect_right(words, start)
        end = _furthest(text, start, words[first : first + most], measure, most)
        inside = range(start + 1, min(span[1], start + _LETTERS * most) + 1)
        end = end or _furthest(text, start, inside, measure, most)
        if not end:
            raise ValueError(f"a single character has more than {most}")
        whole = end == span[1]
        yield Stretch(start, end, rank if whole else INSIDE, measure(text[start:end]))
        start = end


def _furthest(text: str, start: int, ends: Sequence[int], measure: Measure, most: int) -> int:
    """The last of the ascending ends up to which the text is within the measure; 0: none is.

    Doubles its steps and then halves them, so that what is measured stays near the measure.
    """
    low, step = -1, 1
    while low + step < len(ends) and measure(text[start : ends[low + step]]) <= most:
        low += step
        step *= 2
    while step > 1:
        step //= 2
        if low + step < len(ends) and measure(text[start : ends[low + step]]) <= most:
            low += step
    return ends[low] if low >= 0 else 0
