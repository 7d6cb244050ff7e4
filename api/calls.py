"""What a run asked of its models, over HTTP: the calls, what each saw, what they cost."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.caller import Reader
from api.problems import problems
from api.runs import RunId
from api.schemas_calls import CallFullOut, CallsOut, SpendOut

router = APIRouter(prefix="/api/v1/runs/{run_id}", tags=["runs"])

CallId = Annotated[str, Path(max_length=60)]


@router.get("/calls", responses=problems(404, 409))
async def page(
    run_id: RunId,
    caller: Reader,
    after: Annotated[str, Query(max_length=60, description="Id of the last one you have.")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> CallsOut:
    """The calls that a run has made, in order."""
    rows = await caller.services.calls.page(run_id, after, limit + 1)
    return CallsOut.of(list(rows), limit)


@router.get("/calls/{call_id}", responses=problems(404, 409))
async def get(run_id: RunId, call_id: CallId, caller: Reader) -> CallFullOut:
    """What one call was sent, what it answered, and what of the document it saw."""
    return CallFullOut.full(*await caller.services.calls.get(run_id, call_id))


@router.get("/spend", responses=problems(404, 409))
async def spend(
    run_id: RunId,
    caller: Reader,
    whole: Annotated[bool, Query(description="Of all runs of its document.")] = False,
) -> SpendOut:
    """What a run has spent, by role and in all, and how near its caps are."""
    return SpendOut.of(await caller.services.calls.spend(run_id, whole=whole))
