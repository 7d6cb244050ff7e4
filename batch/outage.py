"""Whether it is the endpoint that does not answer, or one row that it does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from batch.pace import waits
from core.errors import LLMError, RateLimitError, UnavailableError
from llm.roles import Models
from llm.types import Message, ModelRequest

PASSING = (UnavailableError, RateLimitError)
"""What may be over soon: the batch waits for it."""

_FEW_WORDS = 16
"""Tokens of the answer that shows that there is somebody."""

log = structlog.get_logger()


@dataclass
class Outage:
    """Asks an endpoint a few words when a row could not be written, and waits until they come.

    Args:
        models: who writes.
        stop: set when nothing is to be waited for any more.
        wait: waits so many seconds, or until `stop`.
    """

    models: Models
    stop: asyncio.Event
    wait: Callable[[float], Awaitable[None]]
    on: bool = False
    """Whether the endpoint is away at present: nothing is begun meanwhile."""
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _ended: float = -1.0
    """When it last came back, by the loop's clock."""

    async def explains(self, since: float) -> bool:
        """Whether a failure was the endpoint's, which then is back; else it was the row's own.

        Args:
            since: when the work that failed began, by the loop's clock.

        Raises:
            LLMError: it does not come back, or it is not to be waited for.
        """
        async with self._turn:
            # Others have waited for the same one, or nobody is to wait any more.
            if self._ended >= since or self.stop.is_set():
                return True
            if await self._answers() is None:
                return False
            self.on = True
            try:
                await self._until_back()
            finally:
                self.on = False
            self._ended = asyncio.get_running_loop().time()
            return True

    async def _until_back(self) -> None:
        why: LLMError | None = None
        for seconds in waits():
            log.warning("batch_waits", seconds=seconds)
            await self.wait(seconds)
            if self.stop.is_set():
                return
            why = await self._answers()
            if why is None:
                return
        assert why is not None
        raise why

    async def _answers(self) -> LLMError | None:
        """Why nobody is there; None: somebody is, however odd the answer."""
        asked = Message("user", "Say OK.")
        request = ModelRequest(
            self.models.model("writer"), (asked,), max_tokens=_FEW_WORDS, partial_ok=True
        )
        try:
            await self.models.llm("writer").complete(request)
        except PASSING as error:
            return error
        except LLMError as error:
            if error.pauses:
                raise
        return None
