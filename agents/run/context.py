"""What one run may use, and how it commits: injected into every node, never global."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy.orm import Session

from agents.run.feed import Event, Feed
from agents.strategies.base import Strategy
from core.setting_groups import BookSettings, CriticSettings, LengthSettings, SamplingSettings
from domain.critique import Level
from domain.outline.plan import Outline
from domain.request import WritingRequest
from domain.run import Hold
from domain.run_options import RunOptions
from domain.text.counter import count
from evaluators.thresholds import Thresholds
from llm.roles import Models
from llm.tokens import Tokens
from llm.types import Role
from prompts.library import PromptLibrary, fence_of
from storage import events, outlines, runs, sections, standings
from storage.database import Database
from storage.sections import StoredSection
from storage.standings import Standing

T = TypeVar("T")

DEFAULT_WINDOW = 8192
"""Tokens, where neither the endpoint nor the user says."""

TOKENS_PER_UNIT = {"zh": 2.0, "ja": 2.0, "ko": 2.0, "en": 1.5}
"""Upper estimates of tokens in a counted unit, over the vocabularies in use; else 2.5."""


def expected_tokens(units: int, language: str) -> int:
    """Upper estimate of the tokens in so many counted units of a language."""
    return int(units * TOKENS_PER_UNIT.get(language, 2.5))


def units_within(tokens: int, language: str) -> int:
    """Counted units of a language that surely fit into so many tokens."""
    return int(tokens / TOKENS_PER_UNIT.get(language, 2.5))


@dataclass(frozen=True)
class Policy:
    """The numbers that steer a run."""

    length: LengthSettings
    sampling: SamplingSettings
    thresholds: Thresholds
    critic: CriticSettings = CriticSettings()
    book: BookSettings = BookSettings()

    @property
    def least(self) -> Level:
        """Issues below this level are left alone."""
        return Level[self.critic.level.upper()]


@dataclass(frozen=True)
class WritingContext:
    """The dependencies and limits of one run."""

    hold: Hold
    document_id: str
    request: WritingRequest
    strategy: Strategy
    db: Database
    models: Models
    prompts: PromptLibrary
    tokens: Tokens
    policy: Policy
    feed: Feed
    options: RunOptions = RunOptions()

    @property
    def run_id(self) -> str:
        """The run's id."""
        return self.hold.run_id

    @property
    def fence(self) -> str:
        """The mark on data blocks in this run's prompts."""
        return fence_of(self.run_id)

    def compact(self, role: Role) -> bool:
        """Whether the role's model is too small for anything but the indispensable."""
        return self.models.endpoint(role).compact

    @property
    def language_name(self) -> str:
        """The document's language as prompts say it: `English`, `Chinese (中文)`."""
        info = self.request.language_info
        return info.name if info.native == info.name else f"{info.name} ({info.native})"

    def window(self, role: Role) -> int:
        """The role's context size in tokens."""
        known = self.models.window(role) or self.models.endpoint(role).window
        return known or DEFAULT_WINDOW

    @property
    def temperature(self) -> float:
        """The writer's."""
        sampling = self.policy.sampling
        return (
            sampling.compact_temperature if self.compact("writer") else sampling.writer_temperature
        )

    def count(self, text: str) -> int:
        """Length of a text in the request's own units."""
        return count(text, self.request.length.counter)

    def expected_tokens(self, units: int) -> int:
        """Upper estimate of the tokens in so many counted units of the document's language."""
        return expected_tokens(units, self.request.language)

    def phrase(self, units: int) -> str:
        """A number of counted units as prompts say it: `450 words`, `450字`."""
        return self.request.phrase(units)

    def seed(self, step: str, *, resample: bool = False) -> int | None:
        """The seed of a call: from the request's, told apart by step; None to leave it open.

        A resample needs one even so: the same request must not give the same answer again.
        """
        if self.request.seed is None and not resample:
            return None
        text = f"{self.request.seed or self.run_id}:{step}"
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") >> 1

    def is_written(self, section: Standing) -> bool:
        """Whether nothing is left to write; what this run is to redo must be its own text."""
        redo = self.options.redo
        if redo is not None and redo.key == section.key and section.run_id != self.run_id:
            return section.locked
        return section.status.written

    def may_change(self, section: Standing) -> bool:
        """Whether this run may alter its text; one that redoes a section leaves all others."""
        redo = self.options.redo
        return section.status.open and (redo is None or redo.key == section.key)

    async def outline(self) -> Outline | None:
        """The plan as it now stands."""
        return await self.db.run(lambda s: outlines.latest(s, self.document_id), write=False)

    async def sections(self) -> list[StoredSection]:
        """Every section in reading order."""
        found = await self.db.run(lambda s: sections.all_of(s, self.document_id), write=False)
        return list(found)

    async def standings(self) -> list[Standing]:
        """Where every section stands, in reading order, without the texts."""
        found = await self.db.run(lambda s: standings.all_of(s, self.document_id), write=False)
        return list(found)

    async def some(self, keys: Collection[str]) -> list[StoredSection]:
        """These sections with their texts, in reading order."""
        if not keys:
            return []
        found = await self.db.run(lambda s: sections.some(s, self.document_id, keys), write=False)
        return list(found)

    async def section(self, key: str) -> StoredSection:
        """One section as it now stands; raises NotFoundError."""
        return await self.db.run(lambda s: sections.get(s, self.document_id, key), write=False)

    async def commit(
        self,
        work: Callable[[Session], T],
        told: Iterable[Event] | Callable[[T], Iterable[Event]] = (),
    ) -> T:
        """Run `work` and store events in one transaction under the run's fence, then tell them.

        Args:
            work: what to store.
            told: events, or what makes them of the result of `work`.

        Raises:
            StaleHolderError: another process holds the run; nothing was stored.
        """

        def transaction(s: Session) -> tuple[T, list[Event]]:
            runs.check(s, self.hold)
            result = work(s)
            news = told(result) if callable(told) else told
            return result, [replace(e, seq=events.append(s, self.hold, e.type, e.data))
                            for e in news]  # fmt: skip

        result, stored = await self.db.run(transaction)
        for event in stored:
            self.feed.publish(event)
        return result
