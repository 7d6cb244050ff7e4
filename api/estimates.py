"""Estimates over HTTP: what a document would take, before it is begun."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.caller import Reader
from api.problems import problems
from api.schemas_runs import RunIn
from domain.request import make_request
from services.documents.demands import Demanded, demanded
from services.forecast.estimates import Estimate
from services.settings.preferences import checked_roles

router = APIRouter(prefix="/api/v1/estimates", tags=["estimates"])


class Range(BaseModel):
    """The least, the likely and the most."""

    low: float
    likely: float
    high: float


class StageReply(BaseModel):
    """Calls of one kind."""

    name: str
    role: str
    calls: Range


class DemandReply(BaseModel):
    """One thing demanded of the contents."""

    line: str = Field(description="As `constraints` of a run takes it.")
    origin: Literal["request", "prompt"]
    start: int | None = Field(description="Offsets of the words in the prompt that say so.")
    end: int | None

    @classmethod
    def of(cls, one: Demanded) -> DemandReply:
        """From what was found."""
        return cls(line=one.line, origin=one.origin, start=one.start, end=one.end)


class EstimateReply(BaseModel):
    """What a run would take."""

    strategy: str
    strategy_why: str
    language: str
    target: int = Field(description="Words, or characters in Chinese, Japanese and Korean.")
    sections: Range
    calls: Range
    prompt_tokens: Range
    completion_tokens: Range
    seconds: Range
    cost: Range = Field(description="In the currency of the endpoints' prices; 0 without prices.")
    stages: list[StageReply]
    past_runs: int = Field(description="Finished runs with this model that it is based on.")
    basis: str

    @classmethod
    def of(cls, found: Estimate) -> EstimateReply:
        """From what was found."""
        return cls.model_validate(found.to_dict())


class DocumentEstimate(EstimateReply):
    """What a new document would take."""

    demands: list[DemandReply] = Field(
        description="What it will be held to: what the request says, then what its prompt does."
    )


@router.post("", response_model=DocumentEstimate, responses=problems(404, 502))
async def estimate(body: RunIn, caller: Reader) -> Any:
    """Estimate a document.

    Sections, calls, tokens, seconds and cost, without asking a model for anything: by the
    structure of the work; where runs with the same model have finished, by what they took.
    """
    endpoints = caller.services.endpoints
    models = await endpoints.models(chosen=checked_roles(body.models or {}, endpoints.names()))
    request = make_request(body.fields())
    found = await caller.services.estimates.estimate(request, models)
    return {**found.to_dict(), "demands": [DemandReply.of(one) for one in demanded(request)]}
