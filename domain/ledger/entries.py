"""Knows what a document has said so far: facts, names, dates, promises, each with its place.

A ledger is a value. Merging a section's entries replaces what was known of that section and of no
other; what a person has edited or hidden stays as the person left it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from domain.ledger.attributes import attribute_key
from domain.ledger.dates import days
from domain.ledger.names import name_key
from domain.ledger.quantities import measure

Kind = Literal["fact", "name", "number", "date", "definition", "promise", "thread"]
Status = Literal["stands", "open", "kept", "closed", "hidden"]
"""A fact `stands`; a promise or thread is `open` until it is `kept` or `closed`; what is `hidden`
is neither shown to writers nor compared."""
Origin = Literal["text", "model", "user"]
PENDING: tuple[Kind, ...] = ("promise", "thread")

MAX_VALUE = 300
"""Characters of a subject, attribute or value."""
MAX_QUOTE = 600
MOST_IN_SECTION = 200
"""Entries of one section; further ones, by place, are dropped."""


@dataclass(frozen=True)
class Entry:
    """One thing that the document says, and where."""

    kind: Kind
    subject: str
    attribute: str
    value: str
    section: str = ""
    """Key in the outline; empty for what a person has noted without a place."""
    quote: str = ""
    """The words of the section that say so."""
    start: int = 0
    end: int = 0
    """Offsets of the quote in the section's text."""
    status: Status = "stands"
    origin: Origin = "text"
    edited: bool = False
    """Whether a person has changed it; never overwritten then."""
    id: str = ""
    """The same when the same is extracted again; an edit does not change it."""

    @property
    def shown(self) -> bool:
        """Whether writers and checks see it."""
        return self.status != "hidden"

    @property
    def held(self) -> bool:
        """Whether a person has decided on it."""
        return self.edited or self.origin == "user" or self.status == "hidden"

    @property
    def topic(self) -> str:
        """The attribute's canonical name."""
        return attribute_key(self.attribute)


@dataclass(frozen=True)
class Ledger:
    """All entries, by section, then place."""

    entries: tuple[Entry, ...] = ()

    def of(self, section: str) -> tuple[Entry, ...]:
        """The entries of one section."""
        return tuple(entry for entry in self.entries if entry.section == section)

    def entry(self, id: str) -> Entry:
        """The entry with this id; raises KeyError."""
        for entry in self.entries:
            if entry.id == id:
                return entry
        raise KeyError(id)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; `from_dict` is the inverse."""
        return {"entries": [asdict(entry) for entry in self.entries]}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Ledger:
        """Rebuild from `to_dict`'s value."""
        return cls(tuple(Entry(**entry) for entry in data["entries"]))


def merge(ledger: Ledger, section: str, found: Iterable[Entry]) -> Ledger:
    """The ledger after a section was written, or written anew.

    Idempotent; the order of sections, and of `found`, does not matter. Entries of the section
    that are no longer found go, unless a person has decided on them; those found again keep their
    status and take their new place.
    """
    before = {entry.id: entry for entry in ledger.of(section)}
    kept = {entry.id: entry for entry in before.values() if entry.held}
    placed = (replace(entry, section=section) for entry in found)
    own = sorted(map(_bounded, placed), key=lambda entry: (entry.start, entry.end, entry.id))
    for entry in _first_of_each(own)[:MOST_IN_SECTION]:
        old = before.get(entry.id)
        if old is None:
            kept[entry.id] = entry
        elif old.held:
            kept[entry.id] = replace(old, quote=entry.quote, start=entry.start, end=entry.end)
        else:
            kept[entry.id] = replace(entry, status=old.status)
    others = [entry for entry in ledger.entries if entry.section != section]
    return _sorted([*others, *kept.values()])


def without(ledger: Ledger, section: str) -> Ledger:
    """The ledger after a section was deleted; what a person has noted stays, without a place."""
    return _sorted(
        replace(entry, section="", quote="", start=0, end=0) if entry.section == section else entry
        for entry in ledger.entries
        if entry.section != section or (entry.held and entry.shown)
    )


def of_sections(ledger: Ledger, keys: Collection[str]) -> Ledger:
    """Only what stands in these sections."""
    return Ledger(tuple(entry for entry in ledger.entries if entry.section in keys))


def edit(
    ledger: Ledger, id: str, *, value: str | None = None, subject: str | None = None,
    attribute: str | None = None, status: Status | None = None,
) -> Ledger:  # fmt: skip
    """The ledger after a person has changed an entry; raises KeyError if there is no such id."""
    old = ledger.entry(id)
    new = replace(
        old,
        value=old.value if value is None else _line(value),
        subject=old.subject if subject is None else _line(subject),
        attribute=old.attribute if attribute is None else _line(attribute),
        status=status or old.status,
        edited=True,
    )
    return _sorted(new if entry.id == id else entry for entry in ledger.entries)


def note(ledger: Ledger, entry: Entry) -> Ledger:
    """The ledger with an entry of a person's own; the same once more changes nothing."""
    own = _bounded(replace(entry, origin="user", edited=True, id=""))
    if any(other.id == own.id for other in ledger.entries):
        return ledger
    return _sorted([*ledger.entries, own])


def entry_id(entry: Entry) -> str:
    """What makes an entry the same again: section, kind, subject, attribute, normalised value."""
    parts = (entry.section, entry.kind, name_key(entry.subject), entry.topic, value_key(entry))
    return "e" + hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:12]


def value_key(entry: Entry) -> str:
    """The value without its form: "1.2 km" and "1,200 m" have one."""
    if entry.kind == "date" and (span := days(entry.value)):
        return f"{span[0]}:{span[1]}"
    if entry.kind in ("number", "fact") and (found := measure(entry.value)):
        return found.key
    return " ".join(entry.value.casefold().split())


def section_order(key: str) -> tuple[tuple[int, int | str], ...]:
    """Sorts "3.10" behind "3.9"; what a person noted without a place comes first."""
    pieces = re.findall(r"\d{1,9}|[^\d.]+", key)
    return tuple((0, int(p)) if p.isdigit() else (1, p) for p in pieces)


def _bounded(entry: Entry) -> Entry:
    cut = replace(
        entry, subject=_line(entry.subject), attribute=_line(entry.attribute),
        value=_line(entry.value), quote=entry.quote[:MAX_QUOTE],
    )  # fmt: skip
    return replace(cut, id=cut.id or entry_id(cut))


def _first_of_each(entries: Iterable[Entry]) -> list[Entry]:
    found: dict[str, Entry] = {}
    for entry in entries:
        found.setdefault(entry.id, entry)
    return list(found.values())


def _sorted(entries: Iterable[Entry]) -> Ledger:
    return Ledger(
        tuple(sorted(entries, key=lambda e: (section_order(e.section), e.start, e.end, e.id)))
    )


def _line(text: str) -> str:
    return " ".join(text.split())[:MAX_VALUE]
