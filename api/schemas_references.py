"""What a document cites, as it crosses HTTP."""

from __future__ import annotations

from dataclasses import asdict

from pydantic import BaseModel, Field

from services.documents.lookup import Document


class CitedPassageOut(BaseModel):
    """A passage that is cited."""

    number: int = Field(description="By which the sections' own texts cite it.")
    text: str


class ReferenceOut(BaseModel):
    """An entry of the reference list: one place in one source."""

    number: int = Field(description="In exports and in the answer of a chat.")
    source: str = Field(description="The source's id.")
    title: str
    page: int | None = Field(description="From 1; null where the source has no pages.")
    headings: list[str] = Field(description="Those above the place, the outermost first.")
    place: str = Field(description="Page and headings in the document's language.")
    passages: list[CitedPassageOut]


class ReferencesOut(BaseModel):
    """A document's reference list, in order of first use."""

    references: list[ReferenceOut]

    @classmethod
    def of(cls, document: Document) -> ReferencesOut:
        """From a document."""
        return cls(
            references=[ReferenceOut.model_validate(asdict(each)) for each in document.entries]
        )
