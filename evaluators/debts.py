"""Knows what is to be done in a section for what is demanded of it: bring, take out, keep."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from domain.constraints.allocation import Duty
from domain.constraints.duties import bringing, limiting
from domain.text.sentences import spans
from evaluators.constraints import Check, Compliance, sighted
from evaluators.mentions import Reading, Sightings
from evaluators.pieces import pieces_of, without


@dataclass(frozen=True)
class Owed:
    """What is to be done about one demand in one section."""

    words: str
    """What is missing, or what must not be there."""
    quotes: tuple[str, ...] = ()
    """The passages that hold what must not be there; empty: something is missing."""


def owed(duties: Sequence[Duty], text: str) -> tuple[Owed, ...]:
    """What one section has to mend by these duties; what is missing comes first."""
    reading = Reading(text)
    found = []
    for duty in duties:
        seen = sighted(duty.constraint, reading)
        if seen.within(duty.least, duty.limit) is False:
            found.append(_debt(duty, seen, text))
    return tuple(sorted(found, key=lambda debt: bool(debt.quotes)))


def gap(duties: Sequence[Duty], text: str) -> int:
    """Times that something is missing in a section, or there too often, by these duties."""
    reading = Reading(text)
    return sum(_off(duty, sighted(duty.constraint, reading)) for duty in duties)


def due(
    found: Compliance, able: Collection[str], spent: Collection[tuple[str, str]] = ()
) -> dict[str, tuple[Duty, ...]]:
    """What sections are to mend, so that the whole misses nothing.

    What is missing is asked of those that carry it, or else of their neighbours in the place. What
    is there too often stays with those that carry it; all others have to give it up.

    Args:
        found: what became of all demands.
        able: the sections that may be changed, in reading order.
        spent: (demand's id, section) that were asked for in vain: others come first.
    """
    made: dict[str, list[Duty]] = {}
    for check in (check for check in found.checks if check.met is False and check.sure):
        fresh = [key for key in able if (check.constraint.id, key) not in spent]
        most = check.constraint.most
        over = most is not None and sum(check.sure.values()) > most
        takers = [key for key in check.sure if key in able]
        first = [key for key in takers if key in fresh]
        for duty in _surplus(check, takers) if over else _moved(check, first or takers):
            made.setdefault(duty.key, []).append(duty)
    return {key: tuple(duties) for key, duties in made.items()}


def evidence(duties: Sequence[Duty], text: str) -> tuple[str, ...]:
    """The words of a text that bring what it has to bring: they must not be cut out of it."""
    reading = Reading(text)
    found = [sighted(duty.constraint, reading) for duty in duties if duty.least]
    return tuple(text[slice(*place)] for seen in found for place in seen.places)


def lawful(duties: Sequence[Duty], text: str) -> str:
    """A further passage of a section without sentences that hold what is limited there."""
    reading = Reading(text)
    limited = (duty.constraint for duty in duties if duty.limit is not None)
    places = [place for one in limited for place in sighted(one, reading).places]
    pieces = pieces_of(text)
    gone = {
        number
        for number, piece in enumerate(pieces)
        if any(start < piece.end and piece.start < end for start, end in places)
    }
    return without(text, pieces, gone)


def _surplus(check: Check, able: Collection[str]) -> Iterator[Duty]:
    """What goes: what cannot be changed keeps its own, then those that carry it keep theirs."""
    shares = {duty.key: duty.least for duty in check.duties}
    room = check.constraint.most or 0
    for key in sorted(check.sure, key=lambda key: (key in able, not shares.get(key))):
        allowed = min(check.sure[key], room)
        room -= allowed
        if allowed < check.sure[key] and key in able:
            yield Duty(check.constraint, key, 0, allowed)


def _moved(check: Check, able: Sequence[str]) -> Iterator[Duty]:
    """What is missing, by those that carry it; by their neighbours where they cannot."""
    order = list(check.sure)
    missing = check.constraint.least - sum(check.sure.values())
    taken: dict[str, Duty] = {}
    for duty in check.duties:
        more = min(missing, duty.least - check.sure[duty.key])
        if more <= 0 or not able:
            continue
        at = order.index(duty.key)
        key = min(able, key=lambda key: (key in taken, abs(order.index(key) - at)))
        least = taken[key].least if key in taken else check.sure[key]
        taken[key] = replace(duty, key=key, least=least + more)
        missing -= more
    yield from taken.values()


def _off(duty: Duty, seen: Sightings) -> int:
    over = 0 if duty.limit is None else max(0, seen.sure - duty.limit)
    return over or max(0, duty.least - seen.possible)


def _debt(duty: Duty, seen: Sightings, text: str) -> Owed:
    limit = duty.limit
    if limit is not None and seen.sure > limit:
        surplus = replace(seen, places=seen.places[limit:])
        return Owed(limiting(duty), _passages(text, surplus))
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
