"""Knows which citations of a model's text may stand: to what it was shown, within a sentence."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from domain.text.sentences import TERMINALS, spans
from sources.citations import without_lost
from sources.marks import Mark, blanked, highest, marks, written

_CLOSERS = "\"'”’»›」』）)】》〉*_"
_WIDE = "\u2e80"
"""From here on scripts need no space before a mark."""


@dataclass(frozen=True)
class Grounded:
    """A model's text with the citations that may stand."""

    text: str
    lost: tuple[str, ...]
    """The marks that pointed to nothing, as they were written."""


def grounded(text: str, known: Collection[int]) -> Grounded:
    """The text with sound citations only; done again, it changes nothing.

    A mark to nothing goes. A range that means only a part of itself names that part, so that it
    means no more when other numbers come to be known. A mark after a full stop moves before it:
    whoever cuts the text at sentences then never parts a claim from its citation.

    Args:
        text: Markdown.
        known: the numbers that the model was shown.
    """
    if not any(bracket in text for bracket in "[［【"):
        return Grounded(text, ())
    sound, lost = without_lost(text, known)
    return Grounded(_inside(_exact(sound, known), highest(known)), tuple(lost))


def cited(text: str, known: Collection[int]) -> list[int]:
    """The known numbers that a text cites, each once, in order."""
    found = (mark.numbers(known)[0] for mark in marks(text, highest(known)))
    return list(dict.fromkeys(number for numbers in found for number in numbers))


def _exact(text: str, known: Collection[int]) -> str:
    """The text with every number of every mark known."""
    out, at = [], 0
    for mark in marks(text, highest(known)):
        found, _ = mark.numbers(known)
        if len(found) == len({n for first, last in mark.ranges for n in range(first, last + 1)}):
            continue
        out += [text[at : mark.start], written(found)]
        at = mark.end
    return "".join([*out, text[at:]])


def _inside(text: str, most: int) -> str:
    """The text with marks moved before the full stop that they follow."""
    found = list(marks(text, most))
    ends = {end for _, end in spans(blanked(text, found))}
    out, at = [], 0
    for run in _runs(text, found):
        head = text[at : run[0].start].rstrip(" \t")
        end = at + len(head)
        stop = _stop(head)
        if end not in ends or stop == len(head):
            continue
        said = " ".join(text[mark.start : mark.end] for mark in run)
        gap = "" if head[stop - 1 : stop] >= _WIDE else " "
        out += [head[:stop], gap, said, head[stop:]]
        at = run[-1].end
    return "".join([*out, text[at:]])


def _runs(text: str, found: list[Mark]) -> list[list[Mark]]:
    """Marks with nothing but blanks between them, together."""
    runs: list[list[Mark]] = []
    for mark in found:
        if runs and not text[runs[-1][-1].end : mark.start].strip(" \t"):
            runs[-1].append(mark)
        else:
            runs.append([mark])
    return runs


def _stop(head: str) -> int:
    """Where the full stop at the end of a text begins; its length where there is none."""
    bare = head.rstrip(_CLOSERS)
    stop = len(bare.rstrip(TERMINALS))
    return stop if 0 < stop < len(bare) else len(head)
