"""Knows which section carries which constraint: decided by the plan alone, kept when it is edited.

A constraint is placed from above: by divisions of a book, then by parts, then by sections. What
one of them carries depends on what stands beside it, never on what is planned inside another: so
one can be written while others are still being planned. A section is chosen by the content words
that it shares with the constraint, unless it already carries its fair load.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

from domain.constraints.constraint import Constraint, Unit
from domain.length.budget import apportion
from domain.outline.book import chapters_of, sections_of
from domain.outline.plan import Division, Outline, Part, SectionPlan
from domain.text.vocabulary import terms

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

    path: tuple[str, ...]
    """Keys of what it stands in, from above: division, part; its own is the last."""
    label: str
    """The words by which it is known before its sections are."""
    items: tuple[Item, ...]
    many: int = 1
    """Units that it stands for: more than one where they are not planned yet."""

    @property
    def key(self) -> str:
        """Its own."""
        return self.path[-1]


def assign(
    constraints: Sequence[Constraint], outline: Outline, before: Allocation | None = None
) -> Allocation:
    """Give every constraint to sections of the outline.

    One that holds once gets one section of its place, a periodic one a section of each unit, a
    number of things is divided among as many sections as it can be, and among the divisions of a
    book by their lengths; a rule goes to all sections of its place. Units that are not planned yet
    are counted as the lengths of what they stand in promise. What an earlier allocation gave to a
    section that still is there, in the place where it must be, stays there: an edit moves only
    what it makes impossible.

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
    """The units of an outline in reading order; a part without sections stands for its own."""
    found = []
    for part in outline.parts:
        above = (part.division,) if part.division and not part.is_division else ()
        path = (*above, part.key)
        if unit == "part":
            many = chapters_of(outline, part)
            found.append(Group(path, _label(part), part.sections or (part,), many))
        elif not part.sections:
            found.append(Group(path, _label(part), (part,), sections_of(outline, part)))
        else:
            found += [
                Group((*path, own.key) if own.key != part.key else path, _label(own), (own,))
                for own in part.sections
            ]
    return tuple(found)


def groups_in(constraint: Constraint, outline: Outline) -> tuple[Group, ...]:
    """The units of the outline that a constraint is about."""
    groups = groups_of(outline, constraint.place.unit)
    numbered = [group for group in groups for _ in range(group.many)]
    meant = Counter(numbered[n - 1].key for n in constraint.place.numbers(len(numbered)))
    return tuple(replace(group, many=meant[group.key]) for group in groups if group.key in meant)


class _Desk:
    """Places one constraint after another and remembers who carries how much."""

    def __init__(self, outline: Outline, before: Allocation, total: int) -> None:
        self._outline = outline
        self._before: defaultdict[str, Counter[str]] = defaultdict(Counter)
        above = _above(outline)
        for duty in before.duties:
            for key in above.get(duty.key, (duty.key,)):
                self._before[duty.constraint.id][key] += max(1, duty.least)
        divisions: tuple[Division | Part, ...] = outline.divisions
        self._tops = {top.key: top for top in divisions or outline.parts}
        self._by_length = bool(divisions)
        self._names = {item.key: _label(item) for item in (*outline.parts, *self._tops.values())}
        self._most = 1 + ceil(total / max(1, len(self._tops)))
        self._loads: Counter[tuple[int, str]] = Counter()
        self._words: dict[str, frozenset[str]] = {}

    def turn(self, constraint: Constraint) -> tuple[bool, bool, int]:
        """Those with the least choice come first: those that stay, then those in few units."""
        stays = constraint.id in self._before
        tops = {group.path[0] for group in groups_in(constraint, self._outline)}
        return not constraint.place.every, not stays, len(tops)

    def place(self, constraint: Constraint) -> Iterator[Duty]:
        """The duties of one constraint; none if the outline has no such unit."""
        groups = groups_in(constraint, self._outline)
        if constraint.rule:
            for item in (item for group in groups for item in group.items):
                yield Duty(constraint, item.key, 0)
        elif constraint.place.every:
            self._loads.update({place for group in groups for place in enumerate(group.path)})
            for group in groups:
                yield self._given(constraint, group, constraint.least * group.many)
        elif groups:
            yield from self._spread(constraint, groups, constraint.least, 0)

    def _spread(
        self, constraint: Constraint, groups: Sequence[Group], share: int, depth: int
    ) -> Iterator[Duty]:
        """A share, divided among what the groups stand in at this depth, and then below."""
        inside: dict[str, list[Group]] = {}
        for group in groups:
            inside.setdefault(group.path[depth], []).append(group)
        labels = {
            key: own[0].label if len(own[0].path) == depth + 1 else self._names[key]
            for key, own in inside.items()
        }
        chosen = self._picked(constraint, labels, min(share, len(inside)), depth)
        weights = [self._weight(key, depth) if share >= len(inside) else 1 for key in chosen]
        for key, own in zip(chosen, apportion(share, weights), strict=True):
            self._loads[depth, key] += 1
            first = inside[key][0]
            if len(first.path) == depth + 1:
                yield self._given(constraint, first, own)
            else:
                yield from self._spread(constraint, inside[key], own, depth + 1)

    def _weight(self, key: str, depth: int) -> int:
        return self._tops[key].target if self._by_length and depth == 0 else 1

    def _given(self, constraint: Constraint, group: Group, least: int) -> Duty:
        depth = len(group.path)
        (key,) = self._picked(constraint, {i.key: _detail(i) for i in group.items}, 1, depth)
        self._loads[depth, key] += 1
        return Duty(constraint, key, least)

    def _picked(
        self, constraint: Constraint, labels: Mapping[str, str], count: int, depth: int
    ) -> list[str]:
        """So many keys: those that carried it, then the nearest that is not full, then spread."""
        earlier = self._before.get(constraint.id, Counter())
        own = set(terms(constraint.text))
        most = self._most if not depth else 1 + ceil(self._most / len(labels))

        def rank(key: str) -> tuple[int, bool, int, int]:
            shared, load = len(own & self._terms(labels[key])), self._loads[depth, key]
            return -earlier[key], load >= most, -shared, load

        return sorted(labels, key=rank)[:count]

    def _terms(self, label: str) -> frozenset[str]:
        if label not in self._words:
            self._words[label] = frozenset(terms(label))
        return self._words[label]


def _above(outline: Outline) -> dict[str, tuple[str, ...]]:
    """Each section's keys from above, its own the last, each once."""
    return {
        item.key: tuple(dict.fromkeys(filter(None, (part.division, part.key, item.key))))
        for part in outline.parts
        for item in part.sections or (part,)
    }


def _leaves(outline: Outline) -> list[Item]:
    return [item for part in outline.parts for item in part.sections or (part,)]


def _label(item: Item | Division) -> str:
    return f"{item.heading} {item.point}"


def _detail(item: Item) -> str:
    points = item.key_points if isinstance(item, SectionPlan) else ()
    return " ".join((item.heading, item.point, *points))
