"""What a document and its runs are stored as; the other tables are passed on from here."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import ORDERED_JSON, Base, Owned, belongs_to, new_mark, now
from storage.shared_tables import (
    CalibrationRow,
    CommitMarkRow,
    DatasetItemRow,
    DatasetRow,
    EndpointRow,
    IdempotencyKeyRow,
    PassageRow,
    SourceRow,
    SummaryRow,
    TokenRow,
    UserRow,
)

__all__ = [
    "Base",
    "CalibrationRow",
    "CallRow",
    "CommitMarkRow",
    "DatasetItemRow",
    "DatasetRow",
    "DocumentRow",
    "EndpointRow",
    "EventRow",
    "FactRow",
    "IdempotencyKeyRow",
    "OutlineRow",
    "PassageRow",
    "RevisionRow",
    "RunRow",
    "ScoreRow",
    "SectionRow",
    "SourceRow",
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


class OutlineRow(Owned, Base):
    """One version of a plan; the highest version is the valid one."""

    __tablename__ = "outlines"
    __table_args__ = (UniqueConstraint("document_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    document_id: Mapped[str] = mapped_column(belongs_to("documents.id"))
    version: Mapped[int]
    data: Mapped[dict[str, Any]]
    """`domain.outline.Outline.to_dict()`."""
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


class RunRow(Owned, Base):
    """One attempt to make a document, and which process is at it."""

    __tablename__ = "runs"
    __table_args__ = (Index(None, "owner_id", "created_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    document_id: Mapped[str] = mapped_column(belongs_to("documents.id"), index=True)
    strategy: Mapped[str]
    models: Mapped[dict[str, Any]]
    """Role to endpoint and model, frozen when the run is made."""
    seed: Mapped[int | None] = mapped_column(BigInteger, default=None)
    options: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    status: Mapped[str] = mapped_column(default="queued")
    reason: Mapped[str] = mapped_column(default="")
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    lease_holder: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    """`storage.holder.Holder` of the process at work, or null."""
    lease_until: Mapped[dt.datetime | None] = mapped_column(default=None)
    fence: Mapped[int] = mapped_column(default=0)
    """Grows with every claim; a commit that names an older one is refused."""
    seconds: Mapped[float] = mapped_column(default=0.0)
    """Time worked on it, over all processes that did."""
    created_at: Mapped[dt.datetime] = mapped_column(default_factory=now)
    updated_at: Mapped[dt.datetime] = mapped_column(default_factory=now)


class EventRow(Owned, Base):
    """Something that happened in a run, numbered without gaps."""

    __tablename__ = "events"
    __table_args__ = (Index(None, "run_id", "type"),)

    run_id: Mapped[str] = mapped_column(belongs_to("runs.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    type: Mapped[str]
    data: Mapped[dict[str, Any]]
    created_at: Mapped[dt.datetime] = mapped_column(default_factory=now)


class CallRow(Owned, Base):
    """One model call: the intent before it is sent, the answer before it is used."""

    __tablename__ = "calls"
    __table_args__ = (UniqueConstraint("run_id", "step", "attempt"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(belongs_to("runs.id"))
    step: Mapped[str]
    attempt: Mapped[int]
    role: Mapped[str]
    request: Mapped[dict[str, Any]] = mapped_column(ORDERED_JSON)
    request_sha: Mapped[str]
    prompt_name: Mapped[str]
    prompt_version: Mapped[int]
    prompt_sha: Mapped[str]
    context: Mapped[dict[str, Any]] = mapped_column(ORDERED_JSON)
    model: Mapped[str]
    sends: Mapped[int] = mapped_column(default=1)
    """How often it was sent, as far as is known."""
    endpoint: Mapped[str] = mapped_column(default="")
    """Name of the endpoint that answered."""
    text: Mapped[str | None] = mapped_column(default=None)
    finish: Mapped[str | None] = mapped_column(default=None)
    prompt_tokens: Mapped[int] = mapped_column(default=0)
    completion_tokens: Mapped[int] = mapped_column(default=0)
    cached_tokens: Mapped[int] = mapped_column(default=0)
    reasoning_tokens: Mapped[int] = mapped_column(default=0)
    cost: Mapped[float] = mapped_column(default=0.0)
    """In the currency of the endpoint's prices; 0 where it has none."""
    seconds: Mapped[float] = mapped_column(default=0.0)
    error_kind: Mapped[str | None] = mapped_column(default=None)
    error_message: Mapped[str] = mapped_column(default="")
    created_at: Mapped[dt.datetime] = mapped_column(default_factory=now)
    answered_at: Mapped[dt.datetime | None] = mapped_column(default=None)


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


class FactRow(Owned, Base):
    """Something the document has said and must not contradict."""

    __tablename__ = "facts"
    __table_args__ = (Index(None, "document_id", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    document_id: Mapped[str] = mapped_column(belongs_to("documents.id"))
    subject: Mapped[str]
    text: Mapped[str]
    section_key: Mapped[str] = mapped_column(default="")
    created_at: Mapped[dt.datetime] = mapped_column(default_factory=now)
