"""Work that a command shows as it goes on, and that signals stop as the command wishes."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@asynccontextmanager
async def watched(
    watch: Coroutine[Any, Any, None], stop: Callable[..., None], *args: Any
) -> AsyncIterator[None]:
    """Show the work that is done in the block, and let the first signals be its own.

    Args:
        watch: shows it for as long as it is let.
        stop: is called at each SIGINT and SIGTERM.
        *args: with these.
    """
    watching, loop = asyncio.create_task(watch), asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, stop, *args)
    try:
        yield
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
