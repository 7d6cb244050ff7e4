"""Knows what is to be done in a section for what is demanded of it: bring, take out, keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.allocation import Duty
from domain.duties import bringing, leaving
from domain.sentences import spans
from evaluators.constraints import Compliance, sighted
from evaluators.mentions import Reading, Sightings


@dataclass(frozen=True)
class Owed:
    """What is to be done about one demand in one section."""

    words: str
    """What is missing, or what must not be there."""
    quotes: tuple[str, ...] = ()
    """The passages that hold what must not be there; empty: something is missing."""


def owed(duties: Sequence[Duty], text: str) -> tuple[Owed, ...]:
    """What one section has to mend by its own duties."""
    reading = Reading(text)
    found = []
    for duty in duties:
        seen = sighted(duty.constraint, reading)
        if seen.within(duty.least, duty.constraint.most) is False:
            found.append(_debt(duty, seen, text))
    return tuple(found)


def owed_of(found: Compliance, key: str, text: str, duties: Sequence[Duty]) -> tuple[Owed, ...]:
    """The same, with what is too much in the document as a whole and is to go here."""
    own = {duty.constraint.id for duty in duties}
    surplus = [
        Duty(check.constraint, key, 0)
        for check in found.checks
        if check.key == key and check.met is False and check.span is not None
    ]
    reading = Reading(text)
    more = [
        _debt(duty, sighted(duty.constraint, reading), text)
        for duty in surplus
        if duty.constraint.id not in own
        or sighted(duty.constraint, reading).within(0, duty.constraint.most) is not False
    ]
    return (*owed(duties, text), *more)


def evidence(duties: Sequence[Duty], text: str) -> tuple[str, ...]:
    """The words of a text that bring what it has to bring: they must not be cut out of it."""
    reading = Reading(text)
    found = [sighted(duty.constraint, reading) for duty in duties if duty.least]
    return tuple(text[slice(*place)] for seen in found for place in seen.places)


def _debt(duty: Duty, seen: Sightings, text: str) -> Owed:
    most = duty.constraint.most
    if most is not None and (seen.sure > most or not duty.least):
        limit = Duty(duty.constraint, duty.key, 0)
        return Owed(leaving((limit,))[0], _passages(text, seen))
    return Owed(bringing((duty,))[0])


def _passages(text: str, seen: Sightings) -> tuple[str, ...]:
    """The sentences around what was seen, each once."""
    whole = spans(text)
    found = []
    for start, end in seen.places:
        low = min((a for a, b in whole if b > start), default=start)
        high = max((b for a, b in whole if a < end), default=end)
        found.append(text[min(low, start) : max(high, end)].strip())
    return tuple(dict.fromkeys(found))
