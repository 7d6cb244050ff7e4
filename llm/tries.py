"""Knows who wants to be told before a request is sent once more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from core.errors import LLMError

Tell = Callable[[LLMError], Awaitable[None]]

_tell: ContextVar[Tell | None] = ContextVar("tell", default=None)


@contextmanager
def counted_by(tell: Tell) -> Iterator[None]:
    """Calls made inside await `tell` with each failure that another try is to follow.

    So that a try is written down, and a cap met, before it is sent. What `tell` raises ends the
    call.
    """
    token = _tell.set(tell)
    try:
        yield
    finally:
        _tell.reset(token)


async def another(failure: LLMError) -> None:
    """Say that a request is about to be sent once more, after this failure."""
    tell = _tell.get()
    if tell is not None and failure.tries:
        await tell(failure)
