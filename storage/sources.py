"""The texts that an owner's documents draw on: kept once, whole and in passages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete as sql_delete
from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from core.errors import ConflictError, LimitExceededError, NotFoundError
from sources.extract import GAP, Extract, Piece, Place, placed
from sources.passages import Passage
from sources.passages import passages as cut
from storage.ids import new_id
from storage.tables import DocumentRow, DocumentSourceRow, PassageRow, SourceRow, UserRow

_MEDIA = {
    "md": "text/markdown",
    "txt": "text/plain",
    "html": "text/html",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_SHOWN = 3


@dataclass(frozen=True)
class StoredSource:
    """What is known of a source without its text."""

    id: str
    name: str
    """The file's; empty for a pasted text."""
    title: str
    language: str
    """ISO 639-1 code; empty where it could not be told."""
    format: str
    """`md`, `txt`, `html`, `pdf` or `docx`."""
    pages: int
    """Of a PDF; 0 for anything else."""
    characters: int
    passages: int
    """Into how many its text is cut."""
    created_at: datetime


def add(
    s: Session, owner_id: str, extract: Extract, name: str, sha256: str, most: int = 0
) -> StoredSource:
    """Keep what was read from a file; the same text of the same owner is kept once.

    Args:
        s: the session.
        owner_id: whose it is.
        extract: what was read.
        name: the file's; empty for a pasted text.
        sha256: of the file, in hexadecimal.
        most: sources that the owner may have; 0: any number.

    Raises:
        LimitExceededError: the owner has as many as that.
    """
    s.execute(select(UserRow.id).where(UserRow.id == owner_id).with_for_update())
    mine = s.scalars(select(SourceRow).where(SourceRow.owner_id == owner_id)).all()
    for row in mine:
        if row.meta.get("content") == extract.id and row.document_id is None:
            return _stored(row)
    if most and len(mine) >= most:
        raise LimitExceededError(f"there are {len(mine)} sources already", "Delete some first.")
    id = new_id("src")
    found = cut(extract, id)
    blocks = [[b.kind, len(b.text), b.level, b.place.page] for b in extract.blocks]
    meta = {
        "content": extract.id, "title": extract.title, "language": extract.language,
        "format": extract.format, "encoding": extract.encoding, "pages": extract.pages,
        "characters": len(extract.text), "passages": len(found),
    }  # fmt: skip
    row = SourceRow(
        id=id, owner_id=owner_id, name=name, sha256=sha256, text=extract.text,
        media_type=_MEDIA[extract.format], meta=meta, blocks=blocks,
    )  # fmt: skip
    s.add(row)
    s.flush()
    s.add_all(_row(owner_id, position, passage) for position, passage in enumerate(found))
    s.flush()
    return _stored(row)


def get(s: Session, owner_id: str, source_id: str) -> StoredSource:
    """One of the owner's; raises NotFoundError, also for another owner's."""
    return _stored(_find(s, owner_id, source_id))


def listing(s: Session, owner_id: str) -> list[StoredSource]:
    """All of the owner's, newest first."""
    query = (
        select(SourceRow)
        .where(SourceRow.owner_id == owner_id)
        .order_by(SourceRow.created_at.desc(), SourceRow.id.desc())
    )
    return [_stored(row) for row in s.scalars(query)]


def extract_of(s: Session, owner_id: str, source_id: str) -> Extract:
    """What was read from its file, as it was then; raises NotFoundError."""
    row = _find(s, owner_id, source_id, whole=True)
    pieces, at = [], 0
    for kind, length, level, page in row.blocks:
        pieces.append(Piece(kind, row.text[at : at + length], level, page))
        at += length + len(GAP)
    meta = row.meta
    return Extract(
        title=meta["title"], language=meta["language"], format=meta["format"],
        encoding=meta["encoding"], pages=meta["pages"], blocks=placed(pieces),
    )  # fmt: skip


