"""What a run is stored as: its state, what happened in it, and its model calls."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import ORDERED_JSON, Base, Owned, belongs_to, now


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
