"""Documents, sections and revisions as they cross HTTP."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from pydantic import BaseModel, Field

from api.schemas_runs import Body, example
from services.documents.library import MAX_TITLE, Card, Page
from services.documents.sections import MAX_INSTRUCTION
from storage.revisions import Mark
from storage.sections import StoredSection

MAX_SECTION = 1_000_000
MAX_NOTE = 500
MAX_TEXT = 5_000_000
"""Characters."""

ShelfName = Literal["open", "archive", "trash"]


class DocumentOut(BaseModel):
    """A document as a list shows it."""

    id: str
    title: str
    kind: str
    language: str
    words: int
    target: int
    unit: str = Field(description="What both are counted in: words or characters.")
    status: str = Field(description="Of its last run; `imported` where there was none.")
    run_id: str
    length_score: float = Field(description="S_l, 0 to 100.")
    quality: float | None = Field(description="S_q of the critic, 0 to 100; null: unscored.")
    shelf: ShelfName
    created_at: str
    updated_at: str
    live: bool = Field(description="Whether it is being worked on.")
    interrupted: bool = Field(
        description="Whether its last run can be resumed and nobody works on it."
    )
    reason: str = Field(description="Why its last run does not go on; empty otherwise.")

    @classmethod
    def of(cls, card: Card) -> DocumentOut:
        """From a card."""
        return cls.model_validate(asdict(card))


class DocumentsOut(BaseModel):
    """A page of documents, newest first."""

    documents: list[DocumentOut]
    next: str = Field(description="The cursor of the next page; empty: there is none.")

    @classmethod
    def of(cls, page: Page) -> DocumentsOut:
        """From a page."""
        return cls(documents=[DocumentOut.of(card) for card in page.cards], next=page.next)


class DocumentIn(Body):
    """A text of yours as a document."""

    markdown: str = Field(min_length=1, max_length=MAX_TEXT, description="Headings make sections.")
    title: str = Field("", max_length=MAX_TITLE, description="Where the text does not begin so.")


class DocumentPatch(Body):
    """What may be changed about a document; what is left out stays."""

    title: str | None = Field(None, min_length=1, max_length=MAX_TITLE)
    shelf: Literal["open", "archive"] | None = None


class SectionOut(BaseModel):
    """A section and its present text."""

    key: str
    position: int
    heading: str
    target: int
    words: int
    status: str = Field(description="planned, draft, sealed, locked or failed.")
    author: str = Field(description="model or user; empty: there is no text.")
    text: str
    reason: str = Field(description="Why it failed; empty otherwise.")
    revision: int = Field(description="Id of the present text, its ETag; 0: there is none.")

    @classmethod
    def of(cls, section: StoredSection) -> SectionOut:
        """From what is stored."""
        data = {**asdict(section), "status": section.status.value}
        return cls.model_validate({**data, "revision": section.revision_id or 0})


class SectionsOut(BaseModel):
    """Sections in reading order."""

    sections: list[SectionOut]


class SectionIn(Body):
    """A person's text of a section."""

    model_config = example(text="The tide rises twice a day, and falls as often.")

    text: str = Field(max_length=MAX_SECTION)
    kind: Literal["edit", "accepted"] = Field(
        "edit", description="accepted: a model's proposal, which locks nothing."
    )


class VariantIn(Body):
    """A text that is kept without becoming the section's."""

    model_config = example(text="Twice a day the sea comes in.", note="the shorter one")

    text: str = Field(max_length=MAX_SECTION)
    note: str = Field("", max_length=MAX_NOTE, description="What you say of it.")


class RedoIn(Body):
    """What is to be different in a section that is written anew."""

    model_config = example(instruction="Less history, and more about what it costs.")

    instruction: str = Field(min_length=1, max_length=MAX_INSTRUCTION)


class RevisionOut(BaseModel):
    """A text that a section has, or once had."""

    id: int
    section_key: str
    number: int
    words: int
    kind: str = Field(
        description="What made it: draft, enrich, trim, seam, edit, accepted, variant, kept …"
    )
    author: str
    run_id: str | None
    created_at: str
    note: str = Field(description="Of a variant; empty otherwise.")
    text: str | None = Field(None, description="null: left out.")

    @classmethod
    def of(cls, revision: Mark) -> RevisionOut:
        """From what is stored."""
        data: dict[str, Any] = {**asdict(revision), "created_at": revision.created_at.isoformat()}
        return cls.model_validate(data)


class RevisionsOut(BaseModel):
    """Every text that a section has had, oldest first."""

    revisions: list[RevisionOut]


class DiffPiece(BaseModel):
    """Some text that is the same in both, only in the old one, or only in the new one."""

    op: Literal["equal", "delete", "insert"]
    text: str


class DiffOut(BaseModel):
    """How one revision became another: all pieces joined without `insert` are the old text."""

    old: int
    new: int
    pieces: list[DiffPiece]
