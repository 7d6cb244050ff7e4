"""A batch as it goes on, on standard error: rows, words, speed, time left, what it has cost."""

from __future__ import annotations

import time
from collections.abc import Callable

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from batch.speed import Speed
from cli.output import say
from domain.dataset import RowStatus
from llm.roles import Load
from services.batches.datasets import Standing

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
