"""What a critic says of a text: grades, and issues with their places and remedies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from statistics import fmean

DIMENSIONS = (
    "relevance", "accuracy", "coherence", "clarity", "breadth_and_depth", "reading_experience",
)  # fmt: skip
"""Of LongBench-Write (arXiv 2408.07055), graded 1 to 5."""

KINDS = (
    "entity_omission", "event_omission", "causal_omission", "salience", "discontinuity",
    "duplication", "inconsistency", "language", "coverage", "overlap",
)  # fmt: skip
"""BooookScore's types of error (arXiv 2310.00785), and two of the section's contract: a key point
that is not treated, and matter that is another section's."""

UNSUPPORTED = "unsupported"
"""Kind of an issue that no critic names: a sentence says what the passage it cites does not."""


def quality_of(grades: Iterable[int]) -> float:
    """S_q of LongBench-Write, 0 to 100, of grades from 1 to 5: the mean of (grade - 1) * 25."""
    return fmean((grade - 1) * 25 for grade in grades)


class Level(IntEnum):
    """How much an issue matters."""

    MINOR = 1
    MAJOR = 2
    CRITICAL = 3


@dataclass(frozen=True)
class Issue:
    """One thing to mend."""

    kind: str
    """One of `KINDS`, or `UNSUPPORTED`."""
    level: Level
    problem: str
    fix: str = ""
    quote: str = ""
    """The words it is about, as they stand in the text; empty: the section as a whole."""
    section: str = ""
    """Key of the section it is in."""

    @property
    def local(self) -> bool:
        """Whether changing the quoted words mends it; else the section is to be rewritten."""
        return bool(self.quote)


@dataclass(frozen=True)
class Critique:
    """A verdict. Without grades it is *unscored*, says why, and asks for nothing."""

    grades: dict[str, int] = field(default_factory=dict)
    """1 to 5 for each of `DIMENSIONS`, or empty."""
    issues: tuple[Issue, ...] = ()
    reason: str = ""
    """Why it is unscored."""

    @property
    def quality(self) -> float | None:
        """S_q of LongBench-Write, 0 to 100; None where it is unscored."""
        return quality_of(self.grades.values()) if self.grades else None

    def severe(self, least: Level) -> tuple[Issue, ...]:
        """The issues of that level or above, worst first."""
        found = [issue for issue in self.issues if issue.level >= least]
        return tuple(sorted(found, key=lambda issue: -issue.level))

    def weight(self, least: Level) -> int:
        """The sum of the levels of `severe`; 0 is best."""
        return sum(issue.level for issue in self.severe(least))

    def better_than(self, other: Critique, least: Level) -> bool:
        """Whether neither grades nor severe issues are worse, and one of them is better.

        An unscored verdict is better than none.
        """
        mine, theirs = self.quality, other.quality
        if mine is None or theirs is None:
            return False
        weights = self.weight(least), other.weight(least)
        no_worse = mine >= theirs and weights[0] <= weights[1]
        return no_worse and (mine > theirs or weights[0] < weights[1])
