"""Knows what each section of a plan has to bring and to leave out, also after the plan was edited.

A plan remembers by its sections which of them carry what (`SectionPlan.duties`): a person who
moves a section moves its duties with it. A plan that nobody has edited needs no such memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from domain.constraints.allocation import Allocation, Duty, assign
from domain.constraints.constraint import Constraint, included
from domain.constraints.countables import counted
from domain.outline.plan import Outline, Part, SectionPlan


@lru_cache(maxsize=16)  # asked for at every section; the plan changes seldom
def allot(demands: tuple[Constraint, ...], outline: Outline) -> Allocation:
    """Who carries what, by the plan and by what it remembers of earlier ones.

    What a person has written into a section's plan (`SectionPlan.must_include`) is its own duty.
    """
    given = assign(demands, outline, remembered(demands, outline)) if demands else Allocation()
    taken = {(duty.key, duty.constraint.id) for duty in given.duties}
    own = (
        Duty(constraint, section.key, 1)
        for section in outline.sections
        for constraint in included(section.must_include)
        if (section.key, constraint.id) not in taken
    )
    return Allocation((*given.duties, *own), given.unplaced)


def remembered(demands: Sequence[Constraint], outline: Outline) -> Allocation:
    """What the sections of a plan say that they carry."""
    known = {constraint.id: constraint for constraint in demands}
    return Allocation(
        tuple(
            Duty(known[one], section.key, known[one].least)
            for section in outline.sections
            for one in section.duties
            if one in known
        )
    )


def kept(
    demands: tuple[Constraint, ...], old: Outline | None, parts: Sequence[Part]
) -> tuple[Part, ...]:
    """A person's parts, whose sections still name the keys that they had, with their duties.

    Args:
        demands: of the request.
        old: the plan that was edited; None: there was none.
        parts: as they come from the person, before their keys are made anew.
    """
    if old is None or not demands:
        return tuple(parts)
    before = carried(allot(demands, old))
    taken: set[str] = set()
    made = []
    for part in parts:
        own = tuple(_with_duties(section, before, taken) for section in part.sections)
        made.append(replace(part, sections=own))
    return tuple(made)


def carried(allocation: Allocation) -> dict[str, tuple[str, ...]]:
    """Ids of what every section has to bring; what all only keep to belongs to none."""
    found: dict[str, list[str]] = {}
    for duty in allocation.duties:
        if duty.least:
            found.setdefault(duty.key, []).append(duty.constraint.id)
    return {key: tuple(ids) for key, ids in found.items()}


def marked(demands: tuple[Constraint, ...], outline: Outline) -> Outline:
    """The plan, whose sections say what they carry, for a person who edits it as a text."""
    return replace(outline, parts=kept(demands, outline, outline.parts))


def bringing(duties: Sequence[Duty]) -> tuple[str, ...]:
    """What a section has to bring, as its writer is told."""
    return tuple(_brings(duty) for duty in duties if duty.least)


def wanted(demands: Sequence[Constraint]) -> tuple[str, ...]:
    """What the whole text has to bring and where, as its planner is told."""
    named = ((Duty(one, "", one.least), one.place) for one in demands if one.least)
    return tuple(_brings(duty) + ("" if place.anywhere else f" ({place})") for duty, place in named)


def leaving(duties: Sequence[Duty]) -> tuple[str, ...]:
    """What must not be in a section, as its writer is told."""
    return tuple(map(limiting, (duty for duty in duties if not duty.least)))


def told(duty: Duty) -> str:
    """A duty in one line, for people."""
    return _brings(duty) if duty.least else f"not: {limiting(duty)}"


def _with_duties(
    section: SectionPlan, before: Mapping[str, tuple[str, ...]], taken: set[str]
) -> SectionPlan:
    ids = section.duties if section.key in taken else before.get(section.key, section.duties)
    taken.add(section.key)
    return replace(section, duties=ids)


def _brings(duty: Duty) -> str:
    constraint, least = duty.constraint, duty.least
    exactly = constraint.most is not None and constraint.most == constraint.least
    if constraint.kind == "count":
        return f"{'exactly' if exactly else 'at least'} {counted(least, constraint.text)}"
    named = _named(constraint)
    if exactly and least == 1:
        return f"{named} (once only)"
    if least == 1:
        return named
    return f"{named} ({'exactly' if exactly else 'at least'} {least} times)"


def limiting(duty: Duty) -> str:
    """What is too much in a section, as its writer is told."""
    constraint, allowed = duty.constraint, duty.limit or 0
    if constraint.kind == "count":
        return (
            f"more than {counted(allowed, constraint.text)}"
            if allowed
            else f"any {constraint.text}"
        )
    named = _named(constraint)
    return f"{named} more than {allowed} times" if allowed else named


def _named(constraint: Constraint) -> str:
    return f"“{constraint.text}”, to the letter" if constraint.exact else constraint.text
