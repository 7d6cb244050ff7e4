"""What a document cites: its texts with the numbers of one list, and that list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.outline.assembly import Piece, pieces
from domain.outline.plan import Outline
from sources.citations import Given, Reference, resolved
from sources.marks import marks
from sources.passages import Passage
from sources.references import heading, listed, place_words
from storage import evidence

KEY = "references"
"""Of the piece that is the list."""
_ANY = 99_999
_WIDEST = 200
"""Numbers of a range that are looked up: nobody cites more at a time."""


@dataclass(frozen=True)
class Cited:
    """A document's texts as they are read, and what they cite."""

    texts: Mapping[str, str]
    """By section, with the numbers of the list."""
    references: tuple[Reference, ...]
    """In order of first use."""


@dataclass(frozen=True)
class CitedPassage:
    """A passage that is cited."""

    number: int
    """By which the sections' own texts cite it."""
    text: str


@dataclass(frozen=True)
class Entry:
    """An entry of a reference list: one place in one source."""

    number: int
    source: str
    """The source's id."""
    title: str
    page: int | None
    """From 1; None where the source has no pages."""
    headings: tuple[str, ...]
    """Those above the place, the outermost first."""
    place: str
    """Page and headings in the document's language."""
    passages: tuple[CitedPassage, ...]


def cited(outline: Outline, texts: Mapping[str, str], given: Given) -> Cited:
    """Number a document's citations in reading order; a mark that means nothing stays as it is.

    Args:
        outline: the plan, whose order is the reading order.
        texts: by section, citing passages by their own numbers.
        given: the passages by these numbers.
    """
    if not given:
        return Cited(texts, ())
    keys = [piece.key for piece in pieces(outline, texts)]
    done, references = resolved(((key, texts[key], given) for key in keys), kept=True)
    return Cited({**texts, **{k: d.text for k, d in zip(keys, done, strict=True)}}, references)


def list_of(references: tuple[Reference, ...], outline: Outline, language: str) -> Piece:
    """The reference list as the document's last piece."""
    above = ((outline.top, heading(language)),)
    return Piece(above, listed(references, language), KEY)


def entries(references: Sequence[Reference], given: Given, language: str) -> list[Entry]:
    """A reference list as values.

    Args:
        references: the list.
        given: the passages by the sections' own numbers.
        language: the document's.
    """
    own = {(passage.source, passage.id): number for number, passage in given.items()}
    return [
        Entry(
            reference.number,
            reference.source,
            reference.title,
            reference.place.page or None,
            reference.place.headings,
            place_words(reference.place, language, reference.title),
            tuple(CitedPassage(own[p.source, p.id], p.text) for p in reference.passages),
        )
        for reference in references
    ]


def given_in(s: Session, document_id: str, texts: Mapping[str, str]) -> dict[int, Passage]:
    """The passages that any of a document's texts may mean by its marks.

    Raises:
        NotFoundError: a source has gone.
    """
    numbers = {
        number
        for text in texts.values()
        for mark in marks(text, _ANY)
        for first, last in mark.ranges
        for number in range(first, min(last, first + _WIDEST) + 1)
    }
    return evidence.some(s, document_id, numbers)
