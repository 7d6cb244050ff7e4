"""How often somebody may come in a minute: one allowance each, for as many as are kept apart."""

from __future__ import annotations

import math
import time
from collections import OrderedDict

from core.errors import TooManyRequestsError
from llm.rates import Allowance, Spent

MOST = 10_000
"""How many are kept apart; beyond it whoever came least recently begins anew."""


class Rations:
    """At most `limit` in any 60 seconds for each name.

    Args:
        limit: from 1; None: as many as come.
    """

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._allowances: OrderedDict[str, Allowance] = OrderedDict()

    def take(self, name: str) -> Spent:
        """Take one; raises TooManyRequestsError with the seconds until the next may come."""
        now = time.monotonic()
        if self._limit is None:
            return Spent(now, 1)
        allowance = self._allowances.setdefault(name, Allowance(self._limit))
        self._allowances.move_to_end(name)
        while len(self._allowances) > MOST:
            self._allowances.popitem(last=False)
        wait = allowance.ready(1, now) - now
        if wait > 0:
            raise self._refusal(math.ceil(wait))
        return allowance.spend(1, now)

    def _refusal(self, seconds: int) -> TooManyRequestsError:
        error = TooManyRequestsError(
            f"more than {self._limit:,} a minute came from you", f"Try again in {seconds} seconds."
        )
        error.after = seconds
        return error

    def give_back(self, name: str, taken: Spent) -> None:
        """Let one not count after all."""
        if name in self._allowances:
            self._allowances[name].correct(taken, 0)
