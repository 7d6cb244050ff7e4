"""Documents as every face sees them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from sqlalchemy.orm import Session

from core.errors import NotFoundError
from domain.outline.assembly import Piece, document_pieces
from domain.outline.plan import Outline
from domain.request import WritingRequest
from domain.score import Score
from services.documents.references import Cited, Entry, cited, entries, given_in, list_of
from sources.citations import Given
from storage import documents, outlines, runs, scores, sections
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.sections import StoredSection
from storage.tables import DocumentRow


@dataclass(frozen=True)
class Document:
    """A document with everything that belongs to its present version."""

    id: str
    title: str
    request: WritingRequest
    outline: Outline | None
    sections: tuple[StoredSection, ...]
    scores: tuple[tuple[str, Score], ...]
    """(section key, score); an empty key means the whole document."""
    created_at: str
    given: Given = field(default_factory=dict)
    """The passages that its sections cite, by the numbers that they cite them by."""

    @property
    def markdown(self) -> str:
        """The text as it is read; empty before any section is written.

        Citations have the numbers of the reference list, which stands at the end.
        """
        return "".join(self.pieces)

    @property
    def pieces(self) -> list[str]:
        """The same in reading order: the title, section by section, the line break at the end."""
        if self.outline is None or not self.cited.texts:
            return []
        return list(document_pieces(self.outline, self.cited.texts, self.after))

    @cached_property
    def cited(self) -> Cited:
        """The texts as they are read, and what they cite."""
        texts = {section.key: section.text for section in self.sections if section.text}
        return cited(self.outline, texts, self.given) if self.outline else Cited(texts, ())

    @property
    def entries(self) -> list[Entry]:
        """The reference list as values."""
        return entries(self.cited.references, self.given, self.request.language)

    @property
    def after(self) -> list[Piece]:
        """What stands behind the last section: the reference list, where there is one."""
        if self.outline is None or not self.cited.references:
            return []
        return [list_of(self.cited.references, self.outline, self.request.language)]


@dataclass
class Documents:
    """The owner's documents."""

    db: Database
    owner: str = LOCAL_OWNER

    async def get(self, id_or_prefix: str) -> Document:
        """By a document's or a run's id, or the beginning of one; raises NotFoundError."""
        return await self.db.run(lambda s: load(s, self.owner, id_or_prefix), write=False)


def document_row(s: Session, owner: str, wanted: str) -> DocumentRow:
    """By a document's or a run's id, or the beginning of one; raises NotFoundError."""
    try:
        return documents.get(s, owner, wanted)
    except NotFoundError:
        return documents.get(s, owner, _document_of_run(s, owner, wanted))


def load(s: Session, owner: str, wanted: str) -> Document:
    """A document with all that belongs to it; raises NotFoundError."""
    row = document_row(s, owner, wanted)
    stored = tuple(sections.all_of(s, row.id))
    texts = {section.key: section.text for section in stored if section.text}
    return Document(
        id=row.id,
        title=row.title,
        request=WritingRequest.model_validate(row.request),
        outline=titled(outlines.latest(s, row.id), row),
        sections=stored,
        scores=tuple((found.section_key, found.score) for found in scores.latest(s, row.id)),
        created_at=row.created_at.isoformat(),
        given=given_in(s, row.id, texts) if row.request.get("sources") else {},
    )


def titled(outline: Outline | None, row: DocumentRow) -> Outline | None:
    """A plan under the title that the document has by now: a person may have changed it.

    A text of a person's that came without a title is printed without one.
    """
    return replace(outline, title=row.title) if outline and outline.title else outline


def _document_of_run(s: Session, owner: str, wanted: str) -> str:
    try:
        return runs.get(s, owner, wanted).document_id
    except NotFoundError:
        raise NotFoundError(
            f"there is no document or run {wanted!r}", "`python app.py runs` lists them."
        ) from None
