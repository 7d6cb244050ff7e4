"""Knows which constraints a document keeps, section by section, and what the published scores say.

A constraint is met, missed, or cannot be decided by words: then it is unscored, never a pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import add
from typing import ClassVar

from domain.constraints.allocation import Allocation, Duty, groups_in
from domain.constraints.constraint import Constraint
from domain.outline.plan import Outline
from domain.score import Finding, Score, Severity
from evaluators.base import Reporter, Subject
from evaluators.mentions import Reading, Sightings
from evaluators.published.golden_thread import Thread, thread
from evaluators.tallies import tally

NAME = "constraints"
VERSION = 1


@dataclass(frozen=True)
class Check:
    """One constraint in one place of a document."""

    constraint: Constraint
    key: str
    """The section that has to bring it, or that breaks it; empty where the outline has none."""
    met: bool | None
    """None: words alone cannot tell."""
    message: str = ""
    span: tuple[int, int] | None = None
    """Offsets in that section of what must not be there."""
    duties: tuple[Duty, ...] = ()
    """Who has to bring it in this place."""
    sure: Mapping[str, int] = field(default_factory=dict)
    """How often each section of the place holds it for sure."""
    gap: int = 0
    """Times that it is missing, or there too often."""


@dataclass(frozen=True)
class Compliance:
    """What became of all constraints of a document."""

    checks: tuple[Check, ...]
    units: int
    written: frozenset[int]
    """Numbers of the sections that have a text."""
    numbers: Mapping[str, int]

    @property
    def missed(self) -> tuple[str, ...]:
        """The section of each check that is not met; empty where the outline has none."""
        return tuple(check.key for check in self.checks if check.met is False)

    @property
    def gap(self) -> int:
        """Times that something is missing, or there too often, in all places together."""
        return sum(check.gap for check in self.checks)

    @property
    def thread(self) -> Thread | None:
        """CR, STIC-1 and STIC-2 over what sections have to bring; None if nothing is decided.

        What limits only ("do not mention") is no instruction of a unit and does not count here.
        """
        met = [
            (self.numbers[c.key], c.met)
            for c in self.checks
            if c.met is not None and c.key in self.numbers and not c.constraint.rule
        ]
        return thread(self.units, self.written, met) if met and self.units else None

    def scores(self) -> tuple[Score, ...]:
        """`constraints` with its findings, then `completion` (CR), `stic_1` and `stic_2`."""
        names = ("completion", "stic_1", "stic_2")
        said = self.thread
        if said is None:
            reporters = (Reporter(name, VERSION) for name in names)
            return (self.score, *(r.unscored("no instruction was decided") for r in reporters))
        values = (said.completion, said.stic_1, said.stic_2)
        measures = (Reporter(name, VERSION).score((), value)
                    for name, value in zip(names, values, strict=True))  # fmt: skip
        return (self.score, *measures)

    @property
    def score(self) -> Score:
        """Of the checks that could be decided the share that is met, 0 to 100."""
        return _scored(self.checks)


@dataclass(frozen=True)
class Constraints:
    """Checks a document against its constraints. Warns of each that is missed, by its section."""

    name: ClassVar[str] = NAME
    version: ClassVar[int] = VERSION

    def evaluate(self, subject: Subject) -> Score:
        """One section by its own duties; unscored where it has none."""
        return section_score(subject.duties, subject.text, subject.key)

    def check(
        self, allocation: Allocation, outline: Outline, texts: Mapping[str, str]
    ) -> Compliance:
        """What became of every constraint.

        Args:
            allocation: who carries what, of all constraints.
            outline: the plan whose sections they are.
            texts: the sections' bodies by key; one that is missing or empty is not written.
        """
        readings = {key: Reading(text) for key, text in texts.items() if text.strip()}
        leaves = [section.key for section in outline.sections]
        wanted = {duty.constraint.id: duty.constraint for duty in allocation.duties}
        checks = [
            check
            for constraint in wanted.values()
            for check in _checks(constraint, allocation, outline, readings)
        ]
        checks += [Check(c, "", False, _unplaced(c)) for c in allocation.unplaced]
        return Compliance(
            tuple(checks),
            len(leaves),
            frozenset(n for n, key in enumerate(leaves, start=1) if key in readings),
            {key: n for n, key in enumerate(leaves, start=1)},
        )


def missed(scores: Iterable[Score]) -> int:
    """How many demands these scores say to be missed."""
    found = (finding for score in scores if score.name == NAME for finding in score.findings)
    return sum(finding.severity > Severity.NOTE for finding in found)


def section_score(duties: Sequence[Duty], text: str, key: str) -> Score:
    """The same verdict on one section's draft: what it has to bring, what it must not hold."""
    reading = Reading(text)
    checks = []
    for duty in duties:
        constraint = duty.constraint
        seen = sighted(constraint, reading)
        met = seen.within(duty.least, duty.limit)
        checks.append(Check(constraint, key, met, _message(constraint, met, seen, duty.least),
                            _broken_at(constraint, seen, met)))  # fmt: skip
    return _scored(checks)


