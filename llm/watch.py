"""Knows when a call began and when its first content came."""

from __future__ import annotations

from collections.abc import Callable


class Watch:
    """The time of one call.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.first: float | None = None
        """Seconds until the first content, or None while there is none."""
        self._started = clock()

    @property
    def seconds(self) -> float:
        """Since the call began."""
        return self.clock() - self._started

    def content(self) -> None:
        """Note that content came."""
        self.first = self.seconds if self.first is None else self.first
