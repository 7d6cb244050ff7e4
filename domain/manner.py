"""Knows what can be counted of how somebody writes, and what is usual of each such figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True)
class Usual:
    """Between which values most edited prose lies; ours, from essays, reports and stories."""

    low: float
    high: float

    def place(self, value: float) -> float:
        """Where a value lies, 0 to 1: up to 1/3 is low, from 2/3 on is high."""
        if value <= self.low:
            return value / self.low / 3 if self.low else 0.0
        if value >= self.high:
            return 1 - self.high / value / 3 if value else 1.0
        return 1 / 3 + (value - self.low) / (self.high - self.low) / 3


USUAL: Final[Mapping[str, Usual]] = {
    "sentence": Usual(13, 21),
    "sentence_spread": Usual(0.4, 0.65),
    "paragraph": Usual(50, 110),
    "ease": Usual(40, 65),
    "variety": Usual(0.66, 0.76),
    "commas": Usual(45, 75),
    "semicolons": Usual(0.5, 4),
    "colons": Usual(1, 5),
    "dashes": Usual(1, 7),
    "brackets": Usual(1, 6),
    "questions": Usual(0.5, 4),
    "exclamations": Usual(0.2, 2),
    "quoted": Usual(0.01, 0.08),
    "contractions": Usual(1, 10),
    "first_person": Usual(2, 20),
    "first_plural": Usual(1, 8),
    "second_person": Usual(1, 8),
    "connectives": Usual(4, 12),
    "linked_openings": Usual(0.05, 0.18),
    "headings": Usual(0.5, 4),
    "items": Usual(0.03, 0.2),
}
"""Figures by name, as they are shown. `sentence`, `paragraph`: mean words; `sentence_spread`:
standard deviation by mean; `ease`: Flesch; `variety`: share of different words in 100 in a row;
`quoted`: share of characters; `linked_openings`: share of sentences; `items`: share of blocks that
are lists; the others: in 1,000 words."""
USUAL_CHINESE: Final[Mapping[str, Usual]] = {
    **{name: usual for name, usual in USUAL.items() if name not in ("ease", "contractions")},
    "sentence": Usual(24, 42),
    "paragraph": Usual(80, 200),
    "variety": Usual(0.68, 0.78),
    "commas": Usual(50, 75),
    "first_person": Usual(2, 15),
}
"""The same for Chinese, in characters."""
_ANYWHERE = frozenset({"sentence_spread", "paragraph", "sentence", "commas", "semicolons", "colons",
                       "dashes", "brackets", "questions", "exclamations", "quoted", "headings",
                       "items"})  # fmt: skip
"""What can be counted in a language whose words are not known."""


def usual(language: str) -> Mapping[str, Usual]:
    """The figures that are counted in a language, and what is usual of each."""
    if language == "zh":
        return USUAL_CHINESE
    if language == "en":
        return USUAL
    return {name: each for name, each in USUAL.items() if name in _ANYWHERE}


@dataclass(frozen=True)
class Manner:
    """How texts are written, in figures."""

    language: str
    words: int
    """Counted units of all texts together."""
    figures: Mapping[str, float] = field(default_factory=dict)
    """Name, as in `USUAL`, to value; what could not be counted is left out."""
    favourites: tuple[str, ...] = ()
    """Connectives that are used most, from a list of ours, the most frequent first."""

    def places(self) -> dict[str, float]:
        """Where each figure lies among what is usual, 0 to 1; see `Usual.place`."""
        known = usual(self.language)
        return {name: round(known[name].place(value), 3)
                for name, value in self.figures.items() if name in known}  # fmt: skip

    def distance(self, other: Manner) -> float:
        """How far another manner is from this one, 0 to 1: the mean difference of places.

        0 for manners that share no figure.
        """
        mine, theirs = self.places(), other.places()
        shared = mine.keys() & theirs.keys()
        return sum(abs(mine[name] - theirs[name]) for name in shared) / len(shared) if shared else 0

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; `from_dict` is the inverse."""
        return {"language": self.language, "words": self.words, "figures": dict(self.figures),
                "favourites": list(self.favourites)}  # fmt: skip

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Manner:
        """Rebuild from `to_dict`'s value."""
        figures = {str(name): float(value) for name, value in data["figures"].items()}
        return cls(data["language"], int(data["words"]), figures, tuple(data["favourites"]))
