"""Knows what is worth trying again, when, and how often: the one retry loop."""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from core.errors import (
    ContextOverflowError,
    DegenerateError,
    EmptyAnswerError,
    LLMError,
    UnsupportedError,
)
from llm.faults import LoadingError, OutOfRoomError, UnreachableError
from llm.sink import restart
from llm.tries import another
from llm.types import LLM, Completion, ModelRequest, StopWhen, TextSink

Sleep = Callable[[float], Awaitable[None]]

_WARMER = 0.1
_HOTTEST = 1.5
_DEFAULT_TEMPERATURE = 0.7


@dataclass(frozen=True)
class RetryPolicy:
    """How patient the loop is. Times in seconds."""

    tries: int = 4
    base: float = 0.5
    cap: float = 8.0
    longest_wait: float = 60.0
    """A longer `Retry-After` is not waited for: the run pauses instead."""
    total: float = 600.0
    """From the first try until the last may begin, without what it stood in our own queue."""
    loading: float = 300.0
    loading_poll: float = 2.0
    unreachable_tries: int = 3
    unreachable_cap: float = 1.0
    empty_tries: int = 2
    resamples: int = 2
    """Further samples after an answer that loops."""
    room: int = 4
    """Factor on `max_tokens` after an answer that had no room, once."""

    @property
    def hurried(self) -> RetryPolicy:
        """For a call that another endpoint could take: waits for no loading, and not long."""
        return replace(
            self,
            longest_wait=min(5.0, self.longest_wait),
            total=min(120.0, self.total),
            loading=0.0,
        )

    def ceiling(self, fault: int) -> float:
        """The longest pause after the `fault`-th failure (from 1): base 2^(n-1), capped."""
        return float(min(self.cap, self.base * 2 ** (fault - 1)))


class Retrying:
    """An LLM that tries again where that may help.

    Full jitter: each pause is uniform between 0 and the ceiling (Brooker, 2015). Nothing is sent
    again that cannot succeed, and nothing at once that the endpoint asked us to wait for.

    Args:
        inner: what to call; must not retry by itself.
        policy: how patiently.
        room: the most tokens that an answer to a request may have.
        sleep: waits; tests inject one that does not.
        chance: draws from [0, 1).
        clock: monotonic seconds.
    """

    def __init__(
        self,
        inner: LLM,
        policy: RetryPolicy | None = None,
        *,
        room: Callable[[ModelRequest], float] = lambda _: math.inf,
        sleep: Sleep = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._inner = inner
        self._policy = policy or RetryPolicy()
        self._room = room
        self._sleep = sleep
        self._chance = chance
        self._clock = clock

    async def complete(
        self,
        request: ModelRequest,
        *,
        on_text: TextSink | None = None,
        stop_when: StopWhen | None = None,
    ) -> Completion:
        """Send until an answer comes or there is no sense in going on.

        `Completion.tries` counts every request that was sent.

        Raises:
            LLMError: the last one; its `tries` likewise. Where a larger limit was refused, the one
                that called for it.
        """
        clock = self._clock or asyncio.get_running_loop().time
        course = _Course(self._policy, request, clock(), self._chance, self._room)
        while True:
            try:
                answer = await self._inner.complete(
                    course.request, on_text=on_text, stop_when=stop_when
                )
            except LLMError as error:
                pause = course.after(error, clock())
                if pause is None:
                    raise course.outcome(error) from error.__cause__
                await another(error)
            else:
                return replace(answer, tries=course.failures + answer.tries)
            if pause > 0:
                await self._sleep(pause)
            restart(on_text)


class _Course:
    """One call's tries so far, and the decision after each failure."""

    def __init__(
        self,
        policy: RetryPolicy,
        request: ModelRequest,
        started: float,
        chance: Callable[[], float],
        room: Callable[[ModelRequest], float],
    ) -> None:
        self.request = request
        """What to send next."""
        self.failures = 0
        self._policy = policy
        self._started = started
        self._chance = chance
        self._room = room
        self._faults = 0
        self._counts: dict[type[LLMError], int] = {}
        self._cramped: OutOfRoomError | None = None

    def after(self, error: LLMError, now: float) -> float | None:
        """Seconds to wait before the next try, or None to give up."""
        self.failures += 1
        self._started += error.waited
        if not error.retry:
            return None
        pause = self._pause(error, now - self._started)
        if pause is None or now + pause - self._started > self._policy.total:
            return None
        return pause

    def outcome(self, error: LLMError) -> LLMError:
        """What to raise in the end, with all tries; a refused larger limit was only ours."""
        tries = error.tries + self.failures - 1
        if self._cramped and isinstance(error, ContextOverflowError | UnsupportedError):
            error = self._cramped
        error.tries = tries
        return error

    def _pause(self, error: LLMError, elapsed: float) -> float | None:
        """By kind of failure; each kind has its own bound."""
        policy = self._policy
        if isinstance(error, LoadingError):
            return policy.loading_poll if elapsed < policy.loading else None
        if isinstance(error, OutOfRoomError) and self.request.max_tokens is not None:
            return self._more_room(error, self.request.max_tokens)
        if isinstance(error, DegenerateError):
            return self._resample()
        if isinstance(error, UnreachableError):
            again = self._again(error, UnreachableError, policy.unreachable_tries)
            return None if again is None else min(again, policy.unreachable_cap)
        if isinstance(error, EmptyAnswerError):
            return self._again(error, EmptyAnswerError, policy.empty_tries)
        return self._again(error, LLMError, policy.tries)

    def _again(self, error: LLMError, kind: type[LLMError], tries: int) -> float | None:
        """A pause with jitter, or as long as the endpoint says, while tries are left."""
        policy = self._policy
        self._faults += 1
        self._counts[kind] = self._counts.get(kind, 0) + 1
        if self._counts[kind] >= tries or self._faults >= policy.tries:
            return None
        jitter = self._chance() * policy.ceiling(self._faults)
        if error.after is None:
            return jitter
        return None if error.after > policy.longest_wait else max(error.after, jitter)

    def _more_room(self, error: OutOfRoomError, limit: int) -> float | None:
        """Once more with a larger limit: the model thought and had no room left to answer."""
        larger = int(min(limit * self._policy.room, self._room(self.request)))
        if self._cramped or larger <= limit:
            return None
        self._cramped = error
        self.request = replace(self.request, max_tokens=larger)
        return 0.0

    def _resample(self) -> float | None:
        """Another sample, a little warmer: the same one would loop again."""
        done = self._counts.get(DegenerateError, 0)
        if done >= self._policy.resamples:
            return None
        self._counts[DegenerateError] = done + 1
        self.request = warmer(self.request)
        return 0.0


def warmer(request: ModelRequest) -> ModelRequest:
    """The request with the next seed and 0.1 more temperature, at most 1.5."""
    heat = _DEFAULT_TEMPERATURE if request.temperature is None else request.temperature
    return replace(
        request,
        seed=None if request.seed is None else request.seed + 1,
        temperature=max(heat, min(_HOTTEST, round(heat + _WARMER, 3))),
    )
