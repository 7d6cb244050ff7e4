"""How much a request may bring: more is refused before it is read, also where it does not say."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import refusal
from core.errors import TooLargeError


class BodyLimit:
    """Refuses larger bodies with 413.

    Args:
        app: what lies behind.
        most: bytes.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app = app
        self.most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        said = Headers(scope=scope).get("content-length", "")
        if said.isdigit() and int(said[:20]) > self.most:
            await self._refuse(scope, receive, send)
            return
        body = _Counted(receive, send, self.most)
        try:
            await self.app(scope, body.receive, body.send)
        except Exception:
            if not body.refused:
                raise
        if body.refused and not body.started:
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        error = TooLargeError(
            f"a request has at most {self.most / 1e6:g} MB", "Send less, or raise api.max_body_mb."
        )
        response = refusal(scope["path"], error)
        response.headers["connection"] = "close"  # nobody reads the rest
        await response(scope, receive, send)


class _Counted:
    """One request's body, counted; whatever answer its excess leads to is held back."""

    def __init__(self, receive: Receive, send: Send, most: int) -> None:
        self._receive, self._send, self._left = receive, send, most
        self.refused = self.started = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.refused = True
            raise HTTPException(413)
        return message

    async def send(self, message: Message) -> None:
        if self.refused and not self.started:
            return
        self.started = True
        await self._send(message)
