"""What a run tells those who watch it: stored milestones and passing deltas, in one order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

BACKLOG = 10_000
"""Events a slow reader may fall behind before passing ones are dropped for it."""


@dataclass(frozen=True)
class Event:
    """Something that happened in a run.

    Types: `status`, `outline`, `part`, `section` (begun, or begun anew: what streamed is void),
    `delta` (text as it streams), `restart` (the streamed try is void), `draft` (a section's text
    is committed), `call`, `repair`, `revise` (a section is being mended), `reviewed` (how a review
    ended), `seams`, `embedded` (whether passages are found by meaning), `finished`.
    """

    type: str
    data: dict[str, Any] = field(default_factory=dict)
    seq: int | None = None
    """Number of a stored event within its run; None for one that is only passing."""


class Feed:
    """In-process fan-out of one run's events. Stored events are read from the database."""

    def __init__(self) -> None:
        self._readers: set[asyncio.Queue[Event | None]] = set()
        self._closed = False

    def emit(self, type: str, /, **data: Any) -> None:
        """Tell the present readers; a passing event is not kept."""
        self.publish(Event(type, data))

    def publish(self, event: Event) -> None:
        """Tell the present readers of an event, stored or not; never blocks."""
        for queue in self._readers:
            if queue.qsize() < BACKLOG or event.seq is not None:
                queue.put_nowait(event)

    def close(self) -> None:
        """End every reader's iteration."""
        self._closed = True
        for queue in self._readers:
            queue.put_nowait(None)

    async def read(self) -> AsyncIterator[Event]:
        """Events from now until the feed closes."""
        if self._closed:
            return
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._readers.add(queue)
        try:
            while (event := await queue.get()) is not None:
                yield event
        finally:
            self._readers.discard(queue)
