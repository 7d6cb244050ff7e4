"""A document goes on, over HTTP."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import Field

from api.caller import Reader, Writer
from api.documents import DocumentId
from api.estimates import EstimateReply
from api.headers import OnceOnly
from api.problems import problems
from api.schemas_runs import Body, RunOut, example
from domain.length.contract import MAX_LENGTH, MIN_LENGTH
from domain.run_options import RunOptions
from llm.roles import Models
from services.derived.continuations import MAX_INSTRUCTION, MoreAsked

router = APIRouter(prefix="/api/v1/documents/{document_id}", tags=["documents"])


class ContinuationIn(Body):
    """How a text is to go on."""

    model_config = example(words=1500, instruction="What became of the harbour afterwards.")

    words: int = Field(ge=MIN_LENGTH, le=MAX_LENGTH, description="To be added to what is there.")
    instruction: str = Field("", max_length=MAX_INSTRUCTION, description="What is to come.")
    strategy: str = Field("auto", max_length=40, description="As a request's.")
    rounds: int = Field(1, ge=0, le=5, description="Times a critic may have it revised.")
    apart: bool = Field(
        False, description="The text is a reference: what comes is a document of its own."
    )


@router.post("/continuation", status_code=202, responses=problems(404, 409, 413, 502))
async def go_on(
    document_id: DocumentId,
    body: ContinuationIn,
    caller: Writer,
    once: OnceOnly,
    response: Response,
) -> RunOut:
    """Have a finished text go on; what is there stays as it is, word for word.

    Nothing that is written copies it, but for what stands in quotation marks.
    """
    await caller.services.library.card(document_id)
    asked = MoreAsked(**body.model_dump())

    async def begin(models: Models, options: RunOptions) -> tuple[str, bool]:
        service = caller.services.continuations
        return await service.begin(document_id, asked, models, options, once)

    run_id, _ = await caller.desk.launch(begin, once)
    response.headers["location"] = f"/api/v1/runs/{run_id}"
    return RunOut.of(await caller.services.runs.report(run_id))


@router.post("/continuation/estimate", responses=problems(404, 409, 413, 502))
async def estimate(document_id: DocumentId, body: ContinuationIn, caller: Reader) -> EstimateReply:
    """Estimate what going on would take, without asking a model for anything."""
    await caller.services.library.card(document_id)
    models = await caller.services.endpoints.models()
    asked = MoreAsked(**body.model_dump())
    found = await caller.services.continuations.estimate(document_id, asked, models)
    return EstimateReply.of(found)
