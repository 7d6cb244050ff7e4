"""The plan of a document: parts, their sections, and what each section may and may not say."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

OutlineSource = Literal["schema", "lines", "fallback", "user"]
"""Where an outline came from: schema-constrained JSON, the tolerant line format, the
deterministic fallback, or a person's edit."""


@dataclass(frozen=True)
class SectionPlan:
    """One section: the unit that is written, checked and repaired as a whole."""

    key: str
    """Stable within its outline: "3" for a part that is one section, "3.2" inside a part."""
    heading: str
    point: str
    """The main point in one sentence."""
    target: int
    """Counted units, headings printed above the section included."""
    key_points: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    """What other sections say and this one must not."""
    opens_from: str = ""
    hands_over: str = ""
    must_include: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    """What the request wants left out of it."""
    duties: tuple[str, ...] = ()
    """Ids of the constraints that it carried when a person changed the plan: they stay with it."""


@dataclass(frozen=True)
class Part:
    """A first-level division. One section: the part is that section. Several: it holds them.

    A part without sections has not been planned in detail yet.
    """

    key: str
    heading: str
    point: str
    target: int
    sections: tuple[SectionPlan, ...] = ()
    source: OutlineSource = "schema"
    """Where the part's own sections came from."""


@dataclass(frozen=True)
class Outline:
    """A whole plan. The targets of the parts, and of the sections in each, sum exactly."""

    title: str
    target: int
    parts: tuple[Part, ...]
    source: OutlineSource = "schema"
    top: int = 2
    """Heading level of its parts: 1 in a text of a person's that has no title above its parts."""

    @property
    def sections(self) -> tuple[SectionPlan, ...]:
        """Every section in reading order."""
        return tuple(section for part in self.parts for section in part.sections)

    @property
    def planned(self) -> bool:
        """Whether every part has its sections."""
        return all(part.sections for part in self.parts)

    def section(self, key: str) -> SectionPlan:
        """The section with this key; raises KeyError."""
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)

    def part_of(self, key: str) -> Part:
        """The part that holds the section with this key; raises KeyError."""
        for part in self.parts:
            if any(section.key == key for section in part.sections):
                return part
        raise KeyError(key)

    def with_part(self, part: Part) -> Outline:
        """The outline with the part of the same key replaced."""
        return replace(
            self, parts=tuple(part if old.key == part.key else old for old in self.parts)
        )

    def headings_above(self, key: str) -> tuple[tuple[int, str], ...]:
        """(level, text) of the headings printed above a section, the title excluded.

        Level 2 (see `top`) is a part, the next a section inside a part. A document of one single
        section has none: its title says enough. An empty heading is not printed.
        """
        part = self.part_of(key)
        if len(self.parts) == 1 and len(part.sections) == 1:
            return ()
        lines = [(self.top, part.heading)] if part.sections[0].key == key else []
        if len(part.sections) > 1:
            lines.append((self.top + 1, self.section(key).heading))
        return tuple(line for line in lines if line[1])

    def heading_of(self, key: str) -> str:
        """What a section goes by: its own heading, else its part's where that stands above it."""
        above = [text for _, text in self.headings_above(key)]
        return self.section(key).heading or (above[-1] if above else "")

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; `from_dict` is the inverse."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Outline:
        """Rebuild from `to_dict`'s value."""
        parts = tuple(
            Part(**{**part, "sections": tuple(_section(item) for item in part["sections"])})
            for part in data["parts"]
        )
        return cls(**{**data, "parts": parts})


_LISTS = ("key_points", "avoid", "must_include", "must_not", "duties")


def _section(data: dict[str, Any]) -> SectionPlan:
    return SectionPlan(**{**data, **{name: tuple(data.get(name, ())) for name in _LISTS}})


@dataclass(frozen=True)
class OutlineProblem:
    """One reason why an outline cannot be used as it is."""

    key: str
    message: str


@dataclass(frozen=True)
class OutlineCheck:
    """What the deterministic checks of an outline found (metrics: ids unique, sums exact)."""

    problems: tuple[OutlineProblem, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


def check_outline(outline: Outline) -> OutlineCheck:
    """Check what needs no model: unique keys and headings, positive targets, exact sums."""
    problems: list[OutlineProblem] = []
    if not outline.parts:
        problems.append(OutlineProblem("", "the outline has no section"))
    groups: tuple[tuple[str, tuple[Part | SectionPlan, ...]], ...] = (
        ("part", outline.parts),
        ("section", outline.sections),
    )
    for label, group in groups:
        keys = [item.key for item in group]
        problems += [
            OutlineProblem(key, f"{label} {key!r} stands twice")
            for key in sorted({key for key in keys if keys.count(key) > 1})
        ]
    for item in (*groups[0][1], *groups[1][1]):
        if not item.heading.strip():
            problems.append(OutlineProblem(item.key, f"section {item.key!r} has no heading"))
        if item.target <= 0:
            problems.append(OutlineProblem(item.key, f"section {item.key!r} has no length"))
    if sum(part.target for part in outline.parts) != outline.target:
        problems.append(OutlineProblem("", "the targets do not sum to the document's"))
    for part in outline.parts:
        if part.sections and sum(section.target for section in part.sections) != part.target:
            problems.append(OutlineProblem(part.key, f"part {part.key!r} does not sum up"))
    return OutlineCheck(tuple(problems))
