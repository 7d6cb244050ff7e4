"""Server-sent events as OpenAI's clients read them: one JSON value on one line of plain ASCII."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from typing import Any, TypeVar

T = TypeVar("T")

DONE = "data: [DONE]\n\n"
MOST = 2_000
"""Characters of text in one event: some clients refuse lines of 64 KiB."""


def event(value: dict[str, Any], name: str = "") -> str:
    """One event.

    ASCII only: some clients take U+2028 and U+0085 for the end of a line.
    """
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(value, allow_nan=False)}\n\n"


def comment(text: str) -> str:
    """A line that clients pass over, and that keeps the connection open."""
    return f": {text}\n\n"


def slices(text: str) -> Iterator[str]:
    """The text in order, in pieces of at most `MOST` characters."""
    return (text[at : at + MOST] for at in range(0, len(text), MOST))


async def pulsed(source: AsyncIterator[T], seconds: float) -> AsyncGenerator[T | None, None]:
    """What comes from the source, and None whenever nothing has come for so many seconds."""
    coming: asyncio.Task[list[T]] | None = None
    try:
        while True:
            coming = coming or asyncio.create_task(_next(source))
            if not (await asyncio.wait({coming}, timeout=seconds))[0]:
                yield None
                continue
            came, coming = coming.result(), None
            if not came:
                return
            yield came[0]
    finally:
        if coming is not None:
            coming.cancel()
            await asyncio.wait({coming})


async def _next(source: AsyncIterator[T]) -> list[T]:
    """The next one; nothing at the end."""
    try:
        return [await anext(source)]
    except StopAsyncIteration:
        return []
