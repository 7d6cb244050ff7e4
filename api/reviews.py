"""What is wrong with a document over HTTP, and the changes that a model proposes."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.caller import Reader, Writer
from api.documents import DocumentId
from api.problems import problems
from api.schemas_documents import SectionOut
from api.schemas_review import AlignIn, FixIn, ProposalOut, ReviewOut
from api.sections import Key, told

router = APIRouter(prefix="/api/v1/documents/{document_id}", tags=["review"])


@router.get("/review", responses=problems(404, 409))
async def review(document_id: DocumentId, caller: Reader) -> ReviewOut:
    """What is wrong with the present text, at the words that it is about.

    What gates and critic have said counts as far as it holds; where a text has changed since, the
    gates run again. A section is stale where a person has changed what it joins, or its plan.
    """
    return ReviewOut.of(await caller.services.examinations.of(document_id))


@router.post("/sections/{key}/fix", responses=problems(404, 409, 502))
async def fix(document_id: DocumentId, key: Key, body: FixIn, caller: Writer) -> ProposalOut:
    """Have a model propose how one finding is mended; nothing is stored.

    To accept, send the text with `PUT …/sections/{key}`, its `revision` as If-Match and the kind
    `accepted`. Where the finding holds no more, the answer is 409.
    """
    proposals = caller.services.proposals
    return ProposalOut.of(await proposals.fix(document_id, key, body.finding, body.instruction))


@router.post("/sections/{key}/align", responses=problems(404, 409, 502))
async def align(
    document_id: DocumentId, key: Key, caller: Writer, body: AlignIn | None = None
) -> ProposalOut:
    """Have a model propose how a stale section is brought in line with what has changed."""
    wish = body.instruction if body else ""
    return ProposalOut.of(await caller.services.proposals.align(document_id, key, wish))


@router.post("/sections/{key}/keep", responses=problems(404, 409))
async def keep(document_id: DocumentId, key: Key, caller: Writer, response: Response) -> SectionOut:
    """Say that a stale section still fits; its text stays and gets a new ETag."""
    return told(await caller.services.revisions.confirm(document_id, key), response)
