"""Knows what going on with a text means: which sections stay, how much comes, what it sums to."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from core.errors import TooLargeError
from domain.length.contract import ABOVE, BELOW, MAX_LENGTH, SENTENCE, SHORT, Length
from domain.outline.plan import Outline, Part
from domain.text.counter import Counter


@dataclass(frozen=True)
class Continuation:
    """What a run adds to a text that is there."""

    words: int
    """Counted units that are to be added."""
    kept: tuple[str, ...] = ()
    """Keys of the sections that were there before; nothing automatic changes them."""
    reference: str = ""
    """Id of the document that goes before, where that is not to become part of the new one."""

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Continuation:
        """Rebuild from the plain values that options are kept as."""
        return cls(data["words"], tuple(data.get("kept") or ()), data.get("reference") or "")

    def extended(self, outline: Outline) -> bool:
        """Whether a plan has more than the sections that were there before."""
        kept = set(self.kept)
        return any(
            not part.sections or any(section.key not in kept for section in part.sections)
            for part in outline.parts
        )


def length_with(there: int, added: int, counter: Counter) -> Length:
    """The contract of a whole to which `added` units come, `there` being fixed.

    What is allowed to be off is measured on what is added alone: a book is no excuse for a
    chapter of any length.

    Raises:
        TooLargeError: together they are more than a document may have.
    """
    slack = SENTENCE if added < SHORT else 0
    low = there + added - max(slack, math.floor(added * BELOW))
    high = there + added + max(slack, math.floor(added * ABOVE))
    if high > MAX_LENGTH:
        raise TooLargeError(
            f"with {added:,} more the text has {there + added:,} words", "Go on with less."
        )
    return Length(max(20, low), relation="range", counter=counter, high=max(20, high))


def extended(outline: Outline, more: Outline, keys: list[str]) -> Outline:
    """A plan with further parts behind its own, under keys that nothing has had.

    A text of one single section prints no heading above it; it must not get one now.

    Args:
        outline: of the text that is there.
        more: the plan of what comes.
        keys: one for each part of `more`.
    """
    own = outline.parts
    if len(own) == 1 and len(own[0].sections) == 1:
        only = replace(own[0].sections[0], heading="")
        own = (replace(own[0], heading="", sections=(only,)),)
    taken = {name.casefold() for part in own for name in (part.heading, *_names(part)) if name}
    parts = [_keyed(part, key, taken) for part, key in zip(more.parts, keys, strict=True)]
    total = outline.target + more.target
    return replace(outline, parts=(*own, *parts), target=total, source=more.source)


def _names(part: Part) -> list[str]:
    return [section.heading for section in part.sections]


def _keyed(part: Part, key: str, taken: set[str]) -> Part:
    heading, number = part.heading, 1
    while heading.casefold() in taken:
        number += 1
        heading = f"{part.heading} {number}"
    taken.add(heading.casefold())
    sections = tuple(replace(section, key=key, heading=heading) for section in part.sections)
    return replace(part, key=key, heading=heading, sections=sections)
