"""Who sends a request, and what that caller may use: services and runs bound to one owner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal, cast

from fastapi import Depends, Request

from bootstrap import Services
from services.desk import Desk

Scope = Literal["read", "write", "admin", "openai"]


@dataclass(frozen=True)
class Caller:
    """One request's caller."""

    owner: str
    scopes: frozenset[str]
    services: Services
    """The owner's: they find nobody else's things."""
    desk: Desk


def allowed(scope: Scope) -> Callable[[Request], Caller]:
    """The dependency of routes that need this scope."""

    def caller(request: Request) -> Caller:
        state = request.app.state
        services = cast(Services, state.services)
        owner = services.runs.owner
        services = services.of(owner)
        desk = cast(Desk, state.desk).of(services.runs, services.documents)
        return Caller(owner, frozenset({"read", "write", "admin", "openai"}), services, desk)

    caller.__name__ = f"{scope}_caller"
    return caller


Reader = Annotated[Caller, Depends(allowed("read"))]
Writer = Annotated[Caller, Depends(allowed("write"))]
Admin = Annotated[Caller, Depends(allowed("admin"))]
OpenAIClient = Annotated[Caller, Depends(allowed("openai"))]
