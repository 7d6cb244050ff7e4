"""Vectors that were paid for: of sources' passages, and of what a document's sections search with.

Those of a source are made once for each model and serve every document; they go with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import NotFoundError
from sources.passages import Passage
from sources.vectors import Vectors
from storage import documents, sources
from storage.tables import PassageRow, PassageVectorsRow, QuestionVectorRow, SourceRow

_READ = 32
"""Rows that are in memory at a time."""


def missing(s: Session, source_id: str, model: str, batch: int) -> list[int]:
    """Positions from which on the vectors of so many passages are still to be made."""
    count = s.scalar(select(func.count()).where(PassageRow.source_id == source_id)) or 0
    query = select(PassageVectorsRow.first, PassageVectorsRow.count).where(
        PassageVectorsRow.source_id == source_id, PassageVectorsRow.model == model
    )
    there = {place for first, count in s.execute(query) for place in range(first, first + count)}
    return [first for first in range(0, count, batch) if first not in there]


def texts(s: Session, source_id: str, first: int, most: int) -> list[Passage]:
    """So many passages of a source at most, from a position on."""
    query = (
        select(PassageRow)
        .where(PassageRow.source_id == source_id, PassageRow.position >= first)
        .order_by(PassageRow.position)
        .limit(most)
    )
    return [sources.passage_of(row, "") for row in s.scalars(query)]


def save(
    s: Session, source_id: str, model: str, first: int, vectors: bytes, count: int, length: int
) -> None:
    """Keep the vectors of so many passages; what is there already stays.

    Raises:
        NotFoundError: the source has gone.
    """
    query = select(SourceRow.owner_id).where(SourceRow.id == source_id).with_for_update()
    owner_id = s.scalar(query)
    if owner_id is None:
        raise NotFoundError(f"there is no source {source_id!r} any more")
    if s.get(PassageVectorsRow, (source_id, model, first)) is None:
        s.add(
            PassageVectorsRow(
                owner_id=owner_id, source_id=source_id, model=model, first=first, count=count,
                length=length, data=vectors,
            )
        )  # fmt: skip
        s.flush()


def lengths(s: Session, source_ids: Sequence[str], model: str) -> list[int]:
    """The different lengths that a model's vectors of some sources have."""
    query = select(PassageVectorsRow.length).where(
        PassageVectorsRow.source_id.in_(source_ids), PassageVectorsRow.model == model
    )
    return sorted(s.scalars(query.distinct()))


def of_sources(s: Session, source_ids: Sequence[str], model: str, passages: int) -> Vectors | None:
    """A model's vectors of all passages of some sources, in their order; None: it has made none.

    Raises:
        ValueError: they are not complete, or of unlike lengths.
    """
    found = lengths(s, source_ids, model)
    if not found:
        return None
    blocks = (
        data
        for id in source_ids
        for data in s.scalars(
            select(PassageVectorsRow.data)
            .where(PassageVectorsRow.source_id == id, PassageVectorsRow.model == model)
            .order_by(PassageVectorsRow.first)
            .execution_options(yield_per=_READ)
        )
    )
    return Vectors(blocks, passages, found[0])


def question(s: Session, document_id: str, model: str, text: str) -> bytes:
    """The vector of what a section searches with; empty: there is none."""
    row = s.get(QuestionVectorRow, (document_id, model, digest(text)))
    return row.data if row is not None else b""


def save_question(s: Session, document_id: str, model: str, text: str, vector: bytes) -> None:
    """Keep it, unless there is one; raises NotFoundError where the document has gone."""
    owner_id = documents.lock(s, document_id)
    if not question(s, document_id, model, text):
        s.add(
            QuestionVectorRow(
                owner_id=owner_id, document_id=document_id, model=model, sha256=digest(text),
                data=vector,
            )
        )  # fmt: skip
        s.flush()


def digest(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
