"""What an upload holds and what it would take, before anything of it is kept."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from api.caller import Reader
from api.dataset_uploads import BODY, body_of
from api.estimates import Range
from api.problems import problems
from api.schemas_datasets import CheckOut, DatasetIn
from batch.check import checked, first_row, lines_of
from batch.estimate import estimate
from batch.rows import chosen, rows_of
from core.errors import RequestError

router = APIRouter()


class DatasetEstimate(BaseModel):
    """What a dataset would take."""

    rows: int
    refused: int
    strategy: str
    target: int
    sections: Range
    calls: Range
    prompt_tokens: Range
    completion_tokens: Range
    seconds: Range
    cost: Range
    past_runs: int
    basis: str


@router.post("/check", openapi_extra=BODY, responses=problems(413))
async def check(
    request: Request, options: Annotated[DatasetIn, Query()], caller: Reader
) -> CheckOut:
    """Read lines through: how many are rows, which are not and why. Nothing is kept or asked."""
    terms = options.wanted().terms
    found = await asyncio.to_thread(checked, await body_of(request), terms)
    return CheckOut.model_validate(found.to_dict())


@router.post(
    "/estimate", openapi_extra=BODY, response_model=DatasetEstimate, responses=problems(413, 502)
)
async def estimate_dataset(
    request: Request, options: Annotated[DatasetIn, Query()], caller: Reader
) -> Any:
    """Calls, tokens, time and cost of a dataset, without asking a model for anything."""
    data, wanted = await body_of(request), options.wanted()
    await asyncio.to_thread(first_row, lines_of(data))
    models = await caller.batches.models(wanted.endpoint)
    lines = chosen(rows_of(lines_of(data)), wanted.terms.limit)
    found = await estimate(
        caller.services.estimates, models, lines, wanted.terms, wanted.concurrency
    )
    if found is None:
        raise RequestError("the file holds no row that can be written", "Look at its lines.")
    return found.to_dict()
