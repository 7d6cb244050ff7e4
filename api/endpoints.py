"""Endpoints over HTTP: which there are, never their keys; stored, tested, looked for."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path

from api.caller import Admin, Caller, Reader
from api.problems import problem_of, problems
from api.schemas_endpoints import (
    EndpointIn,
    EndpointOut,
    EndpointsOut,
    Finding,
    NeighbourOut,
    NeighboursOut,
    StoredOut,
    TestOut,
)
from core.errors import NotFoundError, RequestError, SettingsError
from services.endpoints.entry import Entry
from services.endpoints.habits import findings
from services.endpoints.neighbourhood import look_around as look

router = APIRouter(prefix="/api/v1/endpoints", tags=["endpoints"])

Name = Annotated[str, Path(max_length=64)]


@router.get("", responses=problems())
async def all_of(caller: Reader) -> EndpointsOut:
    """The configured and stored endpoints; `embedded`, the model inside, is always there."""
    entries = await caller.services.book.entries()
    found = [EndpointOut.of(entry) for entry in entries]
    known = caller.services.endpoints
    return EndpointsOut(endpoints=found, default=known.default, demonstration=known.demonstration)


@router.post("/discover", responses=problems())
async def look_around(caller: Admin) -> NeighboursOut:
    """Look for model servers on the machine that Longleaf runs on, at their usual ports."""
    found, asked = await look()
    known = {entry.endpoint.base_url for entry in await caller.services.book.entries()}
    return NeighboursOut(found=[NeighbourOut.of(each, known) for each in found], asked=asked)


@router.put("/{name}", responses=problems(409))
async def put(name: Name, body: EndpointIn, caller: Admin) -> StoredOut:
    """Store an endpoint, in place of the stored one of this name; its key is encrypted."""
    book = caller.services.book
    try:
        dropped = await book.add(name, body.settings(), body.secret(), default=body.default)
    except SettingsError as error:
        raise RequestError(error.message, error.remedy) from error
    stored = EndpointOut.of(await _entry(caller, name))
    return StoredOut(**stored.model_dump(), key_dropped=dropped)


@router.delete("/{name}", status_code=204, responses=problems(404, 409))
async def remove(name: Name, caller: Admin) -> None:
    """Forget a stored endpoint, its key and its roles; runs begun with it cannot go on."""
    await caller.services.book.remove(name)
    caller.services.settings_book.forget_endpoint(name)


@router.post("/{name}/default", responses=problems(404, 409))
async def set_default(name: Name, caller: Admin) -> EndpointsOut:
    """Let an endpoint serve whatever nothing else is named for."""
    await caller.services.book.set_default(name)
    return await all_of(caller)


@router.post("/{name}/test", responses=problems(404, 409, 502))
async def test(name: Name, caller: Admin) -> TestOut:
    """Test an endpoint with a few small calls, and keep what was found."""
    services = caller.services
    endpoint = await services.endpoints.known(name)
    try:
        report = await services.book.test(endpoint, services.lines.tokens)
    except SettingsError as error:  # it offers several models, and none is named
        raise RequestError(error.message, error.remedy) from error
    return TestOut(
        ok=report.error is None and report.profile is not None,
        calls=report.calls,
        model=report.profile.model if report.profile else endpoint.model,
        server=report.facts.server,
        profile=report.profile.to_dict() if report.profile else None,
        findings=[Finding(**asdict(check)) for check in findings(endpoint, report)],
        problem=problem_of(report.error) if report.error else None,
    )


async def _entry(caller: Caller, name: str) -> Entry:
    entries = await caller.services.book.entries()
    found = next((entry for entry in entries if entry.endpoint.name == name), None)
    if found is None:
        raise NotFoundError(f"no endpoint is called {name!r}", "Look which there are.")
    return found
