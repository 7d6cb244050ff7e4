"""What the engine says, in the page's language: its English sentences as patterns, translated."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import takewhile
from pathlib import Path

Pattern = tuple[Sequence[str], str]
"""Words and names of gaps by turns, and the translation."""

_GAP = re.compile(r"\{(\w+)\}")
_DEEPEST = 3
"""Sentences inside of sentences that are translated too."""


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Translations by pattern, the longest pattern first; empty for English.

    A pattern is the English sentence without its full stop; what varies in it is a `{name}`.
    """
    if language != "zh":
        return {}
    found: dict[str, str] = {}
    for path in sorted(Path(__file__).parent.glob("*.toml")):
        for table in tomllib.loads(path.read_text(encoding="utf-8")).values():
            found |= table
    return dict(sorted(found.items(), key=lambda each: -len(_GAP.sub("", each[0]))))


def said(text: str, language: str) -> str:
    """A sentence of the engine in a language; as it is where there is no translation.

    `static/js/phrasebook.js` does the same for islands.
    """
    return _translated(text, _patterns(language), _DEEPEST) or text


@cache
def _patterns(language: str) -> tuple[Pattern, ...]:
    return tuple((_GAP.split(text), other) for text, other in catalogue(language).items())


def _translated(text: str, patterns: Sequence[Pattern], depth: int) -> str:
    """The translation; empty: there is none."""
    bare = text.removesuffix(".")
    if not bare or not depth or not patterns:
        return ""
    stop = "" if bare == text else "。"
    if "; " in bare:  # several findings as one reason
        each = (_translated(part, patterns, depth - 1) for part in bare.split("; "))
        parts = list(takewhile(bool, each))
        if len(parts) > bare.count("; "):
            return "；".join(parts) + stop
    for pieces, translation in patterns:
        values = _values(pieces, bare)
        if values is not None:
            own = {name: _translated(x, patterns, depth - 1) or x for name, x in values.items()}
            return _filled(translation, own) + stop
    place, _, rest = bare.partition(": ")  # what is wrong where: a field, a line, a part
    told = _translated(rest, patterns, depth - 1)
    return f"{_translated(place, patterns, depth - 1) or place}：{told}{stop}" if told else ""


def _filled(translation: str, values: Mapping[str, str]) -> str:
    return _GAP.sub(lambda gap: values[gap[1]], translation)


def _values(pieces: Sequence[str], text: str) -> dict[str, str] | None:
    """What stands in a pattern's gaps; None where the text is not of this pattern. Linear."""
    first, last = pieces[0], pieces[-1]
    if not text.startswith((first[:1].lower() + first[1:], first[:1].upper() + first[1:])):
        return None
    if len(pieces) == 1:
        return {} if len(text) == len(first) else None
    at, end = len(first), len(text) - len(last)
    values: dict[str, str] = {}
    for name, words in zip(pieces[1:-2:2], pieces[2:-1:2], strict=True):
        found = text.find(words, at, max(at, end))
        if found < 0:
            return None
        values[name], at = text[at:found], found + len(words)
    if at > end or not text.endswith(last):
        return None
    return {**values, pieces[-2]: text[at:end]}
