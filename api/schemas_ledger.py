"""What a document has said, as it crosses HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

from pydantic import BaseModel, Field

from api.schemas_runs import Body, example
from domain.ledger.entries import MAX_VALUE, Kind, Origin, Status
from services.documents.ledger import Kept, Wish

Said = Annotated[str, Field(min_length=1, max_length=MAX_VALUE)]


class EntryOut(BaseModel):
    """One thing that the document says, or that you have noted."""

    id: str
    kind: Kind
    subject: str
    attribute: str
    value: str
    section: str = Field(description="Empty: it holds for the whole document.")
    quote: str = Field(description="The words that say so; empty where none do any more.")
    start: int
    end: int
    start16: int | None = Field(description="In UTF-16 code units; null: it has no place.")
    end16: int | None
    status: Status
    origin: Origin = Field(description="Read off by rules, reported by a model, or yours.")
    edited: bool = Field(description="Whether you have changed it.")
    revision: int = Field(description="Its ETag.")

    @classmethod
    def of(cls, kept: Kept) -> EntryOut:
        """From an entry as it is stored."""
        return cls.model_validate({
            **asdict(kept.entry), "start16": kept.start16, "end16": kept.end16,
            "revision": kept.version,
        })  # fmt: skip


class LedgerOut(BaseModel):
    """All that is known."""

    entries: list[EntryOut]

    @classmethod
    def of(cls, kept: Sequence[Kept]) -> LedgerOut:
        """From entries in reading order."""
        return cls(entries=[EntryOut.of(each) for each in kept])


class NoteIn(Body):
    """What you know of a document's world."""

    model_config = example(
        kind="name", subject="The mayor of Harrow", attribute="name", value="Ada Pike"
    )

    kind: Kind = "fact"
    subject: Said
    attribute: Said
    value: Said
    section: str = Field("", max_length=40, description="Empty: it holds for the whole document.")


class EntryIn(Body):
    """What is to be different; what is left out stays."""

    model_config = example(value="Ada Pike")

    subject: Said | None = None
    attribute: Said | None = None
    value: Said | None = None
    status: Status | None = Field(
        None, description="hidden: neither shown to writers nor compared; stands, open: again."
    )

    @property
    def wish(self) -> Wish:
        """As the service takes it."""
        return Wish(self.subject, self.attribute, self.value, self.status)
