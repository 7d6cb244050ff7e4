"""Knows how to serve given bytes on 127.0.0.1: for answers that no sound server would send."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Asked:
    """One request."""

    path: str
    headers: dict[str, str]
    """By name in lower case."""
    body: dict[str, Any]
    """Empty for a GET."""


@asynccontextmanager
async def serving(respond: Callable[[Asked], bytes]) -> AsyncIterator[str]:
    """A server that answers with what `respond` gives, head and all; its address."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(respond(await received(reader)))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield address_of(server)


def address_of(server: asyncio.Server) -> str:
    """The base address of a server on this machine."""
    return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"


async def received(reader: asyncio.StreamReader) -> Asked:
    """The request that comes."""
    head, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Asked(head.split()[1], headers, json.loads(body or b"{}"))


def reply(status: int, body: object, kind: str = "application/json") -> bytes:
    """An answer with this body: bytes as they are, anything else as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\n\r\n"
    return head.encode() + data


def whole(text: str, finish: str = "stop", **more: object) -> bytes:
    """A whole completion."""
    message = {"role": "assistant", "content": text}
    return reply(200, {"choices": [{"message": message, "finish_reason": finish}], **more})


def chunk(text: str = "", finish: str | None = None, **choice: object) -> dict[str, Any]:
    """One chunk of a streamed completion; `choice` adds to its choice."""
    delta = {"content": text} if text else {}
    return {"choices": [{"delta": delta, "finish_reason": finish, **choice}]}


def events(*payloads: object) -> bytes:
    """Server-sent events: bytes as they are, anything else as the JSON of one event."""
    return b"".join(
        payload if isinstance(payload, bytes) else f"data: {json.dumps(payload)}\n\n".encode()
        for payload in payloads
    )


def stream(*payloads: object) -> bytes:
    """A streamed answer of these events, without an end mark."""
    return reply(200, events(*payloads), "text/event-stream")
