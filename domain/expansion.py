"""Knows what a summary says, statement by statement, and how a longer text divides that up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.length.budget import LEAF_HIGH, section_count
from domain.text.counter import count, paragraphs
from domain.text.sentences import spans
from domain.text.vocabulary import terms

MOST = 5_000
"""Statements."""
MAX_STATEMENT = 600
"""Characters; a longer sentence is cut."""


@dataclass(frozen=True)
class Expansion:
    """What a run writes out in full."""

    statements: tuple[str, ...]
    """Of the summary, in its order; each is said in the text."""

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Expansion:
        """Rebuild from the plain values that options are kept as."""
        return cls(tuple(data["statements"]))


def statements(summary: str) -> list[str]:
    """The sentences of a summary that say something; headings, code and rules are passed over."""
    found: list[str] = []
    for block in paragraphs(summary):
        for line in block.splitlines() if block.lstrip().startswith(("-", "*", "+")) else [block]:
            if line.lstrip().startswith(("#", "|", "```", "~~~")):
                continue
            text = " ".join(line.lstrip(" \t-*+>").split())
            found += [text[slice(*span)][:MAX_STATEMENT] for span in spans(text)]
    return [statement for statement in found if terms(statement)][:MOST]


def divided(said: Sequence[str], units: int) -> list[list[str]]:
    """The statements in groups, in their order: one group for each section of a longer text.

    Args:
        said: the statements, at least one.
        units: counted units of the text; no section gets much more than a call writes well, as
            far as there are statements to go round.
    """
    leaves = max(section_count(units)[1], -(-units // LEAF_HIGH))
    number = min(leaves, len(said))
    weights = [max(1, count(statement)) for statement in said]
    total, done = sum(weights), 0.0
    groups: list[list[str]] = [[] for _ in range(number)]
    for at, (statement, weight) in enumerate(zip(said, weights, strict=True)):
        place = min(number - 1, int(number * (done + weight / 2) / total))
        groups[min(place, at)].append(statement)
        done += weight
    return [group for group in groups if group]
