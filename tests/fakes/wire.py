"""Knows how to write an HTTP response by hand, byte by byte if need be."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import Any

POLL_SECONDS = 0.005

_REASONS = {
    200: "OK", 204: "No Content", 307: "Temporary Redirect", 400: "Bad Request",
    401: "Unauthorized", 404: "Not Found", 411: "Length Required", 429: "Too Many Requests",
    451: "Unavailable For Legal Reasons",
    500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable",
}  # fmt: skip

Headers = dict[str, str]


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


class ClientGoneError(ConnectionError):
    """The client closed its connection before the answer was complete."""


class Wire:
    """Writes one HTTP response, byte by byte if need be."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.stream = False
        self.head_only = False
        self.keep = True
        """Whether the connection can serve another request."""
        self.status = 0
        self.answer_id = ""
        self.model = ""
        self.on_sent: Callable[[bytes], Awaitable[None]] | None = None
        """Awaited after every piece of the answer."""

    @property
    def gone(self) -> bool:
        """Whether the client has closed its side."""
        broken = self._reader.exception() is not None
        return broken or self._reader.at_eof() or self._writer.is_closing()

    async def wait(self, seconds: float) -> None:
        """Let real time pass.

        Raises:
            ClientGoneError: as soon as the client has gone.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while (left := end - loop.time()) > 0:
            if self.gone:
                raise ClientGoneError
            await asyncio.sleep(min(left, 0.05))

    async def raw(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()
        if self.on_sent:
            await self.on_sent(data)

    async def head(self, status: int, headers: Headers) -> None:
        self.status = status
        lines = [
            f"HTTP/1.1 {status} {_REASONS[status]}",
            *(f"{k}: {v}" for k, v in headers.items()),
        ]
        await self.raw("\r\n".join([*lines, "", ""]).encode("latin-1"))

    async def reply(
        self,
        status: int,
        body: object,
        headers: Headers | None = None,
        content_type: str = "application/json",
    ) -> None:
        """Send a whole response; a body that is not bytes is sent as JSON."""
        data = body if isinstance(body, bytes) else _json(body)
        length = {"Content-Type": content_type, "Content-Length": str(len(data))}
        await self.head(status, length | (headers or {}))
        if not self.head_only:
            await self.raw(data)

    async def error(
        self, status: int, message: str, code: str | int | None, kind: str, **more: object
    ) -> None:
        """Send an OpenAI-style error; `headers` in `more` are sent as headers."""
        headers: Any = more.pop("headers", None)
        error = {"message": message, "type": kind, "param": None, "code": code} | more
        await self.reply(status, {"error": error}, headers)

    async def open(self, content_type: str = "text/event-stream; charset=utf-8") -> None:
        """Begin a chunked response."""
        await self.head(200, {"Content-Type": content_type, "Transfer-Encoding": "chunked"})

    async def chunk(self, data: bytes) -> None:
        await self.raw(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    async def event(self, value: object) -> None:
        """Send one `data:` line; a string is sent as it is."""
        text = value.encode() if isinstance(value, str) else _json(value)
        await self.chunk(b"data: " + text + b"\n\n")

    async def delta(self, delta: dict[str, Any], finish: str | None = None) -> None:
        await self.event(self.chunk_json(delta, finish))

    async def end(self, done: bool = True) -> None:
        """End a chunked response, with [DONE] or without."""
        if done:
            await self.event("[DONE]")
        await self.raw(b"0\r\n\r\n")

    def chunk_json(self, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return self._envelope("chat.completion.chunk", [choice])

    def whole_json(self, message: dict[str, Any], finish: str | None) -> dict[str, Any]:
        """Build a whole answer's JSON, without usage."""
        message = {"role": "assistant"} | message
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": finish}
        return self._envelope("chat.completion", [choice])

    def _envelope(self, kind: str, choices: list[Any]) -> dict[str, Any]:
        return {
            "id": self.answer_id,
            "object": kind,
            "created": 1_700_000_000,  # constant: the same request has the same bytes
            "model": self.model,
            "choices": choices,
        }

    def cut(self) -> None:
        """Let the connection end after what has been written."""
        self.keep = False

    def reset(self) -> None:
        """Break the connection with a TCP reset."""
        self.keep = False
        raw = self._writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    async def forever(self) -> None:
        """Say nothing until the client goes."""
        while True:
            await self.wait(3600)
