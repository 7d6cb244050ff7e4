"""Sources and their notes as they cross HTTP."""

from __future__ import annotations

from pydantic import BaseModel, Field

from api.schemas_runs import Body, example
from domain.notes import Notes
from storage.sources import StoredSource

MAX_TITLE = 200
MAX_PASTED = 3_000_000
"""Characters, as of the text of a file."""


class PastedIn(Body):
    """A text to draw on."""

    model_config = example(title="The mill", text="The mill was built in 1862.")

    text: str = Field(min_length=1, max_length=MAX_PASTED, description="Markdown or HTML.")
    title: str = Field("", max_length=MAX_TITLE, description="Empty: its own, or first words.")


class SourceOut(BaseModel):
    """A source without its text."""

    id: str
    name: str = Field(description="The file's; empty for a pasted text.")
    title: str
    language: str = Field(description="ISO 639-1; empty where it could not be told.")
    format: str = Field(description="md, txt, html, pdf or docx.")
    pages: int = Field(description="Of a PDF; 0 for anything else.")
    characters: int
    passages: int = Field(description="Into how many its text is cut, to be found and cited.")
    created_at: str

    @classmethod
    def of(cls, source: StoredSource) -> SourceOut:
        """From what is stored."""
        return cls(
            id=source.id, name=source.name, title=source.title, language=source.language,
            format=source.format, pages=source.pages, characters=source.characters,
            passages=source.passages, created_at=source.created_at.isoformat(),
        )  # fmt: skip


class SourceUseOut(SourceOut):
    """A source, and what draws on it."""

    documents: list[str] = Field(description="Ids; while there is one, the source stays.")


class SourcesOut(BaseModel):
    """Sources, newest first."""

    sources: list[SourceOut]


class NotedSource(BaseModel):
    """A source that was read for a document."""

    id: str
    title: str


class FindingOut(BaseModel):
    """Something that a piece of a source has added to the notes."""

    source: str = Field(description="The source's id.")
    piece: int = Field(description="Of all that was read, from 1; 0: found without a model.")
    text: str
    page: int = Field(description="Where the piece begins; 0 where there are no pages.")
    headings: list[str]


class NotesOut(BaseModel):
    """What was noted of a document's sources."""

    ready: bool = Field(description="Whether reading has come to its end.")
    text: str = Field("", description="The notes that the text was planned by.")
    method: str = Field(
        "", description="chain, hierarchical, whole (short enough), passages (no model)."
    )
    why: str = Field("", description="Why they were read so.")
    pieces: int = 0
    sources: list[NotedSource] = []
    findings: list[FindingOut] = []
    troubles: list[str] = Field([], description="What could not be noted.")
    embedder: str = Field(
        "", description="Who makes vectors to find passages by meaning too; empty: nobody."
    )
    no_vectors: str = Field("", description="Why they are found by words alone all the same.")

    @classmethod
    def of(cls, notes: Notes | None, embedder: str = "", no_vectors: str = "") -> NotesOut:
        """From what is stored; None: nothing is."""
        if notes is None:
            return cls(ready=False)
        named = zip(notes.sources, notes.titles, strict=True)
        return cls(
            ready=True, text=notes.text, method=notes.method, why=notes.why, pieces=notes.pieces,
            sources=[NotedSource(id=id, title=title) for id, title in named],
            findings=[
                FindingOut(source=x.source, piece=x.piece, text=x.text, page=x.page,
                           headings=list(x.headings))
                for x in notes.findings
            ],
            troubles=list(notes.troubles), embedder=embedder, no_vectors=no_vectors,
        )  # fmt: skip
