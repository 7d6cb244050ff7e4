"""Knows which section carries which constraint: decided by the plan alone, kept when it is edited.

A constraint is placed in two steps, first in a unit by the skeleton, then in one of its sections,
so that a part can be written while others are still being planned. A section is chosen by the
content words that it shares with the constraint, unless it already carries its fair load.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from domain.budget import apportion
from domain.constraint import Constraint, Unit
from domain.outline import Outline, Part, SectionPlan
from domain.vocabulary import terms

Item = SectionPlan | Part
"""What carries a constraint: a section, or a part whose sections are not planned yet."""


@dataclass(frozen=True)
class Duty:
    """What one section has to do for one constraint."""

    constraint: Constraint
    key: str
    """The section's, or that of a part without sections."""
    least: int
    """Times that the section brings it; 0: it only keeps to it."""
    most: int | None = None
    """Times it may bring it; None: as often as the whole place may."""

    @property
    def limit(self) -> int | None:
        """Times that it may occur in the section; None: any number."""
        return self.constraint.most if self.most is None else self.most


@dataclass(frozen=True)
class Allocation:
    """Every constraint's duties; in the order of the constraints, then of the outline."""

    duties: tuple[Duty, ...] = ()
    unplaced: tuple[Constraint, ...] = ()
    """Constraints on units that the outline does not have."""

    def of(self, key: str) -> tuple[Duty, ...]:
        """What one section has to do."""
        return tuple(duty for duty in self.duties if duty.key == key)

    def keys(self, constraint: Constraint) -> tuple[str, ...]:
        """The sections that carry a constraint."""
        return tuple(duty.key for duty in self.duties if duty.constraint.id == constraint.id)


@dataclass(frozen=True)
class Group:
    """One unit of a place: a part with its sections, or a section."""

    key: str
    label: str
    """The words by which it is known before its sections are."""
    items: tuple[Item, ...]


def assign(
    constraints: Sequence[Constraint], outline: Outline, before: Allocation | None = None
) -> Allocation:
    """Give every constraint to sections of the outline.

    One that holds once gets one section of its place, a periodic one a section of each unit, a
    number of things is divided among as many sections as it can be, a rule goes to all sections
    of its place. What an earlier allocation gave to a section that still is there, in the place
    where it must be, stays there: an edit moves only what it makes impossible.

    Args:
        constraints: distinct ones; others are placed once.
        outline: the plan; its keys tell sections apart before and after an edit.
        before: the allocation that held until now.
    """
    desk = _Desk(outline, before or Allocation(), len(constraints))
    wanted = list({constraint.id: constraint for constraint in constraints}.values())
    found: dict[str, tuple[Duty, ...]] = {}
    for constraint in sorted(wanted, key=desk.turn):
        found[constraint.id] = tuple(desk.place(constraint))
    order = {item.key: n for n, item in enumerate(_leaves(outline))}
    duties = [
        duty for c in wanted for duty in sorted(found[c.id], key=lambda duty: order[duty.key])
    ]
    return Allocation(tuple(duties), tuple(c for c in wanted if not found[c.id]))


def groups_of(outline: Outline, unit: Unit) -> tuple[Group, ...]:
    """The units of an outline in reading order; a part without sections is one of either kind."""
    if unit == "section":
        return tuple(Group(item.key, _label(item), (item,)) for item in _leaves(outline))
    return tuple(Group(part.key, _label(part), part.sections or (part,)) for part in outline.parts)


def groups_in(constraint: Constraint, outline: Outline) -> tuple[Group, ...]:
    """The units of the outline that a constraint is about."""
    groups = groups_of(outline, constraint.place.unit)
    return tuple(groups[number - 1] for number in constraint.place.numbers(len(groups)))


class _Desk:
    """Places one constraint after another and remembers who carries how much."""

    def __init__(self, outline: Outline, before: Allocation, total: int) -> None:
        self._outline = outline
        self._before: dict[str, tuple[str, ...]] = {}
        for duty in sorted(before.duties, key=lambda duty: -duty.least):  # the larger share first
            known = self._before.get(duty.constraint.id, ())
            self._before[duty.constraint.id] = (*known, duty.key)
        self._part = {s.key: part.key for part in outline.parts for s in part.sections or (part,)}
        self._most = 1 + ceil(total / max(1, len(outline.parts)))
        self._loads: Counter[str] = Counter()
        self._words: dict[str, frozenset[str]] = {}

    def turn(self, constraint: Constraint) -> tuple[bool, bool, int]:
        """Those with the least choice come first: those that stay, then those in few units."""
        stays = constraint.id in self._before
        return not constraint.place.every, not stays, len(groups_in(constraint, self._outline))

    def place(self, constraint: Constraint) -> Iterator[Duty]:
        """The duties of one constraint; none if the outline has no such unit."""
        groups = groups_in(constraint, self._outline)
        if constraint.rule:
            for item in (item for group in groups for item in group.items):
                yield Duty(constraint, item.key, 0)
        elif constraint.place.every:
            for group in groups:
                yield self._given(constraint, group, constraint.least)
        elif groups:
            shares = apportion(constraint.least, [1] * min(constraint.least, len(groups)))
            for group, share in zip(self._chosen(constraint, groups, len(shares)), shares,
                                    strict=True):  # fmt: skip
                yield self._given(constraint, group, share)

    def _given(self, constraint: Constraint, group: Group, least: int) -> Duty:
        (key,) = self._picked(constraint, {i.key: _detail(i) for i in group.items}, 1)
        self._loads.update({key, self._part[key]})
        return Duty(constraint, key, least)

    def _chosen(self, constraint: Constraint, groups: Sequence[Group], count: int) -> list[Group]:
        by_key = {group.key: group for group in groups}
        own = {item.key: group.key for group in groups for item in group.items} | {
            key: key for key in by_key
        }
        kept = _unique(own[key] for key in self._before.get(constraint.id, ()) if key in own)
        labels = {key: group.label for key, group in by_key.items() if key not in kept}
        more = self._picked(constraint, labels, max(0, count - len(kept)))
        return [by_key[key] for key in [*kept[:count], *more]]

    def _picked(self, constraint: Constraint, labels: Mapping[str, str], count: int) -> list[str]:
        """So many keys: those that carried it, then the nearest that is not full, then spread."""
        earlier = self._before.get(constraint.id, ())
        own = set(terms(constraint.text))

        def rank(key: str) -> tuple[bool, bool, int, int]:
            shared = len(own & self._terms(labels[key]))
            return key not in earlier, self._loads[key] >= self._most, -shared, self._loads[key]

        return sorted(labels, key=rank)[:count]

    def _terms(self, label: str) -> frozenset[str]:
        if label not in self._words:
            self._words[label] = frozenset(terms(label))
        return self._words[label]


def _leaves(outline: Outline) -> list[Item]:
    return [item for part in outline.parts for item in part.sections or (part,)]


def _label(item: Item) -> str:
    return f"{item.heading} {item.point}"


def _detail(item: Item) -> str:
    points = item.key_points if isinstance(item, SectionPlan) else ()
    return " ".join((item.heading, item.point, *points))


def _unique(keys: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(keys))
