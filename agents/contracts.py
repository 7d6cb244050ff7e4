"""How a planner's sections become contracts: exact targets, neighbours, duties."""

from __future__ import annotations

from dataclasses import replace

from agents.outline_reply import OutlineForm, PlannedOutline
from domain.budget import apportion, normalise, part_count, section_count
from domain.constraint import Constraint
from domain.duties import allot, bringing, leaving
from domain.outline import Outline, OutlineSource, Part, SectionPlan

SMALLEST_SECTION = 20
"""Counted units."""

Neighbour = SectionPlan | Part


def skeleton_form(target: int, *, compact: bool) -> OutlineForm:
    """How many first-level sections a document of `target` counted units gets."""
    fewest, leaves, most = section_count(target)
    parts = part_count(leaves)
    single = parts == leaves
    return OutlineForm(
        count=parts,
        fewest=max(min(parts, 2), parts - 1 if compact else fewest if single else 2),
        most=most if single else 2 * parts,
        titled=True,
        with_points=single and not compact and leaves > 1,
        bounded=compact,
        even=compact,
    )


def make_skeleton(reply: PlannedOutline, target: int, source: OutlineSource) -> Outline:
    """The first stage: parts with exact targets; a part no longer than a section is its section."""
    low = min(SMALLEST_SECTION, target // len(reply.sections))
    targets = normalise([item.words for item in reply.sections], target, low=low)
    leaves = section_count(target)[1]
    single = part_count(leaves) == leaves
    parts = []
    for number, (item, share) in enumerate(zip(reply.sections, targets, strict=True), start=1):
        key = str(number)
        own = SectionPlan(key, item.heading, item.point, share, tuple(item.key_points))
        whole = single or leaves_in(share, target) == 1
        parts.append(Part(key, item.heading, item.point, share, (own,) if whole else (), source))
    return Outline(reply.title, target, tuple(parts), source)


def leaves_in(share: int, total: int) -> int:
    """Sections that a part of `share` counted units gets in a document of `total`."""
    leaves = section_count(total)[1]
    return max(1, round(share * leaves / total))


def part_form(share: int, total: int) -> OutlineForm:
    """What the plan of one part must look like."""
    count = leaves_in(share, total)
    return OutlineForm(
        count, fewest=max(1, count // 2), most=count * 2, titled=False, with_points=True,
        bounded=False, even=False,
    )  # fmt: skip


def make_part(part: Part, reply: PlannedOutline, source: OutlineSource) -> Part:
    """The second stage: a part's sections with exact targets."""
    low = min(SMALLEST_SECTION, part.target // len(reply.sections))
    targets = normalise([item.words for item in reply.sections], part.target, low=low)
    sections = tuple(
        SectionPlan(f"{part.key}.{n}", item.heading, item.point, share, tuple(item.key_points))
        for n, (item, share) in enumerate(zip(reply.sections, targets, strict=True), start=1)
    )
    if len(sections) == 1:
        sections = (replace(sections[0], key=part.key, heading=part.heading),)
    return replace(part, sections=sections, source=source)


def distinct(outline: Outline, part: Part) -> Part:
    """The part with no heading that stands elsewhere in the plan: parts are planned apart."""
    taken = {p.heading.casefold() for p in outline.parts}
    taken |= {s.heading.casefold() for p in outline.parts if p.key != part.key for s in p.sections}
    if len(part.sections) < 2:
        return part
    sections = tuple(
        replace(section, heading=f"{part.heading}: {section.heading}")
        if section.heading.casefold() in taken
        else section
        for section in part.sections
    )
    return replace(part, sections=sections)


def contract(outline: Outline, key: str, demands: tuple[Constraint, ...] = ()) -> SectionPlan:
    """A section with its neighbours told apart: what it follows, leads to and leaves alone.

    Depends on the skeleton and the section's own part only, so that a part can be written while
    others are still being planned.
    """
    before, after = neighbours(outline, key)
    duties = allot(demands, outline).of(key)
    return replace(
        outline.section(key),
        opens_from=_line(before),
        hands_over=_line(after),
        avoid=tuple(_line(other) for other in (before, after) if other is not None),
        must_include=bringing(duties),
        must_not=leaving(duties),
    )


def neighbours(outline: Outline, key: str) -> tuple[Neighbour | None, Neighbour | None]:
    """What stands before and after a section: inside its part sections, at its edges parts."""
    part = outline.part_of(key)
    siblings = part.sections
    at = next(i for i, section in enumerate(siblings) if section.key == key)
    p = outline.parts.index(part)
    before: Neighbour | None = siblings[at - 1] if at else None
    after: Neighbour | None = siblings[at + 1] if at + 1 < len(siblings) else None
    before = before or (outline.parts[p - 1] if p else None)
    after = after or (outline.parts[p + 1] if p + 1 < len(outline.parts) else None)
    return before, after


def rebalanced(outline: Outline, target: int) -> Outline:
    """The same outline for another total: every target rescaled, sums exact."""
    shares = apportion(target, [part.target for part in outline.parts])
    parts = []
    for part, share in zip(outline.parts, shares, strict=True):
        own = apportion(share, [s.target for s in part.sections]) if part.sections else []
        sections = tuple(
            replace(section, target=t) for section, t in zip(part.sections, own, strict=True)
        )
        parts.append(replace(part, target=share, sections=sections))
    return replace(outline, target=target, parts=tuple(parts))


def _line(item: Neighbour | None) -> str:
    return f"{item.heading}: {item.point}" if item else ""
