"""What guards every answer: known names only, no other site's page, headers that tell browsers."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Problem, answer, is_api

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")
"""Host headers that are answered: a foreign name that resolves to this machine is not one."""
_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    # Gradio needs inline scripts and styles; what a model writes may load nothing from elsewhere.
    "content-security-policy": "default-src 'self'; script-src 'self' 'unsafe-inline' "
    "'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'",
}


@dataclass(frozen=True)
class Names:
    """Which Host headers are answered.

    A page elsewhere can let its own name resolve to this machine, but no address.
    """

    hosts: Collection[str] = LOOPBACK_HOSTS
    """Without ports, IPv6 addresses in brackets."""
    addresses: bool = False
    """Whether any address is one of ours: where a network is served."""

    def know(self, header: str) -> bool:
        """Whether this Host header is answered."""
        host, colon, port = header.lower().rpartition(":")
        if not colon or not port.isdigit() or (":" in host and not host.endswith("]")):
            host = header.lower()
        return host.rstrip(".") in self.hosts or (self.addresses and _is_address(host))


LOOPBACK = Names()


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


class Guard:
    """Refuses foreign names and foreign pages' writes; sets the headers; hides what crashed.

    Args:
        app: what lies behind.
        names: Host headers to answer.
        origins: of programs that may write to the API all the same.
    """

    def __init__(self, app: ASGIApp, names: Names, origins: Collection[str]) -> None:
        self.app = app
        self.names = names
        self.origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._mark(MutableHeaders(scope=message), scope["path"])
            await send(message)

        problem = self._problem(scope)
        if problem is not None:
            await answer(scope["path"], problem)(scope, receive, guarded)
            return
        try:
            await self.app(scope, receive, guarded)
        except Exception:
            if not started:
                await answer(scope["path"], _CRASH)(scope, receive, guarded)
            raise

    def _problem(self, scope: Scope) -> Problem | None:
        headers = Headers(scope=scope)
        if not self.names.know(headers.get("host", "")):
            return _UNKNOWN
        if scope["method"] in ("GET", "HEAD") or not foreign(headers):
            return None
        welcome = is_api(scope["path"]) and headers.get("origin") in self.origins
        return None if welcome else _FOREIGN

    def _mark(self, headers: MutableHeaders, path: str) -> None:
        headers.update(_HEADERS)
        if is_api(path):
            headers.setdefault("cache-control", "no-store")


_UNKNOWN = Problem(
    title="Bad Request", status=400, kind="unknown_host",
    detail="this is not reached by that name", remedy="Start it with --allow-host for that name.",
)  # fmt: skip
_FOREIGN = Problem(
    title="Forbidden", status=403, kind="foreign_origin",
    detail="requests from other sites are refused", remedy="Name the origin in api.cors_origins.",
)  # fmt: skip
_CRASH = Problem(
    title="Internal Server Error", status=500, kind="crash",
    detail="something broke inside", remedy="Please report this; the log says where.",
)  # fmt: skip


def foreign(headers: Headers) -> bool:
    """Whether a browser sent the request for another site's page."""
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    try:
        return origin is not None and urlsplit(origin).netloc != headers.get("host")
    except ValueError:  # it is no address
        return True
