"""The passages that a document may cite, by numbers that hold for all its sections and for ever.

A passage's number is its place, from 1, among those of all the request's sources: these neither
change nor go while a document draws on them.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import accumulate

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFoundError
from sources.passages import Passage
from storage import sources
from storage.tables import DocumentRow, PassageRow


def numbered(s: Session, document_id: str) -> dict[int, Passage]:
    """Every passage of a document's sources; empty where it draws on none.

    Raises:
        NotFoundError: there is no such document, or a source of it has gone.
    """
    owner_id, ids = _drawn_on(s, document_id)
    return dict(enumerate(sources.passages(s, owner_id, ids), 1)) if ids else {}


def some(s: Session, document_id: str, numbers: Collection[int]) -> dict[int, Passage]:
    """Those of the passages that have these numbers; raises as `numbered`."""
    owner_id, ids = _drawn_on(s, document_id)
    if not ids or not numbers:
        return {}
    stored = [sources.get(s, owner_id, id) for id in ids]
    starts = list(accumulate((x.passages for x in stored[:-1]), initial=0))
    found: dict[int, Passage] = {}
    for source, before in zip(stored, starts, strict=True):
        places = [number - before - 1 for number in numbers]
        wanted = [place for place in places if 0 <= place < source.passages]
        query = select(PassageRow).where(
            PassageRow.source_id == source.id, PassageRow.position.in_(wanted)
        )
        for row in s.scalars(query.order_by(PassageRow.position)) if wanted else ():
            found[before + row.position + 1] = sources.passage_of(row, source.title)
    return found


def _drawn_on(s: Session, document_id: str) -> tuple[str, list[str]]:
    """The owner of a document, and the ids of its sources in the request's order."""
    row = s.get(DocumentRow, document_id)
    if row is None:
        raise NotFoundError(f"there is no document {document_id!r}")
    return row.owner_id, list(row.request.get("sources", ()))