def _checks(
    constraint: Constraint, allocation: Allocation, outline: Outline, readings: dict[str, Reading]
) -> Iterator[Check]:
    duties = [duty for duty in allocation.duties if duty.constraint.id == constraint.id]
    units = [tuple(item.key for item in group.items) for group in groups_in(constraint, outline)]
    places = units if constraint.place.every else [tuple(key for keys in units for key in keys)]
    for keys in places:
        own = [duty for duty in duties if duty.key in keys]
        seen = {key: sighted(constraint, readings[key]) for key in keys if key in readings}
        sure = {key: seen[key].sure if key in seen else 0 for key in keys}
        for check in _judged(constraint, own, seen):
            yield replace(check, sure=check.sure or sure, duties=tuple(own))


def _judged(
    constraint: Constraint, duties: Sequence[Duty], seen: Mapping[str, Sightings]
) -> Iterator[Check]:
    """The verdict on one place, at the section that is to be mended."""
    total = reduce(add, seen.values(), Sightings(0, 0))
    met = total.within(constraint.least, constraint.most)
    message = _message(constraint, met, total, constraint.least)
    if met is False and constraint.most is not None and total.sure > constraint.most:
        broken = [key for key, own in seen.items() if own.sure]
        for key in broken if constraint.most == 0 else broken[-1:]:
            many = seen[key].sure if constraint.most == 0 else total.sure - constraint.most
            alone = {key: many} if constraint.most == 0 else {}
            yield Check(constraint, key, False, message, seen[key].places[0], (), alone, many)
    elif duties:
        nothing = Sightings(0, 0)
        short = [d.key for d in duties if seen.get(d.key, nothing).sure < d.least]
        gap = constraint.least - total.possible if met is False else 0
        yield Check(constraint, (short or [duties[0].key])[0], met, message, gap=gap)


def sighted(constraint: Constraint, reading: Reading) -> Sightings:
    """How often a text holds what a constraint is about."""
    if constraint.kind == "count":
        return tally(reading.text, constraint.text)
    return reading.mentions(constraint.text, exact=constraint.exact)


def _broken_at(constraint: Constraint, seen: Sightings, met: bool | None) -> tuple[int, int] | None:
    over = constraint.most is not None and seen.sure > constraint.most
    return seen.places[0] if met is False and over and seen.places else None


def _message(constraint: Constraint, met: bool | None, seen: Sightings, least: int) -> str:
    if met:
        return ""
    what = constraint.text if constraint.kind == "count" else repr(constraint.text)
    where = "" if constraint.place.anywhere else f" ({constraint.place})"
    if met is None:
        return f"it cannot be told by words whether it has {what}{where} as asked"
    if constraint.most is not None and seen.sure > constraint.most:
        allowed = f"at most {constraint.most} are asked for" if constraint.most else "none may be"
        many = f"has {seen.sure} {what}{where}, {allowed}"
        forbidden = f"mentions {what}{where}, which was asked to be left out"
        return forbidden if constraint.kind == "forbid" else many
    if constraint.kind == "count":
        return f"has {seen.possible} {what}{where}, at least {least} are asked for"
    often = f" {least} times" if least > 1 else ""
    return f"does not mention {what}{often}{where}, as was asked"


def _unplaced(constraint: Constraint) -> str:
    where = constraint.place
    return f"{constraint.text!r} is asked for in {where}, which the outline does not have"


def _scored(checks: Sequence[Check]) -> Score:
    decided = [check for check in checks if check.met is not None]
    unsure = len(checks) - len(decided)
    if not decided:
        reason = "nothing could be decided by words" if checks else "nothing is required"
        return Score(NAME, VERSION, None, reason, tuple(map(_finding, checks)))
    value = 100 * sum(bool(check.met) for check in decided) / len(decided)
    score = Reporter(NAME, VERSION).score((_finding(c) for c in checks if not c.met), value)
    reason = f"{unsure} of {len(checks)} could not be decided by words" if unsure else ""
    return Score(NAME, VERSION, score.value, reason, score.findings)


def _finding(check: Check) -> Finding:
    report = Reporter(NAME, VERSION, check.key)
    if check.met is None:
        return report.note(check.message)
    return report.warn(check.message, check.span)
