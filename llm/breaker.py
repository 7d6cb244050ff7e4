"""Knows whether an endpoint is out of order, and when it is worth another look."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from core.errors import LLMError, QuotaError, RateLimitError, UnavailableError
from llm.types import LLM, Completion, ModelRequest, StopWhen, TextSink

OUTAGES = (UnavailableError, RateLimitError, QuotaError)
"""The endpoint is of no use to any call: 429, 5xx, timeouts, nobody there. Refusals of a key or
a model concern only who asked, so they do not count."""

_DOUBLINGS = 10


class RestingError(UnavailableError):
    """Nothing was sent: the endpoint came to rest while the call stood in the queue."""

    tries = 0
    retry = False

    @property
    def kind(self) -> str:
        """The parent's name: callers outside this package need no finer one."""
        return "unavailable"


class Breaker:
    """Lets an endpoint rest after an outage; a chain passes over one that rests.

    A rest takes 5 s at first, twice as long after each look that found it still out, at most
    120 s; or as long as the endpoint asked for, within that. Then one call goes as a probe while
    the others still pass it over. Any answer ends the outage, a bad one too.

    Args:
        base: seconds of the first rest.
        cap: seconds of the longest.
        clock: monotonic seconds; the running loop's by default.
    """

    def __init__(
        self, *, base: float = 5.0, cap: float = 120.0, clock: Callable[[], float] | None = None
    ) -> None:
        self._base = base
        self._cap = cap
        self._clock = clock
        self._outages = 0
        self._until = 0.0
        self._probing = False

    @property
    def admits(self) -> bool:
        """Whether a call that has a choice should come: in order, or due for a probe."""
        return not self._outages or self._due

    @property
    def rests_for(self) -> float:
        """Seconds until the next probe is due, or 0."""
        return max(0.0, self._until - self._now()) if self._outages else 0.0

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Learn from one call, made inside; after a rest the first one is the probe."""
        probe = self._due
        self._probing = self._probing or probe
        try:
            yield
        except LLMError as error:
            if not isinstance(error, OUTAGES):
                self._outages = 0
            elif probe or not self._outages:
                self._rest(error.after or 0.0)
            raise
        else:
            self._outages = 0
        finally:
            if probe:
                self._probing = False

    @property
    def _due(self) -> bool:
        return bool(self._outages) and not self._probing and self._now() >= self._until

    def _rest(self, asked: float) -> None:
        rest = max(self._base * 2 ** min(self._outages, _DOUBLINGS), asked)
        self._outages += 1
        self._until = self._now() + min(self._cap, rest)

    def _now(self) -> float:
        return self._clock() if self._clock else asyncio.get_running_loop().time()


class Guarded:
    """An LLM that sends nothing while its endpoint rests; for calls that can go elsewhere.

    Args:
        inner: what to call.
        breaker: the endpoint's.
        name: the endpoint's, for the message.
    """

    def __init__(self, inner: LLM, breaker: Breaker, name: str) -> None:
        self._inner = inner
        self._breaker = breaker
        self._name = name

    async def complete(
        self,
        request: ModelRequest,
        *,
        on_text: TextSink | None = None,
        stop_when: StopWhen | None = None,
    ) -> Completion:
        """Send, unless an outage was noticed since the call was queued; raises LLMError."""
        if self._breaker.rests_for > 0:
            raise RestingError(f"{self._name} is out of order at present", "try again later")
        return await self._inner.complete(request, on_text=on_text, stop_when=stop_when)
