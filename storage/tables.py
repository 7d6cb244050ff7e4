"""What a document and its runs are stored as; the other tables are passed on from here."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Owned, belongs_to, new_mark, now
from storage.fact_tables import FactRow
from storage.run_tables import CallRow, EventRow, RunRow
from storage.shared_tables import (
    CalibrationRow,
    CommitMarkRow,
    DatasetItemRow,
    DatasetRow,
    DocumentSourceRow,
    EndpointRow,
    IdempotencyKeyRow,
    PassageRow,
    SourceRow,
    StyleRow,
    SummaryRow,
    TokenRow,
    UserRow,
)
from storage.vector_tables import PassageVectorsRow, QuestionVectorRow

__all__ = [
    "Base",
    "CalibrationRow",
    "CallRow",
    "CommitMarkRow",
    "DatasetItemRow",
    "DatasetRow",
    "DocumentRow",
    "DocumentSourceRow",
    "EndpointRow",
    "EventRow",
    "FactRow",
    "IdempotencyKeyRow",
    "NotesRow",
    "OutlineRow",
    "PassageRow",
    "PassageVectorsRow",
    "QuestionVectorRow",
    "RevisionRow",
    "RunRow",
    "ScoreRow",
    "SectionRow",
    "SourceRow",
    "StyleRow",
    "SummaryRow",
    "TokenRow",
    "UserRow",
]


class DocumentRow(Owned, Base):
    """What was asked for; everything else about a document hangs on it and goes with it."""

    __tablename__ = "documents"
    __table_args__ = (Index(None, "owner_id", "created_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    request: Mapped[dict[str, Any]]
    created_at: Mapped[dt.datetime] = mapped_column(default_factory=now)
    updated_at: Mapped[dt.datetime] = mapped_column(default_factory=now)
    archived_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    """Since when it is put away; null: it is not."""
    deleted_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    """Since when it lies in the trash; null: it does not."""


class NotesRow(Owned, Base):
    """What was noted of a document's sources when they were read for its plan."""

    __tablename__ = "notes"

    document_id: Mapped[str] = mapped_column(belongs_to("documents.id"), primary_key=True)
    data: Mapped[dict[str, Any]]
    created_at: Mapped[dt.datetime] = mapped_column(default_factory=now)


class OutlineRow(Owned, Base):
    """One version of a plan; the highest version is the valid one."""

    __tablename__ = "outlines"
    __table_args__ = (UniqueConstraint("document_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    document_id: Mapped[str] = mapped_column(belongs_to("documents.id"))
    version: Mapped[int]
    data: Mapped[dict[str, Any]]
    """`domain.outline.plan.Outline.to_dict()`."""
    mark: Mapped[str] = mapped_column(default_factory=new_mark)
    """Another with every change of `data`, so that it needs to be read once only."""
    approved_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    created_at: Mapped[dt.datetime] = mapped_column(default_factory=now)


class RevisionRow(Owned, Base):
    """A text a section once had. Never changed, never deleted before its document."""

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("document_id", "section_key", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    document_id: Mapped[str] = mapped_column(belongs_to("documents.id"))
    section_key: Mapped[str]
    number: Mapped[int]
    """1, 2, 3 … within the section."""
    text: Mapped[str]
    words: Mapped[int]
    kind: Mapped[str]
    """What made it: draft, enrich, trim, seam, edit …"""
    author: Mapped[str] = mapped_column(default="model")
    """`model` or `user`."""
    note: Mapped[str] = mapped_column(default="")
    """What a person says of it."""
    run_id: Mapped[str | None] = mapped_column(
        ForeignKey("runs.id", ondelete="SET NULL"), index=True, default=None
    )
    call_ids: Mapped[list[Any]] = mapped_column(default_factory=list)
    created_at: Mapped[dt.datetime] = mapped_column(default_factory=now)


class SectionRow(Owned, Base):
    """Where a section stands and which revision is its text."""

    __tablename__ = "sections"
    __table_args__ = (UniqueConstraint("document_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    document_id: Mapped[str] = mapped_column(belongs_to("documents.id"))
    key: Mapped[str]
    position: Mapped[int]
    heading: Mapped[str]
    target: Mapped[int]
    status: Mapped[str] = mapped_column(default="planned")
    reason: Mapped[str] = mapped_column(default="")
    """Why it failed; empty otherwise."""
    revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("revisions.id", ondelete="SET NULL"), index=True, default=None
    )
    updated_at: Mapped[dt.datetime] = mapped_column(default_factory=now)


class ScoreRow(Owned, Base):
    """What one evaluator said about a section, or about the whole document (empty key)."""

    __tablename__ = "scores"
    __table_args__ = (Index(None, "document_id", "section_key", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    document_id: Mapped[str] = mapped_column(belongs_to("documents.id"))
    run_id: Mapped[str] = mapped_column(belongs_to("runs.id"), index=True)
    section_key: Mapped[str]
    name: Mapped[str]
    version: Mapped[int]
    value: Mapped[float | None]
    """0-100, 100 best; null means unscored."""
    reason: Mapped[str] = mapped_column(default="")
    findings: Mapped[list[Any]] = mapped_column(default_factory=list)
    created_at: Mapped[dt.datetime] = mapped_column(default_factory=now)
