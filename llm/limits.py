"""Knows how many calls an endpoint gets at once, and in which order they go."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from itertools import count

from core.errors import RateLimitError
from llm.types import LLM, Completion, ModelRequest, StopWhen, TextSink

_INTERACTIVE, _BATCH = 0, 1
_LONGEST_COOLING = 60.0
_priority: ContextVar[int] = ContextVar("priority", default=_INTERACTIVE)


@contextmanager
def in_background() -> Iterator[None]:
    """Calls made inside, and in tasks started inside, go after all interactive ones."""
    token = _priority.set(_BATCH)
    try:
        yield
    finally:
        _priority.reset(token)


class Limiter:
    """A bound on calls in flight, shared by every run that uses the endpoint.

    First come, first served; interactive calls before batch calls. After `cool`, no new call
    starts until the time is over. Belongs to one event loop.

    Args:
        concurrency: calls at once, at least 1.
        sleep: waits while the endpoint cools; tests inject one that does not.
    """

    def __init__(
        self, concurrency: int, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self.concurrency = concurrency
        self._sleep = sleep
        self._running = 0
        self._order = count()
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._open_at = 0.0

    @property
    def running(self) -> int:
        """Calls in flight."""
        return self._running

    @property
    def waiting(self) -> int:
        """Calls that wait for a place."""
        return sum(1 for _, _, future in self._waiting if not future.done())

    def cool(self, seconds: float) -> None:
        """Start no call for this long, at most 60 seconds from now."""
        until = asyncio.get_running_loop().time() + min(seconds, _LONGEST_COOLING)
        self._open_at = max(self._open_at, until)

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Hold one of the places."""
        await self._acquire()
        try:
            await self._cooled()
            yield
        finally:
            self._running -= 1
            self._wake()

    async def _acquire(self) -> None:
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (_priority.get(), next(self._order), future))
        self._wake()
        try:
            await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self._running -= 1
                self._wake()
            raise

    def _wake(self) -> None:
        """Give free places to those who wait, in order; cancelled ones are passed over."""
        while self._waiting and self._running < self.concurrency:
            _, _, future = heapq.heappop(self._waiting)
            if not future.done():
                self._running += 1
                future.set_result(None)

    async def _cooled(self) -> None:
        remaining = self._open_at - asyncio.get_running_loop().time()
        if remaining > 0:
            await self._sleep(remaining)


class Limited:
    """An LLM whose calls take a place of the limiter.

    Stands inside the retry loop, so that a call that waits for its next try holds no place.
    """

    def __init__(self, inner: LLM, limiter: Limiter) -> None:
        self._inner = inner
        self._limiter = limiter

    async def complete(
        self,
        request: ModelRequest,
        *,
        on_text: TextSink | None = None,
        stop_when: StopWhen | None = None,
    ) -> Completion:
        """Wait for a place, then send; a 429 that names a time holds the others back too."""
        async with self._limiter.slot():
            try:
                return await self._inner.complete(request, on_text=on_text, stop_when=stop_when)
            except RateLimitError as error:
                if error.after is not None:
                    self._limiter.cool(error.after)
                raise
