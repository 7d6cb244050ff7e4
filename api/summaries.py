"""Summaries of a document, and a document from a summary, over HTTP."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.caller import Caller, Reader, Writer
from api.documents import DocumentId
from api.estimates import EstimateReply
from api.headers import OnceOnly
from api.problems import problems
from api.schemas_runs import Body, RunOut, example
from domain.condensation import MOST_SHARES, SHARES
from domain.length.contract import MAX_LENGTH, MIN_LENGTH
from domain.run_options import RunOptions
from llm.roles import Models
from services.derived.expansions import FullAsked

router = APIRouter(prefix="/api/v1/documents/{document_id}", tags=["documents"])


class SummariesIn(Body):
    """Which summaries are wanted."""

    model_config = example(shares=[20, 10, 5])

    shares: list[float] = Field(
        list(SHARES),
        min_length=1,
        max_length=MOST_SHARES,
        description="Per cent of the document's length, each from 1 to 80.",
    )


class SummaryOut(BaseModel):
    """One summary as it stands."""

    share: float = Field(description="Per cent of the source that it was to have.")
    target: int
    words: int
    length_score: float = Field(description="S_l, 0 to 100.")
    text: str


class SummariesOut(BaseModel):
    """What one run has made, or is making, of a document."""

    document_id: str = Field(description="Of the summaries, for exports and edits.")
    run_id: str
    status: str
    stale: bool = Field(description="Whether the source has changed since.")
    summaries: list[SummaryOut]


class AllSummariesOut(BaseModel):
    """All summaries of a document, the newest first."""

    summaries: list[SummariesOut]


class ExpansionIn(Body):
    """How long a summary is to be written out."""

    model_config = example(words=3000)

    words: int = Field(ge=MIN_LENGTH, le=MAX_LENGTH, description="Of the whole text.")
    strategy: str = Field("auto", max_length=40, description="As a request's.")
    rounds: int = Field(1, ge=0, le=5, description="Times a critic may have it revised.")


@router.get("/summaries", responses=problems(404, 409))
async def all_of(document_id: DocumentId, caller: Reader) -> AllSummariesOut:
    """The summaries of a document, the newest first, as far as they are made."""
    found = await caller.services.summaries.of(document_id)
    return AllSummariesOut(summaries=[SummariesOut(**asdict(made)) for made in found])


@router.post("/summaries", status_code=202, responses=problems(404, 409, 502))
async def summarise(
    document_id: DocumentId,
    body: SummariesIn,
    caller: Writer,
    once: OnceOnly,
    response: Response,
) -> RunOut:
    """Have a document made shorter in steps, each summary from the one before.

    They are a document of their own; the run is followed like any other.
    """
    await caller.services.library.card(document_id)

    async def begin(models: Models, options: RunOptions) -> tuple[str, bool]:
        service = caller.services.summaries
        return await service.begin(document_id, models, body.shares, options, once)

    run_id, _ = await caller.desk.launch(begin, once)
    response.headers["location"] = f"/api/v1/runs/{run_id}"
    return RunOut.of(await caller.services.runs.report(run_id))


@router.post("/summaries/estimate", responses=problems(404, 409, 502))
async def estimate(document_id: DocumentId, body: SummariesIn, caller: Reader) -> EstimateReply:
    """Estimate what making summaries would take, without asking a model for anything."""
    await caller.services.library.card(document_id)
    models = await caller.services.endpoints.models()
    found = await caller.services.summaries.estimate(document_id, models, body.shares)
    return EstimateReply.of(found)


@router.post("/expansion", status_code=202, responses=problems(404, 409, 502))
async def expand(
    document_id: DocumentId,
    body: ExpansionIn,
    caller: Writer,
    once: OnceOnly,
    response: Response,
) -> RunOut:
    """Have a document that is a summary written out as a new one, statement by statement."""
    asked = await _asked(document_id, body, caller)

    async def begin(models: Models, options: RunOptions) -> tuple[str, bool]:
        return await caller.services.expansions.begin(asked, models, options, once)

    run_id, _ = await caller.desk.launch(begin, once)
    response.headers["location"] = f"/api/v1/runs/{run_id}"
    return RunOut.of(await caller.services.runs.report(run_id))


@router.post("/expansion/estimate", responses=problems(404, 409, 502))
async def estimate_expansion(
    document_id: DocumentId, body: ExpansionIn, caller: Reader
) -> EstimateReply:
    """Estimate what writing it out would take, without asking a model for anything."""
    asked = await _asked(document_id, body, caller)
    models = await caller.services.endpoints.models()
    return EstimateReply.of(await caller.services.expansions.estimate(asked, models))


async def _asked(document_id: str, body: ExpansionIn, caller: Caller) -> FullAsked:
    source = await caller.services.documents.get(document_id)
    return FullAsked(
        source.title, source.markdown, body.words, body.strategy, body.rounds,
        source.request.language,
    )  # fmt: skip
