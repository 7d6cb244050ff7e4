"""Knows how a test asks over HTTP: the whole application is served, a fake stands behind it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import openai
import uvicorn
from fastapi import FastAPI

from api.application import create_api
from services.runs.desk import Desk
from tests import support
from tests.fakes.calls import Call

PROMPT = "Write a report about tidal power on the coasts of Europe, in about {} words."


class Server(uvicorn.Server):
    """One that leaves the signals to the tests."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass
class Door:
    """The application, where it is, and what stands behind it."""

    place: support.Desk
    app: FastAPI
    address: str

    @property
    def desk(self) -> Desk:
        """Where its runs are worked on."""
        desk: Desk = self.app.state.desk
        return desk

    @contextlib.asynccontextmanager
    async def client(self, **options: Any) -> AsyncIterator[openai.AsyncOpenAI]:
        """The official client, which asks once."""
        given = {"base_url": f"{self.address}/v1", "api_key": "any", "max_retries": 0, **options}
        async with openai.AsyncOpenAI(**given) as client:
            yield client

    @contextlib.asynccontextmanager
    async def raw(self) -> AsyncIterator[httpx2.AsyncClient]:
        """A client that knows HTTP only."""
        async with httpx2.AsyncClient(base_url=self.address, timeout=60) as client:
            yield client

    async def runs(self) -> list[str]:
        """Ids of all runs, the newest first."""
        return [report.run_id for report in await self.place.services.runs.newest(100)]


@contextlib.asynccontextmanager
async def door(
    home: Path, settings: Mapping[str, Any] | None = None, **fake: Any
) -> AsyncIterator[Door]:
    """Serve the application on a port of its own; `fake` is what `support.desk` takes."""
    async with support.desk(home, settings=settings, **fake) as place:
        app = create_api(place.services)
        listener = socket.create_server(("127.0.0.1", 0))
        server = Server(
            uvicorn.Config(app, log_config=None, lifespan="off", ws="none", access_log=False)
        )
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            await asyncio.sleep(0)
        try:
            yield Door(place, app, f"http://127.0.0.1:{listener.getsockname()[1]}")
        finally:
            await app.state.batches.close()
            await app.state.desk.close()
            server.should_exit = True
            await serving


def chat(words: int = 300, **more: Any) -> dict[str, Any]:
    """The body of a chat completion; `more` are further fields."""
    message = {"role": "user", "content": PROMPT.format(words)}
    return {
        "model": "longleaf-parallel", "messages": [message], "longleaf": {"rounds": 0}, **more,
    }  # fmt: skip


def events_of(text: str) -> list[Any]:
    """The values of a stream's data lines in order, comments left out."""
    lines = [line[6:] for line in text.split("\n") if line.startswith("data: ")]
    return [line if line == "[DONE]" else json.loads(line) for line in lines]


class Gate:
    """Holds the model's calls from a number on."""

    def __init__(self, number: int = 2) -> None:
        self.number = number
        self.reached, self.open = asyncio.Event(), asyncio.Event()

    async def __call__(self, call: Call) -> None:
        """Wait where the test wants it."""
        if call.n >= self.number:
            self.reached.set()
            await self.open.wait()


@dataclass
class Visitor:
    """A client as the application sees it, which goes away when told to."""

    body: bytes
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    sent: list[Any] = field(default_factory=list)
    _asked: bool = False

    async def ask(self, app: FastAPI, path: str) -> None:
        """Send the request, and read until the answer ends or the client is gone."""
        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1", "method": "POST", "scheme": "http", "path": path,
            "raw_path": path.encode(), "query_string": b"", "root_path": "",
            "headers": [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "state": {},
        }  # fmt: skip
        await app(scope, self._receive, self._send)

    async def _receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": self.body, "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.sent.append(message)
