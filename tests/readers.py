"""Knows how a test follows a run's events: a reader that loses its connection and comes back."""

from __future__ import annotations

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
                patience -= 1
                if not patience:
                    return
