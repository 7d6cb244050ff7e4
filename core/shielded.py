"""Work that goes on to its end though nobody waits for it any more."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

T = TypeVar("T")


async def shielded(work: Awaitable[T]) -> T:
    """What the work comes to; a cancelled caller gets CancelledError at once, and it goes on.

    `asyncio.shield` alone has asyncio complain of an error that it then ends with.
    """
    future = asyncio.ensure_future(work)
    future.add_done_callback(_looked_at)
    return await asyncio.shield(future)


def _looked_at(future: asyncio.Future[Any]) -> None:
    if not future.cancelled():
        future.exception()
