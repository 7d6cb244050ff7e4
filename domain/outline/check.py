"""What makes an outline one that can be used: keys told apart, headings, lengths that sum up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from domain.outline.plan import Division, Outline, Part, SectionPlan


@dataclass(frozen=True)
class OutlineProblem:
    """One reason why an outline cannot be used as it is."""

    key: str
    message: str


@dataclass(frozen=True)
class OutlineCheck:
    """What the deterministic checks of an outline found (metrics: ids unique, sums exact)."""

    problems: tuple[OutlineProblem, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


def check_outline(outline: Outline) -> OutlineCheck:
    """Check what needs no model: unique keys and headings, positive targets, exact sums."""
    problems = [] if outline.parts else [OutlineProblem("", "the outline has no section")]
    groups: tuple[tuple[str, Sequence[Division | Part | SectionPlan]], ...] = (
        ("division", outline.divisions),
        ("part", outline.parts),
        ("section", outline.sections),
    )
    for label, group in groups:
        problems += _doubles(label, group)
        problems += _lacks(group)
    return OutlineCheck((*problems, *_sums(outline), *_order(outline)))


def _doubles(
    label: str, group: Sequence[Division | Part | SectionPlan]
) -> Iterator[OutlineProblem]:
    counts = Counter(item.key for item in group)
    for key in sorted(key for key, count in counts.items() if count > 1):
        yield OutlineProblem(key, f"{label} {key!r} stands twice")


def _lacks(group: Sequence[Division | Part | SectionPlan]) -> Iterator[OutlineProblem]:
    for item in group:
        if not item.heading.strip():
            yield OutlineProblem(item.key, f"section {item.key!r} has no heading")
        if item.target <= 0:
            yield OutlineProblem(item.key, f"section {item.key!r} has no length")


def _sums(outline: Outline) -> Iterator[OutlineProblem]:
    if sum(part.target for part in outline.parts) != outline.target:
        yield OutlineProblem("", "the targets do not sum to the document's")
    for part in outline.parts:
        if part.sections and sum(section.target for section in part.sections) != part.target:
            yield OutlineProblem(part.key, f"part {part.key!r} does not sum up")
    for division in outline.divisions:
        if sum(part.target for part in outline.chapters(division.key)) != division.target:
            yield OutlineProblem(division.key, f"division {division.key!r} does not sum up")


def _order(outline: Outline) -> Iterator[OutlineProblem]:
    """Every part inside a division if there are any, each division in one piece, in order."""
    stands = [key for key, _ in groupby(outline.parts, key=lambda part: part.division)]
    if stands != ([division.key for division in outline.divisions] or [""] * bool(stands)):
        yield OutlineProblem("", "the parts do not stand in their divisions, in order")
    for part in outline.parts:
        if part.key == part.division and len(outline.chapters(part.division)) > 1:
            yield OutlineProblem(part.key, f"part {part.key!r} stands for a whole division")
