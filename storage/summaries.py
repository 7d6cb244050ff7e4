"""What the chapters and divisions of a book have said, in short; stored once each."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.run import Hold
from storage import documents, runs
from storage.tables import SummaryRow

Source = Literal["model", "lead"]
"""Whose words they are: a model's, or a text's own first sentences."""


def save(s: Session, hold: Hold, document_id: str, key: str, text: str, source: Source) -> None:
    """Store what is said at `key`, of a chapter or a division; a later one takes its place.

    Raises:
        StaleHolderError: another process holds the run.
        NotFoundError: no such document.
    """
    runs.check(s, hold)
    owner_id = documents.lock(s, document_id)
    query = select(SummaryRow).where(SummaryRow.document_id == document_id, SummaryRow.key == key)
    row = s.scalars(query).one_or_none() or SummaryRow(
        document_id=document_id, owner_id=owner_id, key=key, text="", source=""
    )
    row.text, row.source = text, source
    s.add(row)
    s.flush()


def of(s: Session, document_id: str, keys: Collection[str]) -> dict[str, str]:
    """The texts at these keys; what is not summed up yet is left out."""
    columns = select(SummaryRow.key, SummaryRow.text)
    query = columns.where(SummaryRow.document_id == document_id, SummaryRow.key.in_(keys))
    return {key: text for key, text in s.execute(query)}


def keys(s: Session, document_id: str) -> set[str]:
    """Which chapters and divisions are summed up."""
    return set(s.scalars(select(SummaryRow.key).where(SummaryRow.document_id == document_id)))


def copy(s: Session, old_id: str, new_id: str, owner_id: str) -> None:
    """Give one document the summaries of another, of which it is a copy."""
    for row in s.scalars(select(SummaryRow).where(SummaryRow.document_id == old_id)).all():
        s.add(
            SummaryRow(
                document_id=new_id, owner_id=owner_id, key=row.key, text=row.text,
                source=row.source,
            )
        )  # fmt: skip
