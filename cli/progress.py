"""A run as it happens, on standard error: phase, sections, words, speed, time left."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from agents.run.feed import Event
from cli.output import say
from cli.sources import told_of_sources
from domain.text.counter import count
from services.runs.reports import SectionReport

PHASES = {
    "queued": "waiting",
    "planning": "planning",
    "awaiting_approval": "waiting for approval",
    "writing": "writing",
    "reviewing": "reviewing",
    "checking": "checking",
    "paused": "paused",
    "cancelled": "stopped",
    "failed": "failed",
    "done": "done",
}
_TOKEN_WINDOW = 20.0
"""Seconds over which the speed is measured."""


@dataclass
class Progress:
    """What has been seen of a run; pure but for the clock it is given."""

    target: int
    phase: str = "queued"
    title: str = ""
    planned: dict[str, int] = field(default_factory=dict)
    """Section key to target."""
    headings: dict[str, str] = field(default_factory=dict)
    done: dict[str, int] = field(default_factory=dict)
    """Section key to committed words."""
    open: dict[str, str] = field(default_factory=dict)
    """Section key to text streaming now."""
    reading: str = ""
    """How far the sources are read; empty: nothing is being read."""
    kept: int = 0
    """Words that an earlier try has left."""
    tokens: int = 0
    started: float | None = None
    first_words: float | None = None
    _beats: list[tuple[float, int]] = field(default_factory=list)

    def take(self, event: Event, now: float) -> None:
        """Learn from an event at `now` (monotonic seconds)."""
        self.started = now if self.started is None else self.started
        handler = getattr(self, f"_on_{event.type}", None)
        if handler is not None:
            handler(event.data, now)

    def recall(self, reports: Iterable[SectionReport]) -> None:
        """Learn what an earlier try of the run has planned and written."""
        for report in reports:
            self.planned[report.key], self.headings[report.key] = report.target, report.heading
            if report.words:
                self.done[report.key] = report.words
        self.kept = sum(self.done.values())

    def _on_status(self, data: dict[str, str], _now: float) -> None:
        self.phase = data["status"]

    def _on_reading(self, data: dict[str, Any], _now: float) -> None:
        self.reading = f"reading {data['done']} of {data['of']}" if data["of"] else "reading"

    def _on_notes(self, _data: dict[str, Any], _now: float) -> None:
        self.reading = ""

    def _on_outline(self, data: dict[str, Any], _now: float) -> None:
        self.title = str(data["title"])
        if data["sections"] == len(data["parts"]):  # else the parts follow, one by one
            self._plan(data["parts"])

    def _on_part(self, data: dict[str, Any], _now: float) -> None:
        self._plan(data["sections"])

    def _plan(self, sections: Iterable[dict[str, Any]]) -> None:
        for section in sections:
            self.planned[section["key"]] = int(section["target"])
            self.headings[section["key"]] = str(section["heading"])

    def _on_section(self, data: dict[str, object], now: float) -> None:
        key = str(data["key"])
        self.planned[key] = int(str(data["target"]))
        self.headings[key] = str(data["heading"])
        self.open.setdefault(key, "")
        self.first_words = now if self.first_words is None else self.first_words

    def _on_delta(self, data: dict[str, str], now: float) -> None:
        key = data["section"]
        self.open[key] = self.open.get(key, "") + data["text"]
        self._beats.append((now, max(1, len(data["text"].encode()) // 4)))

    def _on_restart(self, data: dict[str, str], _now: float) -> None:
        self.open[data["section"]] = ""

    def _on_draft(self, data: dict[str, object], _now: float) -> None:
        key = str(data["key"])
        self.done[key] = int(str(data["words"]))
        self.open.pop(key, None)

    def _on_reviewed(self, data: dict[str, object], _now: float) -> None:
        """What streamed for a version that was not kept is void."""
        for key in [data["key"]] if data["key"] else list(self.open):
            self.open.pop(str(key), None)

    def _on_call(self, data: dict[str, int], _now: float) -> None:
        self.tokens += data["completion_tokens"]

    @property
    def words(self) -> int:
        """Committed words and those streaming, the latter at most their section's target.

        What streams for a section that has a text is to take that one's place.
        """
        streaming = sum(
            min(count(text), self.planned.get(key, 0))
            for key, text in self.open.items()
            if key not in self.done
        )
        return sum(self.done.values()) + streaming

    def speed(self, now: float) -> float:
        """Tokens a second over the last 20 seconds, estimated from the streamed text."""
        self._beats = [beat for beat in self._beats if beat[0] > now - _TOKEN_WINDOW]
        if not self._beats:
            return 0.0
        return sum(size for _, size in self._beats) / max(1.0, now - self._beats[0][0])

    def remaining(self, now: float) -> float | None:
        """Seconds left at the pace so far; None before there is one."""
        new = self.words - self.kept
        if self.first_words is None or new < self.target * 0.03 or self.phase != "writing":
            return None
        pace = new / max(0.5, now - self.first_words)
        return max(0.0, self.target - self.words) / pace


class Display:
    """Shows a run: a live panel in a terminal, one line for each milestone elsewhere."""

    def __init__(self, target: int, unit: str, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True)
        self.progress = Progress(target)
        self._unit = unit
        self._held: list[str] = []
        """States not told yet: a run that ends before anything else happened needs one line."""
        self._live = Live(
            console=self.console, get_renderable=self._panel, refresh_per_second=4, transient=True
        ) if self.console.is_terminal else None  # fmt: skip

    def __enter__(self) -> Display:
        if self._live:
            self._live.__enter__()
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if self._live:
            self._live.__exit__(None, None, None)
        if error is None:
            self._tell()

    def take(self, event: Event) -> None:
        """Show what an event changes."""
        self.progress.take(event, time.monotonic())
        if self._live is not None:
            return
        if event.seq is not None and (line := self._line(event)):
            self._held.append(line)
        if event.type != "status":
            self._tell()

    def _tell(self) -> None:
        for line in self._held:
            say(line, self.console)
        self._held.clear()

    def _line(self, event: Event) -> str:
        seen = self.progress
        if event.type == "status":
            reason = event.data.get("reason")
            return f"{PHASES[event.data['status']]}{f': {reason}' if reason else ''}"
        if event.type in ("reading", "notes", "embedded"):
            return told_of_sources(event)
        if event.type == "outline":
            lacking = event.data.get("unplaced") or []
            more = f"; it has no place for: {', '.join(lacking)}" if lacking else ""
            return f"outline: {seen.title} ({len(event.data['parts'])} parts){more}"
        if event.type == "draft":
            done = f"section {len(seen.done)} of {max(len(seen.planned), len(seen.done))}"
            return f"{done}: {event.data['words']}/{event.data['target']} {self._unit}"
        if event.type == "reviewed" and (event.data["rounds"] or not event.data["key"]):
            what = f"section {event.data['key']}" if event.data["key"] else "the whole"
            return f"review of {what}: {event.data['why']}"
        return ""

    def _panel(self) -> RenderableType:
        now = time.monotonic()
        seen = self.progress
        words = seen.words
        head = Text(seen.reading or PHASES[seen.phase], style="bold")
        if seen.title:
            head.append(f"  {seen.title}", style="italic")
        bar = Table.grid(padding=(0, 1))
        facts = f"{words:,}/{seen.target:,} {self._unit}"
        if seen.planned:
            facts += f" · section {min(len(seen.done) + 1, len(seen.planned))} of "
            facts += f"{len(seen.planned)}"
        if speed := seen.speed(now):
            facts += f" · {speed:.0f} tokens/s"
        if (left := seen.remaining(now)) is not None:
            facts += f" · about {_clock(left)} left"
        elif seen.started is not None:
            facts += f" · {_clock(now - seen.started)}"
        bar.add_row(ProgressBar(total=seen.target, completed=words, width=30), facts)
        rows = [self._row(key) for key in list(seen.open)[:6]]
        return Group(head, bar, *rows)

    def _row(self, key: str) -> Text:
        seen = self.progress
        text = seen.open[key]
        written = f"{count(text)}/{seen.planned.get(key, 0)}"
        last = " ".join(text.split())[-60:]
        row = Text(f"  {written:>11}  {seen.headings.get(key, key)}", no_wrap=True)
        row.append(f"  …{last}" if last else "", style="dim")
        row.truncate(self.console.width, overflow="ellipsis")
        return row


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d} min" if minutes else f"{rest} s"
