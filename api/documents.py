"""The library over HTTP: documents page by page, their names, archive, trash."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.caller import Reader, Writer
from api.headers import IfMatch, OnceOnly, tag, tag_number
from api.problems import problems
from api.schemas_documents import DocumentIn, DocumentOut, DocumentPatch, DocumentsOut, ShelfName
from api.schemas_outline import OutlineOut, OwnOutlineIn
from api.schemas_references import ReferencesOut

router = APIRouter(prefix="/api/v1/documents", tags=["documents"])

DocumentId = Annotated[str, Path(max_length=60, description="Or the beginning of it.")]


@router.get("", responses=problems())
async def page(
    caller: Reader,
    shelf: ShelfName = "open",
    cursor: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    search: Annotated[str, Query(max_length=200, description="Words of the title.")] = "",
    interrupted: Annotated[bool, Query(description="Only what waits to be resumed.")] = False,
) -> DocumentsOut:
    """Your documents, newest first."""
    found = await caller.services.library.page(
        shelf, cursor=cursor, limit=limit, search=search, interrupted=interrupted
    )
    return DocumentsOut.of(found)


@router.post("", status_code=201, responses=problems(413))
async def create(
    body: DocumentIn, caller: Writer, once: OnceOnly, response: Response
) -> DocumentOut:
    """Take in a text of yours as a document: yours it stays, no model changes its sections.

    To have one written, start a run; to take in a file, import it.
    """
    services = caller.services
    document_id = await services.imports.take(body.title, body.markdown, once)
    response.headers["location"] = f"/api/v1/documents/{document_id}"
    return DocumentOut.of(await services.library.card(document_id))


@router.get("/{document_id}", responses=problems(404, 409))
async def get(document_id: DocumentId, caller: Reader) -> DocumentOut:
    """One document, wherever it lies."""
    return DocumentOut.of(await caller.services.library.card(document_id))


@router.get("/{document_id}/outline", responses=problems(404, 409))
async def outline(document_id: DocumentId, caller: Reader, response: Response) -> OutlineOut:
    """A document's parts and sections: as they were planned, or as they are in a text of yours."""
    outlines = caller.services.outlines
    found, version = await outlines.of_document(document_id)
    response.headers["etag"] = tag(version)
    return OutlineOut.of(found, version, await outlines.duties_of_document(document_id, found))


@router.get("/{document_id}/references", responses=problems(404, 409))
async def references(document_id: DocumentId, caller: Reader) -> ReferencesOut:
    """What a document cites: the list that stands at the end of its exports.

    Empty for one that draws on no sources. The sections' own texts cite passages by numbers of
    their own, which never change; exports number the list in order of first use.
    """
    return ReferencesOut.of(await caller.services.documents.get(document_id))


@router.put("/{document_id}/outline", responses=problems(404, 409, 412, 413, 428))
async def put_outline(
    document_id: DocumentId,
    body: OwnOutlineIn,
    caller: Writer,
    response: Response,
    if_match: IfMatch = None,
) -> OutlineOut:
    """Replace the plan of a finished document, of a text of yours too; `If-Match` must be given.

    A section with its `key` keeps its text; one without is new, and written by `redo`.
    """
    version = tag_number(if_match) if if_match else None
    parts = [part.part() for part in body.parts]
    divisions = [division.plan() for division in body.divisions]
    outlines = caller.services.outlines
    changed, number = await outlines.change_own(document_id, body.title, parts, version, divisions)
    response.headers["etag"] = tag(number)
    duties = await outlines.duties_of_document(document_id, changed)
    return OutlineOut.of(changed, number, duties)


@router.patch("/{document_id}", responses=problems(404, 409))
async def patch(document_id: DocumentId, body: DocumentPatch, caller: Writer) -> DocumentOut:
    """Rename a document, put it into the archive, or take it out."""
    card = await caller.services.library.card(document_id)
    if body.title is not None:
        card = await caller.services.library.rename(card.id, body.title)
    if body.shelf is not None:
        card = await caller.services.library.put(card.id, body.shelf)
    return DocumentOut.of(card)


@router.post("/{document_id}/duplicate", status_code=201, responses=problems(404, 409))
async def duplicate(
    document_id: DocumentId, caller: Writer, once: OnceOnly, response: Response
) -> DocumentOut:
    """Make a copy with the same request, outline and texts; nobody works on it.

    Where the original can be resumed, its copy can too.
    """
    card = await caller.services.library.duplicate(document_id, once)
    response.headers["location"] = f"/api/v1/documents/{card.id}"
    return DocumentOut.of(card)


@router.delete("/{document_id}", responses=problems(404, 409))
async def trash(document_id: DocumentId, caller: Writer) -> DocumentOut:
    """Put a document into the trash, from where it can be restored."""
    return DocumentOut.of(await caller.services.library.put(document_id, "trash"))


@router.post("/{document_id}/restore", responses=problems(404, 409))
async def restore(document_id: DocumentId, caller: Writer) -> DocumentOut:
    """Take a document out of the trash."""
    return DocumentOut.of(await caller.services.library.put(document_id, "open"))


@router.delete("/{document_id}/purge", status_code=204, responses=problems(404, 409))
async def purge(document_id: DocumentId, caller: Writer) -> None:
    """Delete a document for good, its history and everything that models were told included."""
    card = await caller.services.library.card(document_id)
    await caller.services.library.purge(card.id)
