"""Citation marks become numbers of one reference list, by code: a mark to nothing goes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from domain.score import Finding, Severity
from sources.extract import Place
from sources.marks import Mark, highest, marks, written
from sources.passages import Passage

GATE = "citations"
MOST_FINDINGS = 50
_TURNS = 50
"""Times that a text is gone over: what was removed may have kept a mark apart."""

Given = Mapping[int, Passage]
"""The passages that a section's writer was shown, by their numbers there."""


@dataclass(frozen=True)
class Reference:
    """An entry of the reference list: one place in one source."""

    number: int
    source: str
    title: str
    place: Place
    passages: tuple[Passage, ...]
    """Those cited that begin there, in order of first use."""


@dataclass(frozen=True)
class Resolved:
    """A section's text with the document's numbers in it."""

    text: str
    findings: tuple[Finding, ...]


class Bibliography:
    """The references of one document, numbered in order of first use.

    Sections are resolved in reading order; a number once given does not change, so a text that
    has been resolved may be shown before the next one is written.
    """

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, Place], int] = {}
        self._passages: dict[int, list[Passage]] = {}

    @property
    def references(self) -> tuple[Reference, ...]:
        """What has been cited so far."""
        return tuple(
            Reference(number, source, self._passages[number][0].title, place,
                      tuple(self._passages[number]))
            for (source, place), number in self._numbers.items()
        )  # fmt: skip

    @property
    def given(self) -> dict[int, Passage]:
        """What the numbers in resolved texts mean: with it, resolving them changes nothing."""
        return {number: cited[0] for number, cited in self._passages.items()}

    def resolve(self, text: str, given: Given, key: str = "", *, kept: bool = False) -> Resolved:
        """A section's text with the document's numbers for its own.

        Args:
            text: Markdown.
            given: what its numbers mean; empty where it had no passages.
            key: the section's, for findings.
            kept: whether marks to nothing stay as they are: they may be a person's.
        """
        sound, lost = (text, []) if kept else without_lost(text, given)
        out, at = [], 0
        for mark in marks(sound, highest(given)):
            found, missing = mark.numbers(given)
            if missing:
                continue
            out += [sound[at : mark.start], written(self._number(given[n]) for n in found)]
            at = mark.end
        findings = tuple(
            Finding(GATE, Severity.WARN, f"a citation points to nothing: {told}; removed", key)
            for told in lost[:MOST_FINDINGS]
        )
        return Resolved("".join([*out, sound[at:]]), findings)

    def _number(self, passage: Passage) -> int:
        place = (passage.source, passage.place)
        number = self._numbers.setdefault(place, len(self._numbers) + 1)
        cited = self._passages.setdefault(number, [])
        if passage not in cited:
            cited.append(passage)
        return number


def resolved(
    sections: Iterable[tuple[str, str, Given]], *, kept: bool = False
) -> tuple[list[Resolved], tuple[Reference, ...]]:
    """A whole document's texts, and its references.

    Args:
        sections: key, text and passages of each, in reading order.
        kept: whether marks to nothing stay as they are.
    """
    bibliography = Bibliography()
    texts = [bibliography.resolve(text, given, key, kept=kept) for key, text, given in sections]
    return texts, bibliography.references


def without_lost(text: str, known: Collection[int]) -> tuple[str, list[str]]:
    """The text without numbers that point to nothing, and the marks that had them.

    A mark goes with the space before it, or after it where it begins a line; one that has other
    numbers keeps these.

    Args:
        text: Markdown.
        known: the numbers that mean something.
    """
    told: list[str] = []
    for _ in range(_TURNS):
        out, at = [], 0
        for mark in marks(text, highest(known)):
            found, lost = mark.numbers(known)
            if not lost:
                continue
            told.append(text[mark.start : mark.end])
            if found:
                out += [text[at : mark.start], written(found)]
                at = mark.end
            else:
                start, end = _with_space(text, mark)
                out.append(text[at:start])
                at = max(at, end)
        if not out:
            break
        text = "".join([*out, text[at:]])
    return text, told


def _with_space(text: str, mark: Mark) -> tuple[int, int]:
    """Start and end of a mark and one space beside it."""
    start = mark.start - mark.gap
    if start == 0 or text[start - 1] == "\n":
        return mark.start, mark.end + (text[mark.end : mark.end + 1] in (" ", "\t"))
    return start, mark.end
