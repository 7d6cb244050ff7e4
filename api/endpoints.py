"""Endpoints over HTTP: which there are, never their keys, and what a test finds."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from api.caller import Admin, Reader
from api.problems import Problem, problem_of, problems
from services.endpoint_book import Entry

router = APIRouter(prefix="/api/v1/endpoints", tags=["endpoints"])

Name = Annotated[str, Path(max_length=64)]


class EndpointOut(BaseModel):
    """Where a model is served. Keys are never shown."""

    name: str
    base_url: str
    model: str
    key: bool = Field(description="Whether there is a key.")
    window: int | None = Field(description="Tokens; null: unknown.")
    concurrency: int
    default: bool
    tested_at: str = Field(description="ISO 8601; empty: it was not tested.")

    @classmethod
    def of(cls, entry: Entry) -> EndpointOut:
        """From what is written down."""
        return cls.model_validate(entry.to_dict())


class EndpointsOut(BaseModel):
    """What can be asked for, and what is asked unless something else is said."""

    endpoints: list[EndpointOut]
    default: str


class TestOut(BaseModel):
    """What a test found."""

    ok: bool
    calls: int = Field(description="Chat calls that were sent.")
    model: str
    server: str = Field(description="Its make, as far as it can be told.")
    profile: dict[str, Any] | None = Field(description="What it can do; null: it gave no answer.")
    problem: Problem | None


@router.get("", responses=problems())
async def all_of(caller: Reader) -> EndpointsOut:
    """The configured and stored endpoints; `embedded`, the model inside, is always there."""
    entries = await caller.services.book.entries()
    found = [EndpointOut.of(entry) for entry in entries]
    return EndpointsOut(endpoints=found, default=caller.services.endpoints.default)


@router.post("/{name}/test", responses=problems(404, 409, 502))
async def test(name: Name, caller: Admin) -> TestOut:
    """Test an endpoint with a few small calls, and keep what was found."""
    services = caller.services
    endpoint = await services.endpoints.known(name)
    report = await services.book.test(endpoint, services.lines.tokens)
    return TestOut(
        ok=report.error is None and report.profile is not None,
        calls=report.calls,
        model=report.profile.model if report.profile else endpoint.model,
        server=report.facts.server,
        profile=report.profile.to_dict() if report.profile else None,
        problem=problem_of(report.error) if report.error else None,
    )
