"""Knows how many examples, questions, tables and the like a text holds, as far as marks show it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import regex

from domain.text.sentences import sentences
from evaluators.mentions import MOST_PLACES, Sightings
from evaluators.structure import Line, lines, without_code

_F = regex.IGNORECASE
_EXAMPLE = regex.compile(
    r"\b(?:for (?:example|instance)|e\.g\.|such as|to illustrate|(?:an|one|another) example"
    r"|example (?:\d|one|two|three|four|five)|a case in point|case stud(?:y|ies))"
    r"|例如|比如|譬如|举例|例子|为例|案例|诸如|事例|实例",
    _F,
)
_MAYBE_EXAMPLE = regex.compile(
    r"\b(?:consider|take|imagine|suppose|picture|think of|like|including|case|examples?"
    r"|illustrat\w+|say|one|once|when)\b|如|像|假设|想象|试想|有一次|某",
    _F,
)
_QUOTATION = regex.compile(r"“([^“”\n]{1,600})”|\"([^\"\n]{1,600})\"|「([^「」\n]{1,600})」")
_FEWEST_QUOTED: Final = 20
"""Characters from which words in quotation marks are a quotation for sure (CJK: a third)."""
_LINK = regex.compile(
    r"(?<!!)\[[^\[\]\n]{1,200}\]\([^()\s]{1,500}\)|(?<![(\w])https?://[^\s)]{3,500}"
)
_IMAGE = regex.compile(r"!\[[^\[\]\n]{0,200}\]\([^()\s]{1,500}\)")
_FIGURE = regex.compile(r"\b(?:figure|fig\.)\s?\d|图\s?\d", _F)
_CITATION = regex.compile(
    r"\[\^?\d{1,4}\]|\(\p{Lu}[\p{L}'’&., -]{1,60}?,? (?:1[5-9]|20)\d\d[a-z]?\)"
    r"|（[^（）\n]{1,30}(?:1[5-9]|20)\d\d）"
)


def tally(text: str, sort: str) -> Sightings:
    """How many things of a sort `text` (Markdown) holds; `sort` is one of `countables.SORTS`.

    Raises KeyError for another sort.
    """
    return _TALLIES[sort](text)


def _all(found: list[tuple[int, int]], more: int = 0) -> Sightings:
    return Sightings(len(found), len(found) + more, tuple(found[:MOST_PLACES]))


def _spans(pattern: regex.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [found.span() for found in pattern.finditer(without_code(text))]


def _examples(text: str) -> Sightings:
    found = _spans(_EXAMPLE, text)
    maybe = sum(bool(_MAYBE_EXAMPLE.search(one)) and not _EXAMPLE.search(one)
                for one in sentences(text))  # fmt: skip
    return _all(found, maybe)


def _questions(text: str) -> Sightings:
    return _all([found.span() for found in regex.finditer(r"[?？]+", without_code(text))])


def _quotations(text: str) -> Sightings:
    found = list(_QUOTATION.finditer(without_code(text)))
    sure = [f.span() for f in found if _is_long(f[1] or f[2] or f[3] or "")]
    blocks = _runs(text, "quote")
    return _all([*sure, *blocks], len(found) - len(sure))


def _is_long(words: str) -> bool:
    return len(words) >= (_FEWEST_QUOTED if words.isascii() else _FEWEST_QUOTED // 3)


def _runs(text: str, kind: str) -> list[tuple[int, int]]:
    """Runs of lines of a kind."""
    found: list[tuple[int, int]] = []
    before = ""
    for line in lines(text):
        if line.kind == kind and before == kind:
            found[-1] = (found[-1][0], line.end)
        elif line.kind == kind:
            found.append((line.start, line.end))
        before = line.kind
    return found


def _rows(text: str, kind: str) -> list[Line]:
    return [line for line in lines(text) if line.kind == kind]


def _images(text: str) -> Sightings:
    return _all(_spans(_IMAGE, text), len(_spans(_FIGURE, text)))


_TALLIES: Final[dict[str, Callable[[str], Sightings]]] = {
    "examples": _examples,
    "questions": _questions,
    "quotations": _quotations,
    "tables": lambda text: _all(_runs(text, "table")),
    "list items": lambda text: _all([(row.start, row.end) for row in _rows(text, "item")]),
    "code blocks": lambda text: _all(_runs(text, "code")),
    "links": lambda text: _all(_spans(_LINK, text)),
    "images": _images,
    "citations": lambda text: _all(_spans(_CITATION, text)),
}
