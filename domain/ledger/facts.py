"""Knows the facts of a text that can be read off its sentences without a model.

Founding years, lengths, ages, numbers of things, who made what, and what is promised for later.
Precision before recall: one clause with a name or a definite thing as its subject, no doubt, no
negation, no pronoun. English and Chinese.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

import regex

from domain.ledger import chinese as in_chinese
from domain.ledger import english as in_english
from domain.ledger.entries import MAX_QUOTE, PENDING, Entry, Ledger, Status, merge
from domain.ledger.found import Found
from domain.text.counter import cjk_share
from domain.text.sentences import spans

_LONGEST: Final = 400
"""Characters; a longer sentence is not read."""
_MOST: Final = 5_000
"""Sentences of a section that are read."""
_DOUBT = regex.compile(
    r"\b(?:if|whether|would|could|might|may|perhaps|maybe|supposedly|allegedly|legend|rumou?r\w*"
    r"|myth|claim(?:s|ed)?|pretend\w*|imagin\w+|suppos\w+|planned|proposed|expected|estimated"
    r"|not|never|no|nobody|none|unlike|wrongly|mistakenly|believed|thought|said to|dream\w*"
    r"|joke\w*|as if"
    r"|another|each|every|any|some)\b|n['’]t\b"
    r"|如果|假如|若|要是|可能|也许|或许|大概是|据说|据传|传说|相传|计划|预计|拟|将要|不是|没有|并非|从未|谎|误|以为|梦"
    r"|想象|每|某|另一|有人说|号称|所谓",
    regex.IGNORECASE,
)


def extract(text: str, section: str) -> tuple[Entry, ...]:
    """The entries of one section's text, in reading order."""
    return tuple(_entries(text, section))


def renewed(ledger: Ledger, section: str, text: str, found: Iterable[Entry]) -> Ledger:
    """The ledger after a section's text has become another one.

    What a model had found stays where its words still stand; what a person has decided stays, and
    has a place as long as its words have one.

    Args:
        ledger: what was known; of other sections, nothing changes.
        section: the key.
        text: what it says by now.
        found: what was found in it.
    """
    moved = (_moved(entry, text) for entry in ledger.of(section))
    standing = [entry for entry in moved if entry.quote]
    models = [entry for entry in standing if entry.origin == "model" and not entry.held]
    after = merge(ledger, section, [*found, *models])
    return Ledger(
        tuple(
            _moved(entry, text) if entry.section == section and entry.held else entry
            for entry in after.entries
        )
    )


def _moved(entry: Entry, text: str) -> Entry:
    """The entry at its words in the text; without a place where they are gone."""
    if entry.quote and text[entry.start : entry.end] == entry.quote:
        return entry
    at = text.find(entry.quote) if entry.quote else -1
    if at < 0:
        return replace(entry, quote="", start=0, end=0)
    return replace(entry, start=at, end=at + len(entry.quote))


def _entries(text: str, section: str) -> Iterator[Entry]:
    for start, end in spans(text)[:_MOST]:
        sentence = text[start:end]
        if end - start > _LONGEST or sentence[-1:] in "?？" or sentence[:1] in "#|>`":
            continue
        chinese = cjk_share(sentence) > 1 / 2
        reader = in_chinese if chinese else in_english
        for found in reader.found(sentence):
            if found.kind in PENDING or not _DOUBT.search(sentence):
                yield _entry(found, section, sentence, start)


def _entry(found: Found, section: str, sentence: str, start: int) -> Entry:
    quote = sentence[:MAX_QUOTE]
    status: Status = "open" if found.kind in PENDING else "stands"
    return Entry(
        found.kind, found.subject, found.attribute, found.value, section, quote, start,
        start + len(quote), status,
    )  # fmt: skip
