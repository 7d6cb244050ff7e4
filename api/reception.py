"""How long a request may take to arrive: who sends a byte now and then holds no connection."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 15.0
"""For the request's line and headers, from the connection or their first byte on."""
BODY_SECONDS = 120.0
"""For the rest."""
KEEP_ALIVE_SECONDS = 5
"""For the beginning of the next request."""
HEAD_BYTES = 16 * 1024
CONNECTIONS = 800
"""At once; those beyond are told to come later. Fewer than the files a process may open."""


class Reception(H11Protocol):
    """uvicorn's protocol with a deadline for each part of a request."""

    head_seconds = HEAD_SECONDS
    body_seconds = BODY_SECONDS
    _deadline: asyncio.TimerHandle | None = None
    _part: type[h11.IDLE] | type[h11.SEND_BODY] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Go on with what came meanwhile, or wait: uvicorn's own deadline is for that."""
        super().on_response_complete()
        self._watch(again=False)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._stop()
        super().connection_lost(exc)

    def _watch(self, *, again: bool = True) -> None:
        """Give the part that is being waited for its deadline, once."""
        state: Any = self.conn.their_state
        part = state if state in (h11.IDLE, h11.SEND_BODY) else None
        if part is self._part:
            return
        self._stop()
        if part is h11.IDLE and not again:
            return
        if part is not None and not self.transport.is_closing():
            seconds = self.head_seconds if part is h11.IDLE else self.body_seconds
            self._part = part
            self._deadline = self.loop.call_later(seconds, self.transport.close)

    def _stop(self) -> None:
        self._part = None
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
