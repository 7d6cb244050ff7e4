"""Knows which of the entries that a model reports of a section may enter the ledger.

The border: every field is bounded, and what is said to stand in the text must stand there, since
an entry that cannot be shown cannot be checked.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.ledger.entries import MAX_QUOTE, MAX_VALUE, MOST_IN_SECTION, PENDING, Entry, Kind

_Short = Annotated[str, Field(min_length=1, max_length=MAX_VALUE)]
_SHORTEST: Final = 4
"""Characters; a shorter quotation proves nothing."""


class ReportedEntry(BaseModel):
    """One entry as a model reports it."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    kind: Kind
    subject: _Short
    attribute: _Short
    value: _Short
    quote: Annotated[str, Field(min_length=_SHORTEST, max_length=MAX_QUOTE)]
    """Words of the section, to the letter."""


class LedgerReply(BaseModel):
    """What a model is asked for: the entries of one section."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    entries: Annotated[tuple[ReportedEntry, ...], Field(max_length=MOST_IN_SECTION)] = ()


def read_entries(data: object, section: str, text: str) -> tuple[tuple[Entry, ...], int]:
    """The entries of a model's parsed JSON answer, and how many were refused.

    An entry is refused alone: if a field is missing or too long, or if its quote does not stand in
    `text` (white space is free). Offsets are ours, never the model's.
    """
    listed = data.get("entries") if isinstance(data, dict) else data
    if not isinstance(listed, list):
        return (), 0
    made = [_entry(item, section, text) for item in listed[:MOST_IN_SECTION]]
    kept = tuple(entry for entry in made if entry is not None)
    return kept, len(listed) - len(kept)


def _entry(item: Any, section: str, text: str) -> Entry | None:
    try:
        said = ReportedEntry.model_validate(item)
    except (ValidationError, ValueError):
        return None
    place = _place(said.quote, text)
    if place is None:
        return None
    start, end = place
    return Entry(
        said.kind, said.subject, said.attribute, said.value, section, text[start:end], start, end,
        "open" if said.kind in PENDING else "stands", "model",
    )  # fmt: skip


def _place(quote: str, text: str) -> tuple[int, int] | None:
    """Where the quote stands; line breaks and runs of spaces count as one space."""
    at = text.find(quote)
    if at >= 0:
        return at, at + len(quote)
    starts: list[int] = []
    letters: list[str] = []
    for number, character in enumerate(text):
        plain = " " if character.isspace() else character
        if plain != " " or (letters and letters[-1] != " "):
            letters.append(plain)
            starts.append(number)
    wanted = " ".join(quote.split())
    at = "".join(letters).find(wanted)
    return (starts[at], starts[at + len(wanted) - 1] + 1) if at >= 0 else None
