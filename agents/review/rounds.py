"""The loop of judging and revising: bounded, the best version kept, with the reason it ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from domain.critique import Critique, Level

Version = TypeVar("Version")

CLEAN = "the critic named nothing severe"
MENDED = "nothing severe is left"
SPENT = "the rounds are used up"
PLATEAU = "a revision was no better by its own scores"
STUCK = "no change could be made"
UNSCORED = "there is no verdict"


@dataclass(frozen=True)
class Outcome(Generic[Version]):
    """The version to keep, its verdict, and why there is no further round."""

    version: Version
    critique: Critique
    first: Critique
    """The verdict before the first round."""
    rounds: int
    """Revisions that were made, kept or not."""
    kept: int
    """Those that took the place of what they came from."""
    why: str

    def told(self) -> dict[str, Any]:
        """What watchers and later readers learn of it, as plain JSON values."""
        return {
            "rounds": self.rounds, "kept": self.kept, "why": self.why,
            "before": self.first.quality, "after": self.critique.quality,
            "issues": len(self.critique.issues),
        }  # fmt: skip


async def improve(
    first: Version,
    judge: Callable[[Version, int], Awaitable[Critique]],
    revise: Callable[[Version, Critique, int], Awaitable[Version | None]],
    rounds: int,
    least: Level = Level.MAJOR,
) -> Outcome[Version]:
    """Judge, and revise what is severe, at most `rounds` times.

    A revision takes the place of what it came from only if it is better by the judge's own words
    (`Critique.better_than`); a verdict that cannot be read makes no version better. So the version
    kept is never worse than an earlier one, whatever the judge says, and there are at most
    `rounds` revisions and one verdict more.

    Args:
        first: the version to begin with.
        judge: the verdict on a version; the number tells the rounds apart.
        revise: a version without the severe issues, or None where none can be made.
        rounds: revisions at most.
        least: issues below this level are left alone.
    """
    best, made, kept = first, 0, 0
    start = critique = await judge(first, 0)
    while not (why := _ended(critique, made, rounds, least)):
        version = await revise(best, critique, made + 1)
        if version is None:
            why = STUCK
            break
        made += 1
        verdict = await judge(version, made)
        if not verdict.better_than(critique, least):
            why = PLATEAU if verdict.quality is not None else verdict.reason or UNSCORED
            break
        best, critique, kept = version, verdict, kept + 1
    return Outcome(best, critique, start, made, kept, why)


def _ended(critique: Critique, made: int, rounds: int, least: Level) -> str:
    """Why there is to be no further round; empty if there is."""
    if critique.quality is None:
        return critique.reason or UNSCORED
    if not critique.severe(least):
        return MENDED if made else CLEAN
    return SPENT if made >= rounds else ""
