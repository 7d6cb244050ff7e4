"""What one reader of a run has been shown, and the events that bring it up to date.

Over a whole run they cost at most about twice the bytes of the finished text: small pieces wait
for one another, what is written beyond a section's length is shown only if it stays, and a text
that was repaired costs what differs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from agents.run.feed import Event
from domain.text.splices import common, splices
from services.runs.picture import Picture
from services.runs.views import SectionView

VIEW, TEXT, STATE = "view", "text", "state"
"""Types of events."""
LEAST = 200
"""Characters of a streaming text that are worth an event of their own."""
PATIENCE = 2.0
"""Seconds that fewer of them wait at most."""
MEASURABLE = 30
"""Counted units that tell how many characters one has."""
FIGURES_EVERY = 5.0
"""Seconds between two looks at figures that change all the time."""


@dataclass
class _Shown:
    """One section as the reader has it."""

    facts: dict[str, Any]
    words: int
    text: str
    at: float
    """When something of its text was told last."""
    streamed: int = 0
    """Characters told of it so far, also those that were void later."""


@dataclass
class Screen:
    """One reader; `texts` says whether it wants more than figures."""

    texts: bool = False
    clock: Callable[[], float] = time.monotonic
    _facts: dict[str, Any] = field(default_factory=dict)
    _figures: dict[str, Any] = field(default_factory=dict)
    _at: float = 0.0
    _sections: dict[str, _Shown] = field(default_factory=dict)

    def _begin(self, now: Picture) -> Event:
        """All there is, for a reader that has nothing."""
        self._facts, self._figures, self._at = now.facts, now.figures, self.clock()
        self._sections = {section.key: self._first(section) for section in now.sections}
        told = [self._whole(section) for section in now.sections]
        return Event(VIEW, {**now.whole, "sections": told})

    def learn(self, now: Picture, *, last: bool = False) -> Iterator[Event]:
        """What has changed since, at first all; with `last`, also what would wait otherwise."""
        if not self._facts:
            yield self._begin(now)
            return
        news = self._news(now, due=last or self.clock() - self._at >= FIGURES_EVERY)
        if news:
            yield Event(STATE, news)
        if self.texts:
            for section in now.sections:
                yield from self._text(section, self._sections[section.key])

    def _news(self, now: Picture, *, due: bool) -> dict[str, Any]:
        news = {name: value for name, value in now.facts.items() if self._facts[name] != value}
        begins = any(x is not None and self._figures[n] is None for n, x in now.figures.items())
        if due or news or begins:
            news |= {name: x for name, x in now.figures.items() if self._figures[name] != x}
            self._figures, self._at = now.figures, self.clock()
        order = [section.key for section in now.sections]
        if order != list(self._sections):
            news["order"] = order
        sections = [change for x in now.sections if (change := self._changed(x, due=due))]
        self._facts = now.facts
        self._sections = {key: self._sections[key] for key in order}
        if sections:
            news["sections"] = sections
        return news

    def _first(self, section: SectionView) -> _Shown:
        text = section.text if self.texts else ""
        return _Shown(_facts(section), section.words, text, self.clock(), len(text))

    def _whole(self, section: SectionView) -> dict[str, Any]:
        told = {"key": section.key, **_facts(section), "words": section.words,
                "length_of_text": len(section.text)}  # fmt: skip
        return {**told, "text": section.text} if self.texts else told

    def _changed(self, section: SectionView, *, due: bool) -> dict[str, Any]:
        """What is new about a section beside its text; empty: nothing that cannot wait."""
        shown = self._sections.get(section.key)
        if shown is None:
            self._sections[section.key] = _Shown(_facts(section), section.words, "", self.clock())
            return {"key": section.key, **_facts(section), "words": section.words}
        facts = _facts(section)
        news = {name: value for name, value in facts.items() if shown.facts[name] != value}
        if (news or due) and shown.words != section.words:
            news["words"] = shown.words = section.words
        shown.facts = facts
        return {"key": section.key, **news} if news else {}

    def _text(self, section: SectionView, shown: _Shown) -> Iterator[Event]:
        text = section.text
        if section.state == "writing":
            text = self._worth_telling(section, shown)
        changes = splices(shown.text, text)
        if not changes:
            return
        for change in changes:
            cut = {} if change.cut is None else {"cut": change.cut}
            words = {} if shown.words == section.words else {"words": section.words}
            yield Event(
                TEXT, {"key": section.key, "at": change.at, **cut, "text": change.text, **words}
            )
            shown.words = section.words
        shown.streamed += sum(len(change.text) for change in changes)
        shown.text, shown.at = text, self.clock()

    def _worth_telling(self, section: SectionView, shown: _Shown) -> str:
        """As much of a text that is being written as its reader is to have by now."""
        had, text = shown.text, section.text
        if not text.startswith(had):  # a void try goes at once, the next one waits for its turn
            return text[: common(had, text)]
        growth = len(text) - len(had)
        waits = growth < LEAST and self.clock() - shown.at < PATIENCE
        return had if waits or shown.streamed + growth > _room(section) else text


def _room(section: SectionView) -> float:
    """Characters that may be told of a section before it is finished: those of its length.

    Until some of it is there to be measured, nothing is known of its characters.
    """
    if section.words >= section.target:
        return 0
    if section.words < MEASURABLE:
        return float("inf")
    return section.target * len(section.text) / section.words


def _facts(section: SectionView) -> dict[str, Any]:
    told: dict[str, Any] = {
        "headings": [[level, text] for level, text in section.headings],
        "target": section.target, "state": section.state,
    }  # fmt: skip
    return {**told, "reason": section.reason}
