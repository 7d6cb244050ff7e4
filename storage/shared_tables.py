"""What outlives one document: users, tokens, sources, styles, endpoints, datasets."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Owned, belongs_to, now


class UserRow(Base):
    """Who owns rows."""

    __tablename__ = "users"
    __table_args__ = (Index(None, "name", unique=True),)

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    password: Mapped[str | None] = mapped_column(default=None)
    """Its argon2id hash; null: nobody gets in as this user by password."""
    admin: Mapped[bool] = mapped_column(default=False)
    """Whether the user may manage users, endpoints and the database."""
    created_at: Mapped[dt.datetime] = mapped_column(default_factory=now)


class TokenRow(Owned, Base):
    """A key that a program shows instead of a password."""

    __tablename__ = "tokens"
    __table_args__ = (UniqueConstraint("sha256"),)

    owner_id: Mapped[str] = mapped_column(belongs_to("users.id"), index=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    sha256: Mapped[str]
    """Of the whole token, in hexadecimal; the token itself is kept nowhere."""
    scopes: Mapped[list[Any]]
    created_at: Mapped[dt.datetime] = mapped_column(default_factory=now)
    expires_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    last_used_at: Mapped[dt.datetime | None] = mapped_column(default=None)


class SourceRow(Owned, Base):
    """A text the writer may draw on; goes with its document if it belongs to one alone."""

    __tablename__ = "sources"
    __table_args__ = (Index(None, "owner_id", "created_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    sha256: Mapped[str]
    """Of the file as it came."""
    text: Mapped[str] = mapped_column(deferred=True)
    media_type: Mapped[str] = mapped_column(default="text/plain")
    document_id: Mapped[str | None] = mapped_column(
        belongs_to("documents.id"), index=True, default=None
    )
    meta: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    blocks: Mapped[list[Any]] = mapped_column(default_factory=list, deferred=True)
    """Kind, length, level and page of each block of its text."""
    created_at: Mapped[dt.datetime] = mapped_column(default_factory=now)


class DocumentSourceRow(Owned, Base):
    """A source that a document draws on; while there is one, the source stays."""

    __tablename__ = "document_sources"

    document_id: Mapped[str] = mapped_column(belongs_to("documents.id"), primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id"), primary_key=True, index=True)


class PassageRow(Owned, Base):
    """A piece of a source that can be found and cited."""

    __tablename__ = "passages"
    __table_args__ = (UniqueConstraint("source_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    source_id: Mapped[str] = mapped_column(belongs_to("sources.id"))
    position: Mapped[int]
    start: Mapped[int]
    """Offset in the source's text, in characters."""
    end: Mapped[int]
    text: Mapped[str]
    meta: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)


class StyleRow(Owned, Base):
    """How somebody writes; nothing of the texts that it was made from but their hashes."""

    __tablename__ = "styles"
    __table_args__ = (UniqueConstraint("owner_id", "name"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    language: Mapped[str]
    measures: Mapped[dict[str, Any]]
    """`domain.manner.Manner.to_dict()`."""
    description: Mapped[list[Any]] = mapped_column(default_factory=list)
    """Lines of a model's; empty: there were none that could be kept."""
    samples: Mapped[list[Any]] = mapped_column(default_factory=list)
    """SHA-256 of every text."""
    created_at: Mapped[dt.datetime] = mapped_column(default_factory=now)


class EndpointRow(Owned, Base):
    """Where a model is, and what probing it found."""

    __tablename__ = "endpoints"
    __table_args__ = (UniqueConstraint("owner_id", "name"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    base_url: Mapped[str]
    secret: Mapped[bytes | None] = mapped_column(default=None)
    """The key, encrypted; never plain."""
    settings: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    profile: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    created_at: Mapped[dt.datetime] = mapped_column(default_factory=now)
    updated_at: Mapped[dt.datetime] = mapped_column(default_factory=now)


class IdempotencyKeyRow(Owned, Base):
    """A request that was already accepted, so that sending it twice starts one run."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index(None, "created_at"),)

    owner_id: Mapped[str] = mapped_column(belongs_to("users.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    body_sha: Mapped[str]
    target_id: Mapped[str] = mapped_column(default="")
    """What the request made, such as a run's id; empty while it is being made."""
    answer: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    created_at: Mapped[dt.datetime] = mapped_column(default_factory=now)


class DatasetRow(Owned, Base):
    """A batch: many prompts in, one dataset out."""

    __tablename__ = "datasets"
    __table_args__ = (Index(None, "owner_id", "created_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    status: Mapped[str] = mapped_column(default="queued")
    settings: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    created_at: Mapped[dt.datetime] = mapped_column(default_factory=now)
    updated_at: Mapped[dt.datetime] = mapped_column(default_factory=now)


class DatasetItemRow(Owned, Base):
    """One prompt of a batch and what became of it."""

    __tablename__ = "dataset_rows"
    __table_args__ = (
        UniqueConstraint("dataset_id", "key"),
        Index(None, "dataset_id", "status", "expected"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    dataset_id: Mapped[str] = mapped_column(belongs_to("datasets.id"))
    key: Mapped[str]
    """Stable name of the prompt within the batch."""
    position: Mapped[int]
    """Number of its line in the input, from 1."""
    expected: Mapped[int] = mapped_column(default=0)
    """How long its text is to be: the longest are begun first."""
    status: Mapped[str] = mapped_column(default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(default="")
    prompt: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    result: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    document_id: Mapped[str | None] = mapped_column(default=None)


class CalibrationRow(Owned, Base):
    """What a model makes of a length it is asked for: produced divided by asked."""

    __tablename__ = "calibration"
    __table_args__ = (UniqueConstraint("owner_id", "endpoint", "model", "language", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    endpoint: Mapped[str]
    """Fingerprint of the endpoint."""
    model: Mapped[str]
    language: Mapped[str]
    kind: Mapped[str] = mapped_column(default="section")
    ratio: Mapped[float] = mapped_column(default=1.0)
    weight: Mapped[float] = mapped_column(default=0.0)
    """How many observations the ratio stands for."""
    updated_at: Mapped[dt.datetime] = mapped_column(default_factory=now)


class CommitMarkRow(Base):
    """The last transaction of one writing thread; see `storage.commit_marks`."""

    __tablename__ = "commit_marks"

    writer: Mapped[str] = mapped_column(primary_key=True)
    mark: Mapped[str]
    updated_at: Mapped[dt.datetime] = mapped_column(default_factory=now)


class SummaryRow(Owned, Base):
    """What a chapter or a division of a book has said, in short, for what is written after it."""

    __tablename__ = "summaries"
    __table_args__ = (UniqueConstraint("document_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    document_id: Mapped[str] = mapped_column(belongs_to("documents.id"))
    key: Mapped[str]
    """Of the chapter or the division."""
    text: Mapped[str]
    source: Mapped[str]
    """`model`, or `lead`: first sentences, where no answer of a model's could be used."""
    created_at: Mapped[dt.datetime] = mapped_column(default_factory=now)