def passages(s: Session, owner_id: str, source_ids: Sequence[str]) -> tuple[Passage, ...]:
    """The passages of several sources, in their order and in reading order.

    Raises:
        NotFoundError: one of them is not the owner's.
    """
    made: list[Passage] = []
    for id in source_ids:
        title = get(s, owner_id, id).title
        query = select(PassageRow).where(PassageRow.source_id == id).order_by(PassageRow.position)
        made += [passage_of(row, title) for row in s.scalars(query)]
    return tuple(made)


def use(s: Session, owner_id: str, document_id: str, source_ids: Iterable[str]) -> None:
    """Remember that a document draws on sources; raises NotFoundError for one not the owner's."""
    for id in source_ids:
        row = _find(s, owner_id, id)
        s.add(DocumentSourceRow(owner_id=owner_id, document_id=document_id, source_id=row.id))
    s.flush()


def stretch(s: Session, source_id: str, start: int, end: int) -> str:
    """A stretch of a source's text; empty where there is none."""
    query = select(func.substr(SourceRow.text, start + 1, end - start))
    return str(s.scalar(query.where(SourceRow.id == source_id)) or "")


def of_document(s: Session, document_id: str) -> tuple[str, list[StoredSource]]:
    """A document's owner, and the sources that it draws on, in the order of its request.

    Raises:
        NotFoundError: there is no such document any more, or one of its sources.
    """
    row = s.get(DocumentRow, document_id)
    if row is None:
        raise NotFoundError(f"there is no document {document_id!r} any more")
    ids = row.request.get("sources", ())
    return row.owner_id, [get(s, row.owner_id, id) for id in ids]


def users(s: Session, owner_id: str, source_id: str) -> list[str]:
    """Ids of the owner's documents that draw on it."""
    query = select(DocumentSourceRow.document_id).where(
        DocumentSourceRow.owner_id == owner_id, DocumentSourceRow.source_id == source_id
    )
    return list(s.scalars(query.order_by(DocumentSourceRow.document_id)))


def delete(s: Session, owner_id: str, source_id: str) -> None:
    """Delete a source and its passages.

    Raises:
        NotFoundError: there is none, or it is another owner's.
        ConflictError: a document draws on it, be it in the trash.
    """
    row = _find(s, owner_id, source_id)
    using = users(s, owner_id, row.id)
    if using:
        more = f" and {len(using) - _SHOWN} more" if len(using) > _SHOWN else ""
        raise ConflictError(
            f"source {row.id} is used by {', '.join(using[:_SHOWN])}{more}",
            "Delete these documents for good first.",
        )
    s.execute(sql_delete(SourceRow).where(SourceRow.id == row.id))


def _find(s: Session, owner_id: str, source_id: str, *, whole: bool = False) -> SourceRow:
    query = select(SourceRow).where(SourceRow.owner_id == owner_id, SourceRow.id == source_id)
    if whole:
        query = query.options(undefer(SourceRow.text), undefer(SourceRow.blocks))
    row = s.scalars(query).one_or_none()
    if row is None:
        raise NotFoundError(
            f"there is no source {source_id!r}", "`python app.py sources list` lists them"
        )
    return row


def _stored(row: SourceRow) -> StoredSource:
    meta = row.meta
    return StoredSource(
        id=row.id, name=row.name, title=meta.get("title", row.name),
        language=meta.get("language", ""), format=meta.get("format", "txt"),
        pages=meta.get("pages", 0), characters=meta.get("characters", 0),
        passages=meta.get("passages", 0), created_at=row.created_at,
    )  # fmt: skip


def _row(owner_id: str, position: int, passage: Passage) -> PassageRow:
    place = passage.place
    return PassageRow(
        owner_id=owner_id, source_id=passage.source, position=position, start=passage.start,
        end=passage.end, text=passage.text,
        meta={"id": passage.id, "page": place.page, "headings": list(place.headings)},
    )  # fmt: skip


def passage_of(row: PassageRow, title: str) -> Passage:
    """A stored passage; `title` is its source's."""
    place = Place(row.meta["page"], tuple(row.meta["headings"]))
    return Passage(row.meta["id"], row.source_id, title, row.text, place, row.start, row.end)
