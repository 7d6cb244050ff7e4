"""A batch as it goes on, on standard error: rows, words, speed, time left, what it has cost."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from batch.pace import seconds_left
from cli.output import say
from domain.dataset import RowStatus
from llm.roles import Load
from services.datasets import Standing

_WINDOW = 30.0
"""Seconds over which the speed is measured."""
_EVERY = 10.0
"""Seconds between two lines where there is no terminal."""


def told(standing: Standing) -> str:
    """How far it has come, in a line."""
    rows = standing.rows
    parts = [
        f"{rows[RowStatus.DONE]:,} of {standing.total:,} rows done",
        f"{rows[RowStatus.REJECTED]:,} rejected",
        f"{rows[RowStatus.FAILED]:,} failed",
    ]
    parts += [f"{rows[RowStatus.BEGUN]:,} begun"] if rows[RowStatus.BEGUN] else []
    spent = standing.spent
    tokens = spent.prompt_tokens + spent.completion_tokens
    parts += [f"{standing.words:,} words", f"{tokens:,} tokens"]
    parts += [f"cost {spent.cost:,.2f}"] if spent.cost else []
    return " · ".join(parts)


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


class BatchDisplay:
    """Shows a batch: a live panel in a terminal, a line every few seconds elsewhere."""

    def __init__(
        self, console: Console | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.console = console or Console(stderr=True)
        self._clock = clock
        self._speed = Speed()
        self._shown = ""
        self._said_at: float | None = None
        self._live = Live(
            console=self.console, refresh_per_second=2, transient=True
        ) if self.console.is_terminal else None  # fmt: skip

    def __enter__(self) -> BatchDisplay:
        if self._live:
            self._live.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._live.__exit__(None, None, None)

    def show(self, standing: Standing, load: Load, *, waits: bool) -> None:
        """Show how far it has come, and how busy the endpoints are."""
        now = self._clock()
        self._speed.take(standing, now)
        facts = self._facts(standing, load, waits)
        if self._live is not None:
            self._live.update(_panel(standing, facts))
        elif facts != self._shown and (self._said_at is None or now - self._said_at >= _EVERY):
            self._shown, self._said_at = facts, now
            say(f"{told(standing)} · {facts}", self.console)

    def _facts(self, standing: Standing, load: Load, waits: bool) -> str:
        facts = [f"{self._speed.tokens:,.0f} tokens/s", f"{load.running}/{load.places} calls"]
        if (left := self._speed.left(standing)) is not None:
            facts.append(f"about {clock(left)} left")
        if waits:
            facts.append("waiting for the endpoint, which does not answer")
        return " · ".join(facts)


def _panel(standing: Standing, facts: str) -> RenderableType:
    bar = Table.grid(padding=(0, 1))
    settled = standing.total - standing.left
    bar.add_row(ProgressBar(total=max(1, standing.total), completed=settled, width=30), facts)
    return Group(Text(told(standing), no_wrap=True, overflow="ellipsis"), bar)


def clock(seconds: float) -> str:
    """A time as h:mm:ss or m:ss."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
