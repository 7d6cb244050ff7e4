"""How the ledger follows texts that become other ones outside of runs."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from domain.ledger.entries import Entry
from domain.ledger.facts import extract
from storage import facts, sections
from storage.tables import DocumentRow


def remembers(row: DocumentRow) -> bool:
    """Whether it is to be kept what the document says."""
    return bool(row.request.get("memory", "text") != "off")


def said_in(texts: Mapping[str, str]) -> dict[str, tuple[Entry, ...]]:
    """What the sentences of each section say, by key; a second or so for a long book."""
    return {key: extract(text, key) for key, text in texts.items()}


def follow_text(s: Session, row: DocumentRow, key: str, text: str) -> None:
    """Know what a section says by now, if the document is to be remembered."""
    if remembers(row):
        facts.renew(s, row.id, key, text, extract(text, key))


def follow_plan(s: Session, row: DocumentRow) -> None:
    """Forget what left the document with its sections, and know what came back with them."""
    stored = sections.all_of(s, row.id)
    facts.follow(s, row.id, [section.key for section in stored])
    known = facts.sections_of(s, row.id)
    for section in stored:
        if section.text and section.key not in known:
            follow_text(s, row, section.key, section.text)
