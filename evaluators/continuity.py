"""Knows where a document contradicts itself, and what it promised and did not keep.

Compared are entries of the ledger about the same thing and attribute. Rounding, ranges, "about",
other units, another year, and changes that the text tells of are no contradictions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final

import regex

from domain.ledger.attributes import CHINESE_EVENTS, ENGLISH_EVENTS
from domain.ledger.dates import days, years
from domain.ledger.entries import PENDING, Entry, Ledger, entry_id
from domain.ledger.facts import extract
from domain.ledger.names import canonical, same_names
from domain.ledger.quantities import measure
from domain.score import Finding, Score
from domain.text.vocabulary import terms
from evaluators.base import Reporter

_CHANGED = regex.compile(
    r"\b(?:now|later|since|until|once|formerly|originally|at first|initially|used to|no longer"
    r"|by then|extended|enlarged|widened|rebuilt|renamed|renovated|moved|grew|grown|rose|risen"
    r"|fell|fallen|shrank|increased|decreased|reduced|raised|became|become|second (?:wife"
    r"|husband)|succeeded"
    r"|replaced|nowadays|today|years? (?:later|before|ago|after)|meanwhile|remarried|reopened)\b"
    r"|后来|如今|现在|现已|改为|改名|更名|扩建|重建|翻修|增至|增加|升至|降至|减少|起初|最初|原来|原本|曾|之后|以后|此后"
    r"|已经|不再|变成|成为|今天|重新|再次",
    regex.IGNORECASE,
)
_PRESENT = regex.compile(r"\b(?:is|are)\b|今年|现年", regex.IGNORECASE)
_HAPPENED = regex.compile(
    rf"\b(?:{'|'.join(ENGLISH_EVENTS.values())})\s+(?:in|on|around)\s+[^,.;]{{0,20}}?\d{{3,4}}"
    rf"|(?:{'|'.join(CHINESE_EVENTS.values())})于\d{{3,4}}年"
)
"""The date of something else than what is compared."""
_EVENTS: Final = frozenset((*ENGLISH_EVENTS, *CHINESE_EVENTS))
_MOST_COMPARED: Final = 8
"""Different values of one attribute that each further one is compared with."""
_MOST_ENTRIES: Final = 20_000
"""Of a ledger; a text of a million words has fewer."""
_KEPT: Final = 0.5
"""Share of a promise's content words that a later section has to hold to keep it."""
_SHOWN: Final = 120
"""Characters of a quotation in a message."""


@dataclass(frozen=True)
class Contradiction:
    """Two places that cannot both be right; the first is a person's, else the earlier one."""

    first: Entry
    second: Entry

    @property
    def message(self) -> str:
        """What is said here, and what there, with both places."""
        one, other = self.first, self.second
        where = f"section {one.section!r} says" if one.section else "the ledger has"
        said = f": “{_short(one.quote)}”" if one.quote else ""
        return (
            f"{other.subject}: {other.topic} is {other.value!r} here (“{_short(other.quote)}”), "
            f"but {where} {one.value!r}{said}"
        )


@dataclass(frozen=True)
class Continuity:
    """Warns of contradictions, at the later place; notes promises that no section keeps."""

    name: ClassVar[str] = "continuity"
    version: ClassVar[int] = 1

    def evaluate(self, ledger: Ledger, order: Sequence[str], texts: Mapping[str, str]) -> Score:
        """100, or 50 with contradictions; unscored if the ledger is empty.

        Args:
            ledger: what the document says; statuses of promises are taken as they stand.
            order: keys of all sections in reading order.
            texts: the sections' bodies by key, where promises are looked for.
        """
        report = Reporter(self.name, self.version)
        if not ledger.entries:
            return report.unscored("nothing is known of what the text says")
        findings = [_finding(found) for found in contradictions(ledger, order)]
        findings += [_open(entry) for entry in pending(settled(ledger, order, texts))]
        return report.score(findings)


def contradictions(ledger: Ledger, order: Sequence[str]) -> tuple[Contradiction, ...]:
    """Every entry that disagrees with an earlier one, or with a person's, in reading order."""
    place = {key: number for number, key in enumerate(order)}
    ledger = Ledger(ledger.entries[:_MOST_ENTRIES])
    known = canonical(entry.subject for entry in ledger.entries)
    groups: defaultdict[tuple[tuple[str, ...], str], list[Entry]] = defaultdict(list)
    for entry in ledger.entries:
        if entry.shown and entry.kind not in (*PENDING, "definition"):
            groups[known[entry.subject], entry.topic].append(entry)
    found = [pair for group in groups.values() for pair in _disagreeing(group, place)]
    found += [pair for entry in ledger.entries for pair in _overruled(entry)]
    last = len(place)
    return tuple(
        sorted(
            found, key=lambda c: (place.get(c.second.section, last), c.second.start, c.second.id)
        )
    )


