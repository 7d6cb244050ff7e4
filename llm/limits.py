"""Knows when a call may go to an endpoint: how many at once, how fast, and in which order."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import count

from core.errors import LLMError, RateLimitError, TruncatedError
from llm.congestion import Congestion
from llm.faults import OverloadedError
from llm.rates import Rates, Reservation
from llm.types import LLM, Completion, ModelRequest, StopWhen, TextSink

_INTERACTIVE, _BATCH = 0, 1
_priority: ContextVar[tuple[int, int]] = ContextVar("priority", default=(_INTERACTIVE, 0))


@contextmanager
def in_background(rank: int = 0) -> Iterator[None]:
    """Calls made inside, and in tasks started inside, go after all interactive ones.

    Args:
        rank: among calls in the background those of a lower rank go first.
    """
    token = _priority.set((_BATCH, rank))
    try:
        yield
    finally:
        _priority.reset(token)


@dataclass(frozen=True)
class Place:
    """What a call holds while it is under way."""

    reservation: Reservation
    round: int
    """The congestion's when the call began."""
    waited: float
    """Seconds in the queue."""


_Waiting = tuple[tuple[int, int], int, int, "asyncio.Future[Reservation]"]
"""Priority, order of coming, tokens, and what tells the call to go."""


class Limiter:
    """The queue before an endpoint, shared by every run that uses it.

    First come, first served; interactive calls before batch calls. Who waits for a rate or for
    the endpoint to cool holds no place, so that a person's call can still go first. Belongs to
    one event loop.

    Args:
        concurrency: calls at once, at least 1; fewer while the endpoint is overloaded.
        rates: requests and tokens a minute.
        sleep: waits until the next call may go, at most 60 s at once; tests inject one that
            does not. What it was asked to wait counts as passed.
        longest_cooling: seconds that `cool` holds calls back at most.
    """

    def __init__(
        self,
        concurrency: int,
        *,
        rates: Rates | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        longest_cooling: float = 60.0,
    ) -> None:
        self.congestion = Congestion(concurrency)
        self.rates = rates or Rates()
        self._sleep = sleep
        self._longest_cooling = longest_cooling
        self._running = 0
        self._order = count()
        self._waiting: list[_Waiting] = []
        self._open_at = 0.0
        self._slept_until = 0.0
        self._alarm: asyncio.Task[None] | None = None
        self._alarm_at = 0.0

    @property
    def running(self) -> int:
        """Calls in flight."""
        return self._running

    @property
    def waiting(self) -> int:
        """Calls that wait for their turn."""
        return sum(1 for *_, future in self._waiting if not future.done())

    def cool(self, seconds: float) -> None:
        """Start no call for this long."""
        until = self._now() + min(seconds, self._longest_cooling)
        self._open_at = max(self._open_at, until)

    @asynccontextmanager
    async def slot(self, tokens: int = 0) -> AsyncIterator[Place]:
        """Hold one of the places.

        Args:
            tokens: what the call is expected to use, prompt and answer.
        """
        came = asyncio.get_running_loop().time()
        reservation = await self._acquire(tokens)
        try:
            waited = asyncio.get_running_loop().time() - came
            yield Place(reservation, self.congestion.round, waited)
        finally:
            self._leave()

    async def _acquire(self, tokens: int) -> Reservation:
        future: asyncio.Future[Reservation] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (_priority.get(), next(self._order), tokens, future))
        self._wake()
        try:
            return await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                future.result().correct(requests=0, tokens=0)
                self._leave()
            else:
                self._wake()
            raise

    def _leave(self) -> None:
        self._running -= 1
        self._wake()

    def _wake(self) -> None:
        """Let go who may, in order; cancelled ones are passed over."""
        now = self._now()
        while self._waiting and self._running < self.congestion.allowed:
            _, _, tokens, future = self._waiting[0]
            if not future.done():
                moment = max(self._open_at, self.rates.ready(tokens, now))
                if moment > now:
                    self._wake_at(moment)
                    return
                self._running += 1
                future.set_result(self.rates.spend(tokens, now))
            heapq.heappop(self._waiting)

    def _wake_at(self, moment: float) -> None:
        """Have `_wake` called then, or earlier: it looks for itself whether it is time."""
        if self._alarm is not None:
            if self._alarm_at <= moment:
                return
            self._alarm.cancel()
        self._alarm_at = moment
        self._alarm = asyncio.create_task(self._ring(moment))

    async def _ring(self, moment: float) -> None:
        await self._sleep(moment - self._now())
        self._slept_until = moment
        self._alarm = None
        self._wake()

    def _now(self) -> float:
        return max(asyncio.get_running_loop().time(), self._slept_until)


class Limited:
    """An LLM whose calls wait for their turn, and teach the limiter how they ended.

    Stands inside the retry loop, so that a call that waits for its next try holds no place.

    Args:
        inner: what to call.
        limiter: the endpoint's.
        weigh: estimates the tokens of a request, prompt and answer; asked where they are limited.
    """

    def __init__(
        self,
        inner: LLM,
        limiter: Limiter,
        weigh: Callable[[ModelRequest], Awaitable[int]] | None = None,
    ) -> None:
        self._inner = inner
        self._limiter = limiter
        self._weigh = weigh

    async def complete(
        self,
        request: ModelRequest,
        *,
        on_text: TextSink | None = None,
        stop_when: StopWhen | None = None,
    ) -> Completion:
        """Wait for a place, then send; a 429 that names a time holds the others back too."""
        limiter = self._limiter
        counts = self._weigh is not None and limiter.rates.counts_tokens
        tokens = await self._weigh(request) if self._weigh is not None and counts else 0
        async with limiter.slot(tokens) as place:
            try:
                done = await self._inner.complete(request, on_text=on_text, stop_when=stop_when)
            except LLMError as error:
                error.waited = place.waited
                self._learn(error.__cause__ if isinstance(error, TruncatedError) else error, place)
                raise
            if done.broke is None:
                limiter.congestion.eased()
            else:
                self._learn(done.broke, place)
            used = done.usage.prompt_tokens + done.usage.completion_tokens
            place.reservation.correct(tokens=used or tokens)
            return done

    def _learn(self, error: BaseException | None, place: Place) -> None:
        """From what went wrong, be it in the middle of an answer.

        A failure keeps its reservation: what it has used is not known.
        """
        if isinstance(error, RateLimitError | OverloadedError):
            self._limiter.congestion.overloaded(place.round)
        if isinstance(error, RateLimitError) and error.after is not None:
            self._limiter.cool(error.after)
