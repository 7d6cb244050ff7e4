"""A run that this process works on, as those who look at it see it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

from agents.reader.outcome import READING
from agents.reader.reading import NOTED
from agents.run.feed import Event
from core.errors import LongleafError
from domain.text.counter import Counter, count
from services.runs.meter import Meter
from services.runs.views import RunView, SectionView
from storage.base import LOCAL_OWNER

_MENDED = ("section", "draft", "section_failed", "reviewed", "seams", "status")
"""Types of events after which a section, or without a key all of them, is not mended any more."""


@dataclass
class Job:
    """One run this process works on, with what streams and is not stored yet."""

    run_id: str
    owner: str = LOCAL_OWNER
    counter: Counter = "words"
    open: dict[str, dict[str, str]] = field(default_factory=dict)
    """Section key → kind of stream → text."""
    counted: dict[str, int] = field(default_factory=dict)
    """Section key → words streamed, counted piece by piece: about right, and cheap."""
    reading: tuple[int, int] | None = None
    """Pieces of sources that are read, and all of them; None: nothing is being read."""
    mending: set[str] = field(default_factory=set)
    """Keys of sections that are being repaired or revised."""
    meter: Meter = field(default_factory=Meter)
    stored: RunView | None = None
    """As the database has it; None when that has changed."""
    version: int = 0
    """Goes up with every change."""
    milestones: int = 0
    """Goes up with every change of what is stored."""
    told: dict[int, Event] = field(default_factory=dict)
    """Stored events since this process works on it, by number."""
    error: LongleafError | None = None
    ended: bool = False
    task: asyncio.Task[None] | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, event: Event) -> None:
        """Learn from an event, and tell those who wait."""
        if event.seq is not None:
            self.told[event.seq] = event
            self.milestones += 1
            self.stored = None
        if event.type in ("section", "draft", "section_failed"):
            self.open.pop(event.data["key"], None)
            self.counted.pop(event.data["key"], None)
        if event.type == READING:
            done, of = event.data["done"], event.data["of"]
            self.reading = (done, of) if of else None
        elif event.type == NOTED:
            self.reading = None
        self._mend(event)
        if event.type == "section":
            self.open[event.data["key"]] = {}
        elif event.type in ("delta", "restart"):
            self._stream(event.data["section"], event.data["part"], event.data.get("text"))
        self.tell()

    def _mend(self, event: Event) -> None:
        key = event.data.get("key", "")
        if event.type in ("repair", "revise"):
            self.mending.add(key)
        elif event.type in _MENDED and key:
            self.mending.discard(key)
        elif event.type in _MENDED:
            self.mending.clear()

    def _stream(self, key: str, kind: str, text: str | None) -> None:
        if text is not None:
            self.meter.take(text, len(self.open))
        if kind == "passage":  # written for a place inside the section: shown when it is in there
            return
        streams = self.open.setdefault(key, {})
        if text is None:
            lost = streams.pop(kind, "")
            self.counted[key] = max(0, self.counted.get(key, 0) - count(lost, self.counter))
        else:
            streams[kind] = streams.get(kind, "") + text
            self.counted[key] = self.counted.get(key, 0) + count(text, self.counter)

    def tell(self) -> None:
        """Wake those who wait."""
        self.version += 1
        self._news.set()
        self._news = asyncio.Event()

    async def changed(self, since: int) -> None:
        """Wait until there is something newer than version `since`."""
        while self.version == since and not self.ended:
            await self._news.wait()

    async def end(self) -> None:
        """Wait until nobody works on it any more."""
        while not self.ended:
            await self._news.wait()

    def over(self, stored: RunView) -> RunView:
        """What is stored, with what streams laid over it."""
        sections = tuple(self._over(section) for section in stored.sections)
        if self.ended:  # only what is stored counts then
            return replace(stored, sections=sections)
        return replace(stored, sections=sections, words=sum(x.words for x in sections))

    def _over(self, section: SectionView) -> SectionView:
        streams = self.open.get(section.key)
        text = "".join(streams.values()) if streams is not None else ""
        if streams is None or section.text or (self.ended and not text):
            return section
        words = min(self.counted.get(section.key, 0), section.target)
        state = "unfinished" if self.ended else "writing"
        return replace(section, text=text, words=words, state=state)
