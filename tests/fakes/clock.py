"""Knows when calls start and end, in virtual seconds, and lets real time pass for them."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
from collections.abc import AsyncIterator

from tests.fakes.calls import Call
from tests.fakes.options import Options
from tests.fakes.wire import ClientGoneError, Wire


class Clock:
    """Decides when calls start and end, in virtual seconds, and lets real time pass for them."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._free = [0.0] * (options.slots or 0)
        self._gate = asyncio.Semaphore(options.slots) if options.slots else None
        self.now = 0.0
        """The latest virtual end of the calls answered so far, in seconds."""

    @contextlib.asynccontextmanager
    async def slot(self, call: Call, wire: Wire) -> AsyncIterator[float]:
        """Hold a slot; gives the real time at which it was got."""
        loop = asyncio.get_running_loop()
        if self._gate is None:
            yield loop.time()
            return
        async with self._gate:
            if wire.gone:
                raise ClientGoneError
            call.virtual_started = max(call.virtual_started, heapq.heappop(self._free))
            call.virtual_finished = call.virtual_started
            try:
                yield loop.time()
            finally:
                heapq.heappush(self._free, call.virtual_finished)

    async def reach(self, wire: Wire, begun: float, tokens: int) -> None:
        """Wait until a call that began at that real time has made so many tokens."""
        due = begun + self.takes(tokens) / self._options.speedup
        left = due - asyncio.get_running_loop().time()
        if left > 0.001:
            await wire.wait(left)

    def takes(self, tokens: int) -> float:
        """Virtual seconds from getting a slot until so many tokens are made."""
        speed = self._options.tokens_per_second
        return self._options.first_token_seconds + (tokens / speed if speed else 0.0)

    def end(self, call: Call, tokens: int) -> None:
        call.virtual_finished = call.virtual_started + self.takes(tokens)
        self.now = max(self.now, call.virtual_finished)
