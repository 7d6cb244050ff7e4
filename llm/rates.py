"""Knows how much an endpoint may get in a minute: requests, and tokens."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

MINUTE = 60.0


@dataclass
class Spent:
    """One entry of an allowance's log."""

    at: float
    amount: int
    kept: bool = True
    """Whether it still counts."""


class Allowance:
    """At most `limit` in any 60 seconds.

    Kept as a log of the last minute: a token bucket of the same rate lets twice as much through
    in its first one. An amount above the limit waits for an empty minute and fills it.

    Args:
        limit: what may be spent in 60 seconds, at least 1; may be infinite.
    """

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self._log: deque[Spent] = deque()
        self._sum = 0

    def ready(self, amount: int, now: float) -> float:
        """The first moment from `now` (seconds on any steady clock) at which so much may go."""
        self._forget(now)
        excess = self._sum + min(amount, self.limit) - self.limit
        moment = now
        for entry in self._log:
            if excess <= 0:
                break
            excess -= entry.amount
            moment = entry.at + MINUTE
        return moment

    def spend(self, amount: int, now: float) -> Spent:
        """Write down what goes now; `ready` is the caller's to ask first."""
        entry = Spent(now, amount)
        self._log.append(entry)
        self._sum += amount
        return entry

    def correct(self, entry: Spent, amount: int) -> None:
        """Replace an estimate by what it came to."""
        if entry.kept:
            self._sum += amount - entry.amount
            entry.amount = amount

    def _forget(self, now: float) -> None:
        while self._log and self._log[0].at + MINUTE <= now:
            entry = self._log.popleft()
            entry.kept = False
            self._sum -= entry.amount


class Reservation:
    """What one call has taken from the allowances of its endpoint."""

    def __init__(self, entries: Sequence[tuple[Allowance, Spent]]) -> None:
        self._entries = entries

    def correct(self, *, requests: int = 1, tokens: int) -> None:
        """Replace the estimate by what was used, at least 0 each."""
        for (allowance, entry), amount in zip(self._entries, (requests, tokens), strict=True):
            allowance.correct(entry, max(0, amount))


class Rates:
    """Requests and tokens a minute, together.

    Args:
        requests: in any 60 seconds; None: as many as come.
        tokens: of prompts and answers together, likewise.
    """

    def __init__(self, requests: int | None = None, tokens: int | None = None) -> None:
        self.counts_tokens = tokens is not None
        """Whether estimates are asked for at all."""
        self._allowances = (Allowance(requests or math.inf), Allowance(tokens or math.inf))

    def ready(self, tokens: int, now: float) -> float:
        """The first moment from `now` at which a request of so many tokens may go."""
        amounts = zip(self._allowances, (1, tokens), strict=True)
        return max(allowance.ready(amount, now) for allowance, amount in amounts)

    def spend(self, tokens: int, now: float) -> Reservation:
        """Take what a request needs, corrected once its usage is known."""
        amounts = zip(self._allowances, (1, tokens), strict=True)
        return Reservation([(one, one.spend(amount, now)) for one, amount in amounts])
