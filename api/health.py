"""Whether the server is up, whether it can work, and its figures for Prometheus."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from api.caller import Admin
from api.metrics import Metrics
from api.problems import problems

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """That the server answers."""

    status: str = "ok"


class Ready(BaseModel):
    """That it can work."""

    status: str = Field("ready")
    runs: int = Field(description="Runs that this process works on.")


@router.get("/api/v1/health", responses=problems())
async def health() -> Health:
    """Whether the server is up; needs no login."""
    return Health()


@router.get("/api/v1/ready", responses=problems())
async def ready(request: Request) -> Ready:
    """Whether the database answers; needs no login."""
    state = request.app.state
    await state.services.runs.newest(1)
    return Ready(status="ready", runs=state.desk.working)


@router.get("/metrics", responses=problems(), response_class=Response)
async def metrics(caller: Admin, request: Request) -> Response:
    """Figures in Prometheus' text format: requests, runs, calls and tokens."""
    found: Metrics = request.app.state.metrics
    figures = await caller.services.housekeeping.figures()
    return Response(
        found.text(figures, request.app.state.desk.working), media_type=found.media_type
    )
