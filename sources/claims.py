"""Knows which sentences claim that a source says so, and what in them no passage holds."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import regex

from domain.text.counter import words
from domain.text.sentences import spans
from sources.citations import Given
from sources.marks import Mark, blanked, highest, marks
from sources.passages import Passage

_NUMBER = regex.compile(
    r"(?<![\p{L}\d.,])\d{1,3}(?:[,'’\u00a0\u202f]\d{3}){1,9}(?!\d)(?:\.\d{1,30})?|\d{1,30}(?:\.\d{1,30})?"
)
_GROUPS = regex.compile(r"[,'’\u00a0\u202f]")
_BEFORE_STOP = regex.compile(" (?=[.,;:!?。，；：！？])")
_INDENT = 24
"""Characters looked back at for the beginning of a line."""
_ITEM = regex.compile(r"\s*(?:\(?\d{1,4}[.)、]|#{1,6}\s+\d[\d.]*)\s+")
_QUOTED = regex.compile(
    r"“([^“”\n]{2,500})”|\"([^\"\n]{2,500})\"|«([^«»\n]{2,500})»|「([^「」\n]{2,500})」"
    r"|『([^『』\n]{2,500})』|„([^„“\n]{2,500})“"
)


@dataclass(frozen=True)
class Claim:
    """A sentence that cites passages."""

    sentence: str
    """Without its citation marks."""
    start: int
    """Offset in the text."""
    end: int
    numbers: tuple[int, ...]
    """As they are cited, in order."""
    passages: tuple[Passage, ...]
    """What each of the numbers points at."""


@dataclass(frozen=True)
class Doubt:
    """What a claim says and none of its passages does: perhaps unsupported, to be judged."""

    claim: Claim
    numbers: tuple[str, ...]
    """As the sentence writes them."""
    quotes: tuple[str, ...]
    """Quoted words."""


def claims(text: str, given: Given) -> tuple[Claim, ...]:
    """The sentences that cite known passages, in order.

    A mark after a full stop belongs to the sentence before it.

    Args:
        text: Markdown, with its own numbers or the document's.
        given: what the numbers mean; those that mean nothing are passed over.
    """
    found = list(marks(text, highest(given)))
    bare = blanked(text, found)
    sentences = spans(bare)
    starts = [start for start, _ in sentences]
    cited: dict[int, list[int]] = {}
    for mark in found:
        at = _sentence(bare, sentences, bisect_left(starts, mark.start) - 1, mark)
        if at is not None:
            numbers = cited.setdefault(at, [])
            numbers += [number for number in mark.numbers(given)[0] if number not in numbers]
    return tuple(
        _claim(bare, sentences[at], numbers, given)
        for at, numbers in sorted(cited.items())
        if numbers
    )


def doubts(found: tuple[Claim, ...]) -> tuple[Doubt, ...]:
    """The claims that have numbers or quoted words which none of their passages has.

    Numbers are compared by value (1,862 is 1862, 3.50 is 3.5), as digits only; quotations by
    their words, whatever their case and punctuation. A doubt is no verdict: a writer may have
    rounded or reckoned.
    """
    made = []
    for claim in found:
        told = "\n".join(
            f"{' '.join(passage.place.headings)}\n{passage.text}" for passage in claim.passages
        )
        known = {_value(number) for number in _numbers(told)}
        numbers = [number for number in _numbers(_unlisted(claim)) if _value(number) not in known]
        held = _squeezed(told)
        quotes = [quote for quote in _quotes(claim.sentence) if _squeezed(quote) not in held]
        if numbers or quotes:
            made.append(Doubt(claim, tuple(dict.fromkeys(numbers)), tuple(quotes)))
    return tuple(made)


def _claim(bare: str, span: tuple[int, int], numbers: list[int], given: Given) -> Claim:
    sentence = _BEFORE_STOP.sub("", " ".join(bare[slice(*span)].split()))
    return Claim(sentence, *span, tuple(numbers), tuple(given[number] for number in numbers))


def _sentence(bare: str, sentences: list[tuple[int, int]], before: int, mark: Mark) -> int | None:
    """The index of the sentence that a mark belongs to; `before` begins last before the mark."""
    end = sentences[before][1] if before >= 0 else 0
    if end > mark.start:
        return before
    if _begins_line(bare, mark):
        return before + 1 if before + 1 < len(sentences) else None
    return before if before >= 0 and "\n" not in bare[end : mark.start] else None


def _begins_line(bare: str, mark: Mark) -> bool:
    """Whether no word stands before a mark on its line: it then belongs to what follows."""
    before, feed, indent = bare[max(0, mark.start - _INDENT) : mark.start].rpartition("\n")
    return (bool(feed) or mark.start <= _INDENT) and not any(map(str.isalnum, indent))


def _unlisted(claim: Claim) -> str:
    """The sentence without the number of an item or a heading that it begins with."""
    return _ITEM.sub("", claim.sentence, count=1) if _ITEM.match(claim.sentence) else claim.sentence


def _numbers(text: str) -> list[str]:
    return [found[0] for found in _NUMBER.finditer(unicodedata.normalize("NFKC", text))]


def _value(number: str) -> Decimal | str:
    try:
        return Decimal(_GROUPS.sub("", number)).normalize()
    except InvalidOperation:
        return number


def _quotes(text: str) -> list[str]:
    return [next(filter(None, found.groups())) for found in _QUOTED.finditer(text)]


def _squeezed(text: str) -> str:
    """The words of a text, folded, a space around each."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return f" {' '.join(words(folded))} "
