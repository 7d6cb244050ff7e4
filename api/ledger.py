"""A document's memory over HTTP: what it has said, corrected and added to by a person."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.caller import Reader, Writer
from api.documents import DocumentId
from api.headers import IfMatch, tag, tag_number
from api.problems import problems
from api.schemas_ledger import EntryIn, EntryOut, LedgerOut, NoteIn
from core.errors import UnconditionalError
from services.documents.ledger import ANY, Kept

router = APIRouter(prefix="/api/v1/documents/{document_id}/ledger", tags=["memory"])

EntryId = Annotated[str, Path(max_length=40, description='Such as "e3f9a61c20d8".')]


@router.get("", responses=problems(404, 409))
async def all_of(document_id: DocumentId, caller: Reader) -> LedgerOut:
    """What the document says: facts, names, dates, promises, each with its place in the text.

    In reading order; what holds for the whole document comes first, hidden entries are among them.
    """
    return LedgerOut.of(await caller.services.ledgers.all_of(document_id))


@router.post("", status_code=201, responses=problems(404, 409))
async def note(
    document_id: DocumentId, body: NoteIn, caller: Writer, response: Response
) -> EntryOut:
    """Add what you know: writers are told, and what contradicts it is found."""
    ledgers = caller.services.ledgers
    made = await ledgers.note(
        document_id, body.kind, body.subject, body.attribute, body.value, body.section
    )
    return _told(made, response)


@router.post("/renew", responses=problems(404, 409))
async def renew(document_id: DocumentId, caller: Writer) -> LedgerOut:
    """Read every section anew, by rules; what you have decided stays."""
    return LedgerOut.of(await caller.services.ledgers.renew(document_id))


@router.get("/{entry_id}", responses=problems(404, 409))
async def get(
    document_id: DocumentId, entry_id: EntryId, caller: Reader, response: Response
) -> EntryOut:
    """One entry; its ETag is what a change of it must name."""
    return _told(await caller.services.ledgers.get(document_id, entry_id), response)


@router.patch("/{entry_id}", responses=problems(404, 409, 412, 428))
async def change(
    document_id: DocumentId,
    entry_id: EntryId,
    body: EntryIn,
    caller: Writer,
    response: Response,
    if_match: IfMatch = None,
) -> EntryOut:
    """Correct, hide or show an entry; nothing automatic changes it back.

    The text stays as it is: where it says otherwise, the review tells.
    """
    ledgers = caller.services.ledgers
    kept = await ledgers.edit(document_id, entry_id, body.wish, _seen(if_match))
    return _told(kept, response)


@router.delete("/{entry_id}", status_code=204, responses=problems(404, 409, 412, 428))
async def remove(
    document_id: DocumentId, entry_id: EntryId, caller: Writer, if_match: IfMatch = None
) -> None:
    """Take a note of your own away; what the text says can only be hidden."""
    await caller.services.ledgers.remove(document_id, entry_id, _seen(if_match))


def _told(kept: Kept, response: Response) -> EntryOut:
    response.headers["etag"] = tag(kept.version)
    return EntryOut.of(kept)


def _seen(if_match: str | None) -> int:
    """The version that was looked at; raises UnconditionalError where the client does not say."""
    if if_match is None:
        raise UnconditionalError(
            "If-Match is missing", "Send the ETag of the entry as you know it, or * for any."
        )
    number = tag_number(if_match)
    return ANY if number is None else number
