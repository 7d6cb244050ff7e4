"""Knows how to read an HTTP request, and which bodies are chat requests."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from tests.fakes.wire import Wire

MAX_HEAD = 1 << 20
"""Most bytes of a request's head."""


@dataclass(frozen=True)
class Request:
    """One HTTP request; the names of its headers are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def bears(self, key: str | None) -> bool:
        """Whether it shows this key; every request does if there is none."""
        return key is None or self.headers.get("authorization") == f"Bearer {key}"


async def receive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Request | None:
    """Read one request; None when the client has closed."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
    if "transfer-encoding" in headers:
        await Wire(reader, writer).error(411, "Send a Content-Length.", None, "invalid_request")
        return None
    if headers.get("expect", "").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, path, headers, body)


def parsed(body: bytes) -> dict[str, Any] | None:
    """The JSON of a chat request, or None if it is none."""
    try:
        value = json.loads(body)
    except ValueError:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("response_format") or {}, dict):
        return None
    messages = value.get("messages")
    return value if isinstance(messages, list) and messages and all(map(_good, messages)) else None


def _good(message: object) -> bool:
    return isinstance(message, dict) and isinstance(message.get("content") or "", str | list)
