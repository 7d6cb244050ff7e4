"""Knows a time that only sleeping moves, in place of the event loop's."""

from __future__ import annotations

import asyncio

import pytest


class Clock:
    """Seconds that pass at once when somebody sleeps.

    Attributes:
        now: the time.
        slept: what was slept, one entry a sleep.
    """

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        """Let this much time pass, and others run meanwhile."""
        self.slept.append(seconds)
        due = self.now + seconds
        await asyncio.sleep(0)
        self.now = max(self.now, due)

    @classmethod
    def of_loop(cls, monkeypatch: pytest.MonkeyPatch) -> Clock:
        """The running loop's from now on; timers of the loop itself never ring."""
        clock = cls()
        monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: clock.now)
        return clock