def pending(ledger: Ledger) -> tuple[Entry, ...]:
    """The promises and threads that are still open."""
    return tuple(e for e in ledger.entries if e.kind in PENDING and e.status == "open")


def settled(ledger: Ledger, order: Sequence[str], texts: Mapping[str, str]) -> Ledger:
    """The ledger with those promises kept of whose words a later section holds at least half.

    By words only: a promise kept in other words stays open. What a person has decided on stays.
    """
    place = {key: number for number, key in enumerate(order)}
    if not pending(ledger):
        return ledger
    words = {key: frozenset(terms(text)) for key, text in texts.items()}
    later = {key: [k for k in order if place[k] > place[key]] for key in order}

    def after(entry: Entry) -> Entry:
        if entry.kind not in PENDING or entry.status != "open" or entry.held:
            return entry
        own = set(terms(entry.value))
        least = _KEPT * len(own)
        sections = later.get(entry.section, [])
        kept = any(len(own & words.get(key, frozenset())) >= least for key in sections)
        return replace(entry, status="kept") if own and kept else entry

    return Ledger(tuple(map(after, ledger.entries)))


def agree(one: Entry, other: Entry) -> bool | None:
    """Whether both values may hold of one thing; None where they cannot be compared."""
    if "date" in (one.kind, other.kind) or one.topic in _EVENTS:
        first, second = days(one.value), days(other.value)
        if first is None or second is None:
            return None
        return first[0] <= second[1] and second[0] <= first[1]
    if "name" in (one.kind, other.kind):
        return same_names(one.value, other.value)
    first_m, second_m = measure(one.value), measure(other.value)
    if first_m is None or second_m is None:
        return None
    if not first_m.unit and second_m.unit:  # "42" is said of an age as well as "42 years"
        first_m = measure(f"{one.value} {second_m.unit}") or first_m
    elif first_m.unit and not second_m.unit:
        second_m = measure(f"{other.value} {first_m.unit}") or second_m
    return first_m.agrees(second_m)


def _disagreeing(group: Sequence[Entry], place: Mapping[str, int]) -> Iterator[Contradiction]:
    """Each entry against those before it that say something else than each other."""
    ordered = sorted(group, key=lambda e: (not e.held, place.get(e.section, -1), e.start, e.id))
    distinct: list[Entry] = []
    for entry in ordered:
        clash = next((one for one in distinct if _clash(one, entry)), None)
        if clash:
            yield Contradiction(clash, entry)
        same = any(one.value == entry.value for one in distinct)
        if not same and len(distinct) < _MOST_COMPARED:
            distinct.append(entry)


def _overruled(entry: Entry) -> Iterator[Contradiction]:
    """What the text says at an entry's place, where a person has corrected the entry since."""
    if not entry.edited or not entry.shown or not entry.quote:
        return
    for said in extract(entry.quote, entry.section):
        there = replace(
            said, start=entry.start + said.start, end=entry.start + said.end, id=entry.id
        )
        if entry_id(said) == entry.id and agree(entry, said) is False:
            yield Contradiction(replace(entry, section="", quote="", start=0, end=0), there)


def _clash(one: Entry, other: Entry) -> bool:
    if agree(one, other) is not False or _told_as_change(one, other):
        return False
    return one.topic != "age" or _ages_clash(one, other)


def _told_as_change(one: Entry, other: Entry) -> bool:
    """Whether the text says that it was different at another time; what happens once does not."""
    if one.topic in _EVENTS:
        return False
    if any(_CHANGED.search(entry.quote) for entry in (one, other) if not entry.held):
        return True
    first, second = (years(_HAPPENED.sub(" ", entry.quote)) for entry in (one, other))
    return first != second


def _ages_clash(one: Entry, other: Entry) -> bool:
    """People grow older: a greater age later on is only odd where both are of today."""
    first, second = measure(one.value), measure(other.value)
    if first is None or second is None:
        return False
    today = all(_PRESENT.search(entry.quote) for entry in (one, other))
    return today or second.low < first.low


def _finding(found: Contradiction) -> Finding:
    entry = found.second
    span = (entry.start, entry.end) if entry.quote else None
    told = Reporter(Continuity.name, Continuity.version, entry.section).warn(found.message, span)
    one = found.first
    return replace(told, elsewhere=(one.section, one.start, one.end) if one.quote else None)


def _open(entry: Entry) -> Finding:
    span = (entry.start, entry.end) if entry.quote else None
    what = "promises" if entry.kind == "promise" else "leaves open"
    message = f"it {what} {_short(entry.value)!r}, and no later section comes back to it"
    return Reporter(Continuity.name, Continuity.version, entry.section).note(message, span)


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1] + "…"
