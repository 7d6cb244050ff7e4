"""What is remembered of a document, as it is stored."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Owned, belongs_to, now


class FactRow(Owned, Base):
    """Something the document has said, and where: `domain.ledger.entries.Entry`."""

    __tablename__ = "facts"
    __table_args__ = (
        UniqueConstraint("document_id", "entry"),
        Index(None, "document_id", "section_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    document_id: Mapped[str] = mapped_column(belongs_to("documents.id"))
    entry: Mapped[str]
    """The entry's own id."""
    section_key: Mapped[str]
    kind: Mapped[str]
    subject: Mapped[str]
    attribute: Mapped[str]
    value: Mapped[str]
    quote: Mapped[str]
    start: Mapped[int]
    end: Mapped[int]
    status: Mapped[str]
    origin: Mapped[str]
    edited: Mapped[bool]
    words: Mapped[str]
    """Its content words, each between spaces: what it is found by."""
    version: Mapped[int] = mapped_column(default=1)
    """Grows with every change."""
    created_at: Mapped[dt.datetime] = mapped_column(default_factory=now)
