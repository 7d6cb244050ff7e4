"""Which other origins' programs may call the API from a browser: editors that are web pages."""

from __future__ import annotations

from collections.abc import Collection

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import is_api

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_READABLE = (
    "etag", "location", "link", "retry-after", "content-disposition", "www-authenticate",
    "idempotency-replayed", "x-longleaf-run",
)  # fmt: skip
"""Headers of answers that such a program may read besides the usual ones."""
_SECONDS = 600


class Cors:
    """Answers preflights, whatever headers they ask for; the page's own paths have no CORS.

    Args:
        app: what lies behind.
        origins: the ones that may.
    """

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self.app = app
        self.api = CORSMiddleware(
            app, allow_origins=list(origins), allow_methods=_METHODS, allow_headers=["*"],
            expose_headers=_READABLE, max_age=_SECONDS, allow_private_network=True,
        )  # fmt: skip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        api = scope["type"] == "http" and is_api(scope["path"])
        await (self.api if api else self.app)(scope, receive, send)
