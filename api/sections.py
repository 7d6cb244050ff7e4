"""Sections over HTTP: their texts and earlier ones, hand edits, locks, one written anew."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.caller import Reader, Writer
from api.documents import DocumentId
from api.headers import IfMatch, tag, tag_number
from api.problems import problems
from api.schemas_documents import (
    DiffOut,
    DiffPiece,
    RedoIn,
    RevisionOut,
    RevisionsOut,
    SectionIn,
    SectionOut,
    SectionsOut,
    VariantIn,
)
from api.schemas_runs import RunOut
from core.errors import UnconditionalError
from services.documents.revisions import ANY
from storage.sections import StoredSection

router = APIRouter(prefix="/api/v1/documents/{document_id}/sections", tags=["sections"])

Key = Annotated[str, Path(max_length=40, description='Such as "3" or "3.2".')]
RevisionId = Annotated[int, Path(ge=1, le=2**53)]
Texts = Annotated[bool, Query(description="false: without the texts themselves.")]
RevisionQuery = Annotated[int, Query(ge=1, le=2**53)]


@router.get("", responses=problems(404, 409))
async def all_of(document_id: DocumentId, caller: Reader) -> SectionsOut:
    """Every section in reading order, with its text."""
    found = await caller.services.sections.all_of(document_id)
    return SectionsOut(sections=[SectionOut.of(section) for section in found])


@router.get("/{key}", responses=problems(404, 409))
async def get(document_id: DocumentId, key: Key, caller: Reader, response: Response) -> SectionOut:
    """One section; its ETag is what a change of it must name."""
    return told(await caller.services.sections.get(document_id, key), response)


@router.put("/{key}", responses=problems(404, 409, 412, 413, 428))
async def write(
    document_id: DocumentId,
    key: Key,
    body: SectionIn,
    caller: Writer,
    response: Response,
    if_match: IfMatch = None,
) -> SectionOut:
    """Write a section by hand; no model changes it afterwards, unless you unlock it.

    With the kind `accepted` it is a model's proposal that you take: who may change the section
    stays as it was.

    `If-Match` names the text that you have changed. Where another one has been stored meanwhile,
    the answer is 412 with that one in `current`, and nothing is stored.
    """
    found = await caller.services.revisions.write(
        document_id, key, body.text, _seen(if_match), body.kind
    )
    return told(found, response)


@router.post("/{key}/lock", responses=problems(404, 409))
async def lock(document_id: DocumentId, key: Key, caller: Writer, response: Response) -> SectionOut:
    """Keep every model off a section."""
    return told(await caller.services.sections.lock(document_id, key), response)


@router.post("/{key}/unlock", responses=problems(404, 409))
async def unlock(
    document_id: DocumentId, key: Key, caller: Writer, response: Response
) -> SectionOut:
    """Let models change a section again."""
    return told(await caller.services.sections.unlock(document_id, key), response)


@router.post("/{key}/redo", status_code=202, responses=problems(404, 409, 502))
async def redo(
    document_id: DocumentId, key: Key, body: RedoIn, caller: Writer, response: Response
) -> RunOut:
    """Have a section written anew; its text stays until the new one is.

    In a finished document, or where no usable text came: then its run goes on.
    """
    run_id = await caller.desk.redo(document_id, key, body.instruction)
    response.headers["location"] = f"/api/v1/runs/{run_id}"
    return RunOut.of(await caller.services.runs.report(run_id))


@router.get("/{key}/revisions", responses=problems(404, 409))
async def history(
    document_id: DocumentId, key: Key, caller: Reader, texts: Texts = True
) -> RevisionsOut:
    """Every text that the section has had, and those kept beside it, oldest first."""
    kept = caller.services.revisions
    found = await (kept.history if texts else kept.marks)(document_id, key)
    return RevisionsOut(revisions=[RevisionOut.of(revision) for revision in found])


@router.post("/{key}/variants", status_code=201, responses=problems(404, 409, 413))
async def keep_variant(
    document_id: DocumentId, key: Key, body: VariantIn, caller: Writer
) -> RevisionOut:
    """Keep a text beside the section's own: it can be looked at, compared and restored."""
    kept = caller.services.revisions
    return RevisionOut.of(await kept.keep_variant(document_id, key, body.text, body.note))


@router.get("/{key}/revisions/{revision_id}", responses=problems(404, 409))
async def revision(
    document_id: DocumentId, key: Key, revision_id: RevisionId, caller: Reader
) -> RevisionOut:
    """One text that the section has, or once had."""
    return RevisionOut.of(await caller.services.revisions.get(document_id, key, revision_id))


@router.post("/{key}/revisions/{revision_id}/restore", responses=problems(404, 409, 412, 428))
async def restore(
    document_id: DocumentId,
    key: Key,
    revision_id: RevisionId,
    caller: Writer,
    response: Response,
    if_match: IfMatch = None,
) -> SectionOut:
    """Make an earlier text the section's again, as a new revision."""
    found = await caller.services.revisions.restore(document_id, key, revision_id, _seen(if_match))
    return told(found, response)


@router.get("/{key}/diff", responses=problems(404, 409))
async def diff(
    document_id: DocumentId, key: Key, caller: Reader, old: RevisionQuery, new: RevisionQuery
) -> DiffOut:
    """How one revision became another."""
    pieces = await caller.services.revisions.diff(document_id, key, old, new)
    return DiffOut(old=old, new=new, pieces=[DiffPiece(**asdict(piece)) for piece in pieces])


def told(section: StoredSection, response: Response) -> SectionOut:
    """A section, its ETag in the header."""
    response.headers["etag"] = tag(section.revision_id or 0)
    return SectionOut.of(section)


def _seen(if_match: str | None) -> int:
    """The revision that was changed; raises UnconditionalError where the client does not say."""
    if if_match is None:
        raise UnconditionalError(
            "If-Match is missing",
            "Send the ETag of the text that you have changed, or * to write over any.",
        )
    number = tag_number(if_match)
    return ANY if number is None else number
