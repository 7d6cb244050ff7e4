"""The ledger of a document: what it has said, kept with its sections' texts and found by words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from core.errors import NotFoundError
from domain.ledger.entries import MAX_QUOTE, Entry, Ledger, merge, without
from domain.ledger.facts import renewed
from domain.text.vocabulary import terms
from storage import documents
from storage.tables import FactRow

UNPLACED = ""
"""Key of what stands in no section: a person's notes, and what a plan has laid down."""
MOST_FOUND = 300
"""Entries that a search gives at most."""
_AT_ONCE = 500
MOST_WORDS = 60
"""Words that are searched for at once."""


def all_of(s: Session, document_id: str) -> Ledger:
    """The whole ledger."""
    return _ledger(_rows(s, document_id))


def rows_of(s: Session, document_id: str) -> Sequence[FactRow]:
    """Every entry's row."""
    return _rows(s, document_id)


def unplaced(s: Session, document_id: str) -> Ledger:
    """What holds for the whole document: a person's notes, and what the plan has laid down."""
    return _ledger(_rows(s, document_id, FactRow.section_key == UNPLACED))


def sections_of(s: Session, document_id: str) -> set[str]:
    """Keys of the sections that something is known of."""
    query = select(FactRow.section_key).where(FactRow.document_id == document_id).distinct()
    return set(s.scalars(query))


def about(
    s: Session, document_id: str, words: Collection[str], sections: Collection[str]
) -> Ledger:
    """The entries of these sections that share most with some words, `MOST_FOUND` at most.

    Args:
        s: the session.
        document_id: whose.
        words: as `domain.text.vocabulary.terms` gives them; the first `MOST_WORDS` count.
        sections: keys.
    """
    wanted = sorted(dict.fromkeys(words))[:MOST_WORDS]
    if not wanted or not sections:
        return Ledger()
    shares = [FactRow.words.contains(f" {word} ", autoescape=True) for word in wanted]
    weight = sum((case((share, 1), else_=0) for share in shares[1:]), case((shares[0], 1), else_=0))
    query = (
        select(FactRow)
        .where(
            FactRow.document_id == document_id,
            FactRow.section_key.in_(sections),
            or_(*shares),
        )
        .order_by(weight.desc(), FactRow.id)
        .limit(MOST_FOUND)
    )
    return _ledger(s.scalars(query).all())


def renew(s: Session, document_id: str, key: str, text: str, found: Iterable[Entry]) -> None:
    """Follow a section's new text; in the transaction that stores it.

    Args:
        s: the session.
        document_id: the document.
        key: the section's.
        text: what it is by now; empty: it is gone.
        found: what was found in it. What a model has found earlier and still stands there
            stays as well, and what a person has decided.

    Raises:
        NotFoundError: no such document.
    """
    rows = _rows(s, document_id, FactRow.section_key == key)
    _store(s, document_id, rows, renewed(_ledger(rows), key, text, found))


def lay_down(s: Session, document_id: str, entries: Iterable[Entry]) -> None:
    """Keep what a plan has laid down for all sections, in place of what an earlier one has.

    Raises:
        NotFoundError: no such document.
    """
    rows = _rows(s, document_id, FactRow.section_key == UNPLACED)
    _store(s, document_id, rows, merge(_ledger(rows), UNPLACED, entries))


def follow(s: Session, document_id: str, keys: Collection[str]) -> None:
    """Forget sections that left the plan; what a person noted of them stays, without a place.

    Raises:
        NotFoundError: no such document.
    """
    gone = FactRow.section_key.not_in([UNPLACED, *keys])
    rows = _rows(s, document_id, gone)
    left = _ledger(rows)
    for key in {row.section_key for row in rows}:
        left = without(left, key)
    if rows:
        _store(s, document_id, rows, left)


def row_of(s: Session, document_id: str, id: str) -> FactRow:
    """One entry's row; raises NotFoundError."""
    query = select(FactRow).where(FactRow.document_id == document_id, FactRow.entry == id)
    row = s.scalars(query).one_or_none()
    if row is None:
        raise NotFoundError(
            f"document {document_id} has no entry {id!r}",
            f"`python app.py ledger {document_id}` lists them.",
        )
    return row


def has(s: Session, document_id: str, id: str) -> bool:
    """Whether there is such an entry."""
    query = select(FactRow.id).where(FactRow.document_id == document_id, FactRow.entry == id)
    return s.scalar(query) is not None


def notes(s: Session, document_id: str) -> int:
    """How many entries are a person's own."""
    own = (FactRow.document_id == document_id, FactRow.origin == "user")
    return s.scalar(select(func.count()).select_from(FactRow).where(*own)) or 0


def remove(s: Session, row: FactRow) -> None:
    """Take an entry away."""
    s.delete(row)
    s.flush()


def put(s: Session, document_id: str, entries: Iterable[Entry]) -> None:
    """Add or change single entries, told apart by their ids; raises NotFoundError."""
    wanted = list(entries)
    some = FactRow.entry.in_([entry.id for entry in wanted[:_AT_ONCE]])
    rows = _rows(s, document_id, some) if len(wanted) <= _AT_ONCE else _rows(s, document_id)
    _store(s, document_id, rows, Ledger(tuple(wanted)))


def entry_of(row: FactRow) -> Entry:
    """What a row holds."""
    return Entry(
        row.kind, row.subject, row.attribute, row.value, row.section_key, row.quote, row.start,  # type: ignore[arg-type]
        row.end, row.status, row.origin, row.edited, row.entry,  # type: ignore[arg-type]
    )  # fmt: skip


def _rows(s: Session, document_id: str, *where: ColumnElement[bool]) -> Sequence[FactRow]:
    query = select(FactRow).where(FactRow.document_id == document_id, *where)
    return s.scalars(query.order_by(FactRow.id)).all()


def _ledger(rows: Iterable[FactRow]) -> Ledger:
    return Ledger(tuple(map(entry_of, rows)))


def _store(s: Session, document_id: str, rows: Sequence[FactRow], after: Ledger) -> None:
    """Make these rows hold what the ledger does: changed, added, taken away."""
    owner_id = documents.lock(s, document_id)
    old = {row.entry: row for row in rows}
    for entry in after.entries:
        row = old.pop(entry.id, None)
        if row is None:
            s.add(FactRow(document_id=document_id, owner_id=owner_id, **_columns(entry)))
        elif entry_of(row) != entry:
            for name, value in _columns(entry).items():
                setattr(row, name, value)
            row.version += 1
    for row in old.values():
        s.delete(row)
    s.flush()


def _columns(entry: Entry) -> dict[str, Any]:
    said = terms(f"{entry.subject} {entry.attribute} {entry.value}")
    return {
        "entry": entry.id, "section_key": entry.section, "kind": entry.kind,
        "subject": entry.subject, "attribute": entry.attribute, "value": entry.value,
        "quote": entry.quote[:MAX_QUOTE], "start": entry.start, "end": entry.end,
        "status": entry.status, "origin": entry.origin, "edited": entry.edited,
        "words": f" {' '.join(dict.fromkeys(said))} ",
    }  # fmt: skip
