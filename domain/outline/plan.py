"""The plan of a document: parts, their sections, and in a book the divisions above the parts."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from functools import cached_property
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
    division: str = ""
    """Key of the division that it is a chapter of; empty in a document without divisions."""

    @property
    def is_division(self) -> bool:
        """Whether it stands for a whole division whose chapters are not planned yet."""
        return bool(self.division) and self.key == self.division and not self.sections


@dataclass(frozen=True)
class Division:
    """A division of a book above its parts, which are then called chapters."""

    key: str
    heading: str
    point: str
    target: int


@dataclass(frozen=True)
class Outline:
    """A whole plan. Targets sum exactly: of divisions, of the parts in each, of their sections."""

    title: str
    target: int
    parts: tuple[Part, ...]
    source: OutlineSource = "schema"
    top: int = 2
    """Heading level of what is not inside anything: 1 in a text of a person's that has no title
    above its parts."""
    divisions: tuple[Division, ...] = ()
    """Of a book; a division not planned yet has one part, without sections, with its own key."""

    @cached_property
    def sections(self) -> tuple[SectionPlan, ...]:
        """Every section in reading order."""
        return tuple(section for part in self.parts for section in part.sections)

    @cached_property
    def _places(self) -> dict[str, tuple[Part, SectionPlan]]:
        """Where each section stands; of two with one key the first."""
        found = [(part, section) for part in self.parts for section in part.sections]
        return {section.key: (part, section) for part, section in reversed(found)}

    @cached_property
    def _openings(self) -> frozenset[str]:
        """Keys of the parts that begin a division."""
        firsts = {part.division: part.key for part in reversed(self.parts)}
        return frozenset(firsts.values())

    @property
    def planned(self) -> bool:
        """Whether every part has its sections."""
        return all(part.sections for part in self.parts)

    def section(self, key: str) -> SectionPlan:
        """The section with this key; raises KeyError."""
        return self._places[key][1]

    def part_of(self, key: str) -> Part:
        """The part that holds the section with this key; raises KeyError."""
        return self._places[key][0]

    def part(self, key: str) -> Part:
        """The part with this key; raises KeyError."""
        for part in self.parts:
            if part.key == key:
                return part
        raise KeyError(key)

    def division(self, key: str) -> Division:
        """The division with this key; raises KeyError."""
        for division in self.divisions:
            if division.key == key:
                return division
        raise KeyError(key)

    def chapters(self, division: str) -> tuple[Part, ...]:
        """The parts of a division; of a document without divisions, with an empty key, all."""
        return tuple(part for part in self.parts if part.division == division)

    def with_part(self, part: Part) -> Outline:
        """The outline with the part of the same key replaced."""
        return self.with_parts(part.key, (part,))

    def with_parts(self, key: str, parts: tuple[Part, ...]) -> Outline:
        """The outline with these parts in the place of the one with this key."""
        new = [parts if old.key == key else (old,) for old in self.parts]
        return replace(self, parts=tuple(part for group in new for part in group))

    def with_division(self, division: Division) -> Outline:
        """The outline with the division of the same key renamed, and the part that stands for it.

        Its length stays.
        """
        heading, point = division.heading, division.point
        divisions = tuple(
            replace(old, heading=heading, point=point) if old.key == division.key else old
            for old in self.divisions
        )
        parts = tuple(
            replace(part, heading=heading, point=point)
            if part.is_division and part.key == division.key
            else part
            for part in self.parts
        )
        return replace(self, divisions=divisions, parts=parts)

    def headings_above(self, key: str) -> tuple[tuple[int, str], ...]:
        """(level, text) of the headings printed above a section, the title excluded.

        Level 2 (see `top`) is a part, the next a section inside a part; in a book a division, a
        chapter, a section. A document of one single section has none: its title says enough. An
        empty heading is not printed.
        """
        part = self.part_of(key)
        opens = part.sections[0].key == key
        return self.headings(
            key, opens_part=opens, opens_division=opens and part.key in self._openings
        )

    def headings(
        self, key: str, *, opens_part: bool, opens_division: bool
    ) -> tuple[tuple[int, str], ...]:
        """The same, were the section the first to be printed of its part, or of its division."""
        part, section = self._places[key]
        if len(self.parts) == 1 and len(part.sections) == 1 and not self.divisions:
            return ()
        lines, level = list[tuple[int, str]](), self.top
        if self.divisions:
            if opens_division:
                lines.append((level, self.division(part.division).heading))
            level += 1
        if opens_part:
            lines.append((level, part.heading))
        if len(part.sections) > 1:
            lines.append((level + 1, section.heading))
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
        divisions = tuple(Division(**item) for item in data.get("divisions", ()))
        return cls(**{**data, "parts": parts, "divisions": divisions})


_LISTS = ("key_points", "avoid", "must_include", "must_not", "duties")


def _section(data: dict[str, Any]) -> SectionPlan:
    return SectionPlan(**{**data, **{name: tuple(data.get(name, ())) for name in _LISTS}})
