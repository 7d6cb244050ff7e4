"""Who is let in: every request is somebody's before any route or page sees it."""

from __future__ import annotations

import ipaddress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.credentials import credentials
from api.problems import refusal
from core.errors import AccessError, LongleafError
from services.users.access import LOCAL, Access, Identity
from services.users.rations import Rations

PUBLIC = ("/api/v1/health", "/api/v1/ready")
"""Paths that tell nothing but whether it works."""

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
"""What proxies add, behind which anybody may be."""


class Gate:
    """Finds out whose a request is, counts it, and refuses what is nobody's.

    The identity stands in the request's state: routes look only at its scopes, the page at its
    owner. A token that is none is refused everywhere, also where nobody needs one.

    Args:
        app: what lies behind.
        access: knows users and tokens.
        rations: how much may come from each side.
        may_be_open: whether no log-in is needed as long as there is only the local owner.
    """

    def __init__(self, app: ASGIApp, access: Access, rations: Rations, *, may_be_open: bool):
        self.app = app
        self.access = access
        self.rations = rations
        self.may_be_open = may_be_open

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            try:
                scope.setdefault("state", {})["identity"] = await self._let_in(scope)
            except LongleafError as error:
                await refusal(scope["path"], error)(scope, receive, send)
                return
            await self.app(scope, receive, send)

    async def _let_in(self, scope: Scope) -> Identity | None:
        address = network(scope)
        try:
            identity = await self._identified(Headers(scope=scope), address)
            if identity is None and scope["path"] not in PUBLIC and scope["method"] != "OPTIONS":
                raise AccessError(
                    "nobody is logged in", "Send a token as `Authorization: Bearer ll_…`."
                )
        except AccessError:
            self.rations.take(address)
            raise
        self.rations.take(identity.owner if identity else address)
        return identity

    async def _identified(self, headers: Headers, address: str) -> Identity | None:
        shown = credentials(headers)
        if shown is not None and shown.is_token:
            return await self.access.by_token(shown.secret)
        near = self.may_be_open and not any(name in headers for name in _FORWARDED)
        if near and await self.access.only_local():
            return LOCAL  # whatever a program sends that needs some key
        if shown is None:
            return None
        if shown.name is None:
            return await self.access.by_token(shown.secret)
        return await self.access.by_password(shown.name, shown.secret, address)


def network(scope: Scope) -> str:
    """Where a request comes from: an IPv4 address, or the /64 of an IPv6 one, which is one home."""
    client = (scope.get("client") or ("",))[0]
    try:
        address = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return str(client)
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
