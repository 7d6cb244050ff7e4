"""How a planner's sections become contracts: exact targets, neighbours, duties."""

from __future__ import annotations

from dataclasses import replace

from agents.planner.reply import OutlineForm, PlannedOutline
from core.setting_groups import BookSettings
from domain.constraints.constraint import Constraint
from domain.constraints.duties import allot, bringing, leaving
from domain.length.budget import apportion, leaves_in, normalise, part_count, section_count
from domain.outline.book import division_count, section_counts
from domain.outline.plan import Division, Outline, OutlineSource, Part, SectionPlan

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


def book_form(target: int, book: BookSettings, *, compact: bool) -> OutlineForm:
    """How many divisions a book of `target` counted units gets."""
    count = division_count(target, book)
    return OutlineForm(
        count, fewest=min(count, 2), most=2 * count, titled=True, with_points=False,
        bounded=compact, even=compact,
    )  # fmt: skip


def make_book(reply: PlannedOutline, target: int, source: OutlineSource) -> Outline:
    """The first stage of a book: divisions with exact targets, none of them planned yet."""
    low = min(SMALLEST_SECTION, target // len(reply.sections))
    targets = normalise([item.words for item in reply.sections], target, low=low)
    divisions = tuple(
        Division(str(number), item.heading, item.point, share)
        for number, (item, share) in enumerate(zip(reply.sections, targets, strict=True), start=1)
    )
    parts = tuple(
        Part(each.key, each.heading, each.point, each.target, (), source, each.key)
        for each in divisions
    )
    return Outline(reply.title, target, parts, source, divisions=divisions)


def chapters_form(count: int, *, exact: bool = False) -> OutlineForm:
    """What the plan of a division with about, or exactly, `count` chapters must look like."""
    return _form(count, exact=exact, with_points=False)


def make_chapters(
    total: int, division: Division, reply: PlannedOutline, source: OutlineSource
) -> tuple[Part, ...]:
    """A division's chapters with exact targets; one no longer than a section is its section."""
    low = min(SMALLEST_SECTION, division.target // len(reply.sections))
    targets = normalise([item.words for item in reply.sections], division.target, low=low)
    counts, chapters = section_counts(targets, total), []
    for number, (item, share) in enumerate(zip(reply.sections, targets, strict=True), start=1):
        key = f"{division.key}.{number}"
        own = SectionPlan(key, item.heading, item.point, share, tuple(item.key_points))
        whole = counts[number - 1] == 1
        chapters.append(
            Part(key, item.heading, item.point, share, (own,) if whole else (), source,
                 division.key)
        )  # fmt: skip
    return tuple(chapters)


def distinct_chapters(outline: Outline, chapters: tuple[Part, ...]) -> tuple[Part, ...]:
    """Chapters with no heading that stands elsewhere in the plan: divisions are planned apart."""
    taken = _headings(outline) | {section.heading.casefold() for section in outline.sections}
    return tuple(
        _renamed(part, f"{outline.division(part.division).heading}: {part.heading}")
        if part.heading.casefold() in taken
        else part
        for part in chapters
    )


def _renamed(part: Part, heading: str) -> Part:
    own = tuple(replace(section, heading=heading) for section in part.sections)
    return replace(part, heading=heading, sections=own)


def part_form(count: int, *, exact: bool = False) -> OutlineForm:
    """What the plan of a part with about, or exactly, `count` sections must look like."""
    return _form(count, exact=exact, with_points=True)


def _form(count: int, *, exact: bool, with_points: bool) -> OutlineForm:
    fewest, most = (count, count) if exact else (max(1, count // 2), count * 2)
    return OutlineForm(
        count, fewest, most, titled=False, with_points=with_points, bounded=False, even=False
    )


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
    taken = _headings(outline)
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


def _headings(outline: Outline) -> set[str]:
    """Of divisions and parts."""
    taken = {division.heading.casefold() for division in outline.divisions}
    return taken | {part.heading.casefold() for part in outline.parts}


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
    divisions = tuple(
        replace(each, target=sum(part.target for part in parts if part.division == each.key))
        for each in outline.divisions
    )
    return replace(outline, target=target, parts=tuple(parts), divisions=divisions)


def _line(item: Neighbour | None) -> str:
    return f"{item.heading}: {item.point}" if item else ""
