"""How fast a run is being written: what streams, counted as it comes."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

WINDOW = 15.0
"""Seconds that a present speed is measured over."""


@dataclass
class Meter:
    """The clock of this process's work on a run, and what streamed when."""

    tokens: Callable[[str], int] = len
    """Counts the tokens of a text."""
    clock: Callable[[], float] = time.monotonic
    started: float = -1.0
    writing_since: float | None = None
    """When the first text came."""
    most_open: int = 1
    """Sections that were written at the same time, at most so far."""
    _base: tuple[float, int] | None = None
    """When the words were first counted, and how many there were."""
    _came: deque[tuple[float, int]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.started = self.clock()

    @property
    def seconds(self) -> float:
        """Since this process began to work on the run."""
        return self.clock() - self.started

    def gained(self, words: int) -> tuple[int, float]:
        """Counted units written, and the seconds it took, since text came and was first counted.

        Args:
            words: counted units that the document has now.
        """
        if self._base is None and self.writing_since is not None:
            self._base = self.clock(), words
        if self._base is None:
            return 0, 0.0
        since, before = self._base
        return words - before, self.clock() - since

    def take(self, text: str, open_sections: int) -> None:
        """Count a piece that has streamed, while so many sections were being written."""
        now = self.clock()
        if self.writing_since is None:
            self.writing_since = now
        self.most_open = max(self.most_open, open_sections)
        self._came.append((now, self.tokens(text)))
        self._forget(now)

    @property
    def tokens_per_second(self) -> float | None:
        """Over the last seconds; None where no text has come in them."""
        now = self.clock()
        self._forget(now)
        if not self._came or self.writing_since is None:
            return None
        seconds = min(max(1.0, now - self.writing_since), WINDOW)
        return sum(tokens for _, tokens in self._came) / seconds

    def _forget(self, now: float) -> None:
        while self._came and self._came[0][0] < now - WINDOW:
            self._came.popleft()
