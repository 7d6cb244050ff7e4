"""Knows how a test follows a run's events: a reader that loses its connection and comes back."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2

Told = tuple[int | None, str, Any]
"""Number, type and data of an event."""


async def told(response: httpx2.Response) -> AsyncIterator[Told]:
    """The events of a stream as they come."""
    fields: dict[str, str] = {}
    async for line in response.aiter_lines():
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        elif "data" in fields:
            number = int(fields["id"]) if "id" in fields else None
            yield number, fields.get("event", ""), json.loads(fields["data"])
            fields = {}
        else:
            fields = {}


@dataclass
class Reader:
    """Follows one run to its end, over every loss of its connection.

    Args:
        address: of the server.
        run_id: whom to follow.
        seed: decides after how many events it goes away by itself.
        wait: called before it comes back, so that a test can bring the server back first.
    """

    address: str
    run_id: str
    seed: int = 0
    wait: Callable[[], Awaitable[None]] | None = None
    events: list[Told] = field(default_factory=list)
    end: Any = None
    lost: int = 0
    """How often it lost the connection or went away."""
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the first event has come."""

    async def follow(self) -> None:
        """Read until the run is at rest."""
        chance = random.Random(self.seed)
        while self.end is None:
            patience = chance.randint(1, 12) if self.seed else 10**9
            with contextlib.suppress(httpx2.TransportError):  # its loss is what is tested
                await self._read(patience)
            if self.end is None:
                self.lost += 1
                if self.wait is not None:
                    await self.wait()

    async def _read(self, patience: int) -> None:
        last = self.events[-1][0] if self.events else None
        headers = {} if last is None else {"last-event-id": str(last)}
        path = f"{self.address}/api/v1/runs/{self.run_id}/events"
        async with (
            httpx2.AsyncClient(timeout=60) as http,
            http.stream("GET", path, headers=headers) as response,
        ):
            assert response.status_code == 200, response.status_code
            async for event in told(response):
                if event[1] == "end":
                    self.end = event[2]
                    return
                self.events.append(event)
                self.begun.set()
                patience -= 1
                if not patience:
                    return


@dataclass
class Watcher:
    """A page that watches one run: it puts together what the stream tells.

    Args:
        address: of the server.
        run_id: whom to watch.
        texts: whether it asks for texts.
    """

    address: str
    run_id: str
    texts: bool = True
    view: dict[str, Any] = field(default_factory=dict)
    sections: dict[str, dict[str, Any]] = field(default_factory=dict)
    end: Any = None
    kinds: list[str] = field(default_factory=list)
    """Types of the events that came."""
    bytes: int = 0
    """That came, over all connections."""
    states: list[tuple[str, str]] = field(default_factory=list)
    """Key and state, whenever one was told."""
    stop_at: Callable[[Watcher], bool] = lambda _: False
    """Whether to go away, asked after each event."""

    @property
    def texts_by_key(self) -> dict[str, str]:
        """What it shows."""
        return {key: section["text"] for key, section in self.sections.items() if section["text"]}

    async def follow(self) -> None:
        """Read until the stream ends, or until there is enough."""
        path = f"{self.address}/api/v1/runs/{self.run_id}/live?texts={str(self.texts).lower()}"
        async with httpx2.AsyncClient(timeout=120) as http, http.stream("GET", path) as response:
            assert response.status_code == 200, response.status_code
            async for _, kind, data in told(response):
                self.kinds.append(kind)
                self.take(kind, data)
                if self.stop_at(self):
                    break
            self.bytes += response.num_bytes_downloaded

    def take(self, kind: str, data: dict[str, Any]) -> None:
        """Apply one event."""
        if kind == "view":
            self.view = data
            self.sections = {each["key"]: {"text": "", **each} for each in data.pop("sections")}
        elif kind == "state":
            for change in data.pop("sections", []):
                self.sections.setdefault(change["key"], {"text": ""}).update(change)
            order = data.pop("order", list(self.sections))
            self.sections = {key: self.sections[key] for key in order}
            self.view.update(data)
        elif kind == "text":
            section = self.sections[data["key"]]
            at, cut, text = data["at"], data.get("cut"), section["text"]
            rest = "" if cut is None else text[at + cut :]
            section["text"] = text[:at] + data["text"] + rest
            section["words"] = data.get("words", section["words"])
        elif kind == "end":
            self.end = data
        self.states += [(key, each["state"]) for key, each in self.sections.items()]
