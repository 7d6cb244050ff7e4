"""When rows are begun, how long an endpoint that is away is waited for, and what is left to do."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

TRIES = 3
"""Times that a row's run may end in vain by its own fault."""
LIMITED_TRIES = 20
"""Times that it may meet a rate limit while others get answers."""
_FIRST, _LONGEST, _PATIENCE = 5.0, 300.0, 3600.0
"""Seconds: the first wait for an endpoint, the longest one, and all together."""


_FRESH = 0.3
"""Seconds that a row takes to come to its first call, about."""


class Fresh:
    """How many rows have just been begun; times in seconds, by one clock."""

    def __init__(self) -> None:
        self._begun: deque[float] = deque()

    def begun(self, now: float) -> None:
        """Count one more."""
        self._begun.append(now)

    def at(self, now: float) -> int:
        """Those whose first call is still to come."""
        while self._begun and self._begun[0] < now - _FRESH:
            self._begun.popleft()
        return len(self._begun)


def places(slots: int) -> int:
    """Rows that may be under way: one a slot, and some for those that are between two calls."""
    return slots + max(1, slots // 4)


def to_begin(slots: int, calls: int, rows: int, fresh: int) -> int:
    """How many rows are to be begun now, so that no slot is empty and no row waits for one.

    Args:
        slots: calls that the endpoints take at once.
        calls: those in flight and those that wait.
        rows: under way.
        fresh: of these, those just begun, whose first call is still to come.
    """
    surplus = max(1, slots // 8)
    return max(0, min(slots + surplus - calls - fresh, places(slots) - rows))


def waits() -> Iterator[float]:
    """Seconds to wait between looks at an endpoint that is away; ends when patience does."""
    waited, next_wait = 0.0, _FIRST
    while waited < _PATIENCE:
        yield next_wait
        waited += next_wait
        next_wait = min(_LONGEST, 2 * next_wait)


def rest(attempts: int) -> float:
    """Seconds that a row waits that has met a rate limit so many times before."""
    return min(_LONGEST, _FIRST * (1 + attempts))


def seconds_left(left: int, settled: int, seconds: float) -> float | None:
    """Until the last row is settled, at the pace so far; None before there is one.

    Since the longest rows are begun first, it is rather too long than too short.

    Args:
        left: rows that are not settled.
        settled: rows settled since `seconds` ago.
        seconds: since the beginning of the work.
    """
    if not left:
        return 0.0
    return left * seconds / settled if settled and seconds > 0 else None
