"""Documents as files over HTTP: exports, and imports of a person's own."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field

from api.caller import Reader, Writer
from api.headers import OnceOnly
from api.problems import problems
from core.errors import TooLargeError
from services.documents.exports import MEDIA_TYPES
from services.documents.imports import MAX_BYTES, SUFFIXES

router = APIRouter(prefix="/api/v1/documents", tags=["files"])

_SUFFIX_OF = {
    "text/markdown": ".md",
    "text/plain": ".txt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
_BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_FILE: dict[str, Any] = {"description": "The file.", "content": {
    kind: {"schema": {"type": "object"}} if kind == "application/json" else _BINARY
    for kind in sorted(set(MEDIA_TYPES.values()))
}}  # fmt: skip
_BODY = {
    "requestBody": {
        "required": True,
        "content": {kind: _BINARY for kind in (*_SUFFIX_OF, "application/octet-stream")},
    }
}


class Imported(BaseModel):
    """What a file has become."""

    document_id: str = Field(description="The new document.")


@router.get(
    "/{document_id}/export",
    response_class=Response,
    responses={200: _FILE, **problems(404, 409)},
)
async def export_document(
    document_id: Annotated[str, Path(max_length=60, description="Or the beginning of it.")],
    caller: Reader,
    format: Annotated[
        str, Query(max_length=20, description=f"One of: {', '.join(MEDIA_TYPES)}.")
    ] = "md",
    numbered: Annotated[bool, Query(description="Number the headings.")] = False,
) -> Response:
    """A document as a file, as far as it is written."""
    document = await caller.services.documents.get(document_id)
    made = await caller.services.exports.make(document, format, numbered=numbered)
    name = file_name(document.title, made.extension)
    headers = {"content-disposition": name, "cache-control": "no-store"}
    return Response(made.content, headers=headers, media_type=made.media_type)


@router.post(
    "/import",
    status_code=201,
    responses=problems(413, 415),
    openapi_extra=_BODY,
)
async def import_document(
    request: Request,
    response: Response,
    caller: Writer,
    once: OnceOnly,
    name: Annotated[
        str, Query(min_length=1, max_length=255, description="The file's name, with its suffix.")
    ],
) -> Imported:
    """Take in a text of yours (Markdown, text, Word) as a document; its sections are locked."""
    data = await file_body(request)
    document_id = await caller.services.imports.read(_with_suffix(name, request), data, once)
    response.headers["location"] = f"/api/v1/documents/{document_id}"
    return Imported(document_id=document_id)


async def file_body(request: Request) -> bytes:
    """The body, never more of it than a file may have; raises TooLargeError."""
    pieces: list[bytes] = []
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > MAX_BYTES:
            raise TooLargeError(f"the file has more than {MAX_BYTES >> 20} MB", "Split it.")
        pieces.append(piece)
    return b"".join(pieces)


def _with_suffix(name: str, request: Request) -> str:
    """The name; where its suffix tells nothing, with the one that the content type stands for."""
    if name.lower().endswith(SUFFIXES):
        return name
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return name + _SUFFIX_OF.get(kind, "")


def file_name(title: str, extension: str) -> str:
    """A Content-Disposition header that saves a document under its title, in any script."""
    kept = "".join(c if c.isalnum() or c in " -_" else " " for c in title)
    stem = "-".join(kept.split())[:80].strip("-") or "document"
    ascii_only = stem.encode("ascii", "ignore").decode().strip("-") or "document"
    encoded = quote(f"{stem}.{extension}", safe="")
    return f"attachment; filename=\"{ascii_only}.{extension}\"; filename*=UTF-8''{encoded}"
