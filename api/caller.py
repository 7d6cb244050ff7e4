"""Who sends a request, and what that caller may use: services and runs bound to one owner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal, cast

from fastapi import Depends, Request

from batch.desk import BatchDesk
from bootstrap import Services
from core.errors import AccessError, ForbiddenError
from services.runs.desk import Desk
from services.users.access import Identity

Scope = Literal["read", "write", "admin", "openai"]


@dataclass(frozen=True)
class Caller:
    """One request's caller."""

    owner: str
    scopes: frozenset[str]
    services: Services
    """The owner's: they find nobody else's things."""
    desk: Desk
    batches: BatchDesk


def identity_of(request: Request) -> Identity:
    """Whose the request is, as the gate has found out; raises AccessError."""
    identity = getattr(request.state, "identity", None)
    if not isinstance(identity, Identity):
        raise AccessError("nobody is logged in", "Send a token as `Authorization: Bearer ll_…`.")
    return identity


def allowed(scope: Scope) -> Callable[[Request], Caller]:
    """The dependency of routes that need this scope."""

    def caller(request: Request) -> Caller:
        identity = identity_of(request)
        if scope not in identity.scopes:
            raise ForbiddenError(
                f"this needs the scope {scope!r}", "Use a token that has it, or ask an admin."
            )
        state = request.app.state
        services = cast(Services, state.services).of(identity.owner)
        desk = cast(Desk, state.desk).of(services.runs, services.documents)
        batches = cast(BatchDesk, state.batches).of(services)
        return Caller(identity.owner, identity.scopes, services, desk, batches)

    caller.__name__ = f"{scope}_caller"
    return caller


Reader = Annotated[Caller, Depends(allowed("read"))]
Writer = Annotated[Caller, Depends(allowed("write"))]
Admin = Annotated[Caller, Depends(allowed("admin"))]
OpenAIClient = Annotated[Caller, Depends(allowed("openai"))]
