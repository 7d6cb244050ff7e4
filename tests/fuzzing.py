"""Knows how requests made at random are sent to the application, in this process and its thread."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from fastapi import FastAPI
from schemathesis import Case
from schemathesis.core.transport import Response

BASE = "http://127.0.0.1:7860"
READS = 0.1
"""Seconds after which the reader of a stream of events leaves: some have no end."""
HANGS = 60.0
"""Seconds after which an answer is not waited for any longer."""


@dataclass
class Exchange:
    """One request as an ASGI server hands it on, and what is answered."""

    request: requests.PreparedRequest
    started: dict[str, Any] = field(default_factory=dict)
    pieces: list[bytes] = field(default_factory=list)
    cpu: float = 0.0
    """Seconds that this process has computed."""
    failure: str = ""
    """What went wrong in place of an answer."""
    _read: bool = False
    _cut: bool = False
    _gone: asyncio.Event = field(default_factory=asyncio.Event)
    _begins: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, app: FastAPI) -> None:
        """Ask, and read what is answered; of a stream without end, its beginning."""
        begun = time.process_time()
        asking = asyncio.create_task(app(self.scope(), self._receive, self._send))
        begins = asyncio.create_task(self._begins.wait())
        await asyncio.wait({asking, begins}, timeout=HANGS, return_when=asyncio.FIRST_COMPLETED)
        begins.cancel()
        await asyncio.wait({asking}, timeout=READS if self.streams else HANGS)
        self._cut = not asking.done()
        self._gone.set()
        await asyncio.wait({asking}, timeout=HANGS)
        self.cpu = time.process_time() - begun
        self.failure = await _failure(asking)
        if not self.failure and not self.started:
            self.failure = "nothing was answered"

    @property
    def streams(self) -> bool:
        """Whether events come."""
        head: list[tuple[bytes, bytes]] = self.started.get("headers", [])
        return any(n == b"content-type" and v.startswith(b"text/event-stream") for n, v in head)

    @property
    def response(self) -> Response:
        """As schemathesis knows it."""
        headers: dict[str, list[str]] = {}
        for name, value in self.started["headers"]:
            headers.setdefault(name.decode(), []).append(value.decode("latin-1"))
        return Response(
            self.started["status"], headers, b"".join(self.pieces), self.request, self.cpu,
            verify=False, stream_cut_short=self._cut,
        )  # fmt: skip

    def scope(self) -> dict[str, Any]:
        """As uvicorn makes it."""
        url = urlsplit(self.request.url or "")
        headers = [
            (_raw(name).lower(), _raw(value)) for name, value in self.request.headers.items()
        ]
        return {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1", "method": self.request.method, "scheme": "http",
            "path": unquote(url.path), "raw_path": url.path.encode("ascii"),
            "query_string": url.query.encode("ascii"), "root_path": "", "state": {},
            "headers": [(b"host", b"127.0.0.1:7860"), *headers],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 7860),
        }  # fmt: skip

    async def _receive(self) -> dict[str, Any]:
        if not self._read:
            self._read = True
            body = self.request.body or b""
            assert isinstance(body, str | bytes)
            raw = body.encode() if isinstance(body, str) else body
            return {"type": "http.request", "body": raw, "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.started = dict(message)
            self._begins.set()
        else:
            self.pieces.append(message.get("body", b""))


def _raw(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1", "replace")


async def _failure(asking: asyncio.Task[None]) -> str:
    if not asking.done():
        asking.cancel()
        await asyncio.wait({asking})
        return "it hangs"
    error = asking.exception()
    return "".join(traceback.format_exception(error)) if error else ""


def prepared(case: Case[Any]) -> requests.PreparedRequest:
    """A case as it would go over the wire."""
    given = case.as_transport_kwargs(base_url=BASE)
    names = ("method", "url", "headers", "params", "data", "json", "files", "cookies")
    return requests.Request(**{name: given.get(name) for name in names}).prepare()
