"""How fast a batch is, by what is seen of it from time to time."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from batch.pace import seconds_left
from services.batches.datasets import Standing

_WINDOW = 30.0
"""Seconds over which the speed is measured."""


@dataclass
class Speed:
    """How fast a batch is, from looks at it; pure but for the times it is given."""

    _began: tuple[float, int] | None = None
    """When it was first looked at, and how many rows were settled then."""
    _tokens: deque[tuple[float, int]] = field(default_factory=deque)

    def take(self, standing: Standing, now: float) -> None:
        """Look once more, at `now` in monotonic seconds."""
        if self._began is None:
            self._began = now, standing.total - standing.left
        self._tokens.append((now, standing.spent.completion_tokens))
        while self._tokens[0][0] < now - _WINDOW:
            self._tokens.popleft()

    @property
    def seen(self) -> bool:
        """Whether it was looked at."""
        return self._began is not None

    @property
    def tokens(self) -> float:
        """Tokens of answers a second, lately."""
        (since, before), (now, there) = self._tokens[0], self._tokens[-1]
        return max(0, there - before) / (now - since) if now > since else 0.0

    def left(self, standing: Standing) -> float | None:
        """Seconds until all rows are settled; None while nothing is known."""
        assert self._began is not None
        since, before = self._began
        settled = standing.total - standing.left - before
        return seconds_left(standing.left, settled, self._tokens[-1][0] - since)
