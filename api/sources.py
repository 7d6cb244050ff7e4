"""A person's own texts over HTTP: taken in, listed, shown, deleted; and the notes of them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import PlainTextResponse
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from api.caller import Reader, Writer
from api.problems import problems
from api.schemas_sources import NotesOut, PastedIn, SourceOut, SourcesOut, SourceUseOut
from core.errors import MediaTypeError, RequestError
from services.sources import MAX_NAME
from storage.sources import StoredSource

router = APIRouter(prefix="/api/v1", tags=["sources"])

SourceId = Annotated[str, Path(max_length=60, description="As the list of sources names it.")]
DocumentId = Annotated[str, Path(max_length=60, description="Or the beginning of it.")]
_BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_FORM: dict[str, Any] = {
    "schema": {
        "type": "object",
        "properties": {"file": {"type": "string", "format": "binary"}},
        "required": ["file"],
    }
}
_BODY = {
    "requestBody": {
        "required": True,
        "description": "A pasted text as JSON; a file in a form; or a file as the body itself.",
        "content": {
            "application/json": {"schema": PastedIn.model_json_schema()},
            "multipart/form-data": _FORM,
            "application/octet-stream": _BINARY,
        },
    }
}


@router.post("/sources", status_code=201, responses=problems(409, 413, 415), openapi_extra=_BODY)
async def add(
    request: Request,
    response: Response,
    caller: Writer,
    name: Annotated[
        str,
        Query(max_length=MAX_NAME, description="The file's name, where it is the body itself."),
    ] = "",
) -> SourceOut:
    """Take in a text of yours that documents can draw on: Markdown, text, HTML, PDF, Word.

    The same text again is the source there is.
    """
    kept = await _taken(request, caller, name)
    response.headers["location"] = f"/api/v1/sources/{kept.id}"
    return SourceOut.of(kept)


@router.get("/sources", responses=problems())
async def listing(caller: Reader) -> SourcesOut:
    """Your sources, newest first."""
    found = await caller.services.sources.listing()
    return SourcesOut(sources=[SourceOut.of(each) for each in found])


@router.get("/sources/{source_id}", responses=problems(404))
async def get(source_id: SourceId, caller: Reader) -> SourceUseOut:
    """One source, and the documents that draw on it."""
    services = caller.services
    found = await services.sources.get(source_id)
    using = await services.sources.documents(source_id)
    return SourceUseOut(**SourceOut.of(found).model_dump(), documents=using)


@router.get("/sources/{source_id}/text", response_class=PlainTextResponse, responses=problems(404))
async def text(source_id: SourceId, caller: Reader) -> PlainTextResponse:
    """What was read from it."""
    found = await caller.services.sources.text(source_id)
    return PlainTextResponse(found, headers={"cache-control": "no-store"})


@router.delete("/sources/{source_id}", status_code=204, responses=problems(404, 409))
async def delete(source_id: SourceId, caller: Writer) -> None:
    """Delete a source that no document draws on."""
    await caller.services.sources.delete(source_id)


@router.get("/documents/{document_id}/notes", responses=problems(404, 409))
async def notes(document_id: DocumentId, caller: Reader) -> NotesOut:
    """What was noted of a document's sources before it was planned, and where it stands."""
    sources = caller.services.sources
    return NotesOut.of(await sources.notes(document_id), *await sources.found_by(document_id))


async def _taken(request: Request, caller: Writer, name: str) -> StoredSource:
    """Keep what the body holds, by its content type."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    sources = caller.services.sources
    if kind == "application/json":
        pasted = await _pasted(request)
        return await sources.paste(pasted.text, pasted.title)
    if kind == "multipart/form-data":
        file, data = await _file(request)
        return await sources.add(name or file, data)
    if kind == "application/x-www-form-urlencoded":
        raise MediaTypeError("a form without files is not read", "Send it as multipart/form-data.")
    return await sources.add(name, await request.body())


async def _pasted(request: Request) -> PastedIn:
    try:
        return PastedIn.model_validate_json(await request.body())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the body"
        raise RequestError(f"{where}: {first['msg']}", 'Send {"text": "…"}.') from error


async def _file(request: Request) -> tuple[str, bytes]:
    """The one file of a form: its name and content."""
    async with request.form(max_files=1, max_fields=4) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise RequestError("the form has no file", "Send it in the field `file`.")
        return file.filename or "", await file.read()
