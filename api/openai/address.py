"""Where clients look for this API: every address they are known to make of a base URL."""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Receive, Scope, Send

_DOOR = r"/chat/completions|/completions|/responses"
_ASKED = re.compile(rf"(?:/v1)*(?:{_DOOR})?(?P<door>{_DOOR}|/models(?:/[^/]{{1,200}})?)/*")
"""With and without `/v1`; with it twice; after a base URL that names the door already; with a
slash at the end."""


class Address:
    """Lets all of these mean the one under `/v1`, before anything else looks at the path."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and (found := _ASKED.fullmatch(scope["path"])):
            path = f"/v1{found['door']}"
            scope = {**scope, "path": path, "raw_path": path.encode()}
        await self.app(scope, receive, send)
