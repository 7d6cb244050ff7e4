"""What a run will have to do, by its strategy and length alone: stages, calls and tokens.

The factors say how often a call of each kind is made for each section: at least, as a rule, and at
most with a model that misses lengths and whose text the critic dislikes.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from agents.planner.asking import COMPACT_TRIES, SCHEMA_TRIES
from agents.planner.contracts import skeleton_form
from agents.strategies.base import Strategy
from core.setting_groups import BookSettings
from domain.length.budget import leaves_in, part_count, section_count
from domain.length.spread import Spread, total
from domain.outline.book import SHOWN, chapter_count, division_count, is_book
from domain.outline.sketch import length_of
from domain.request import WritingRequest
from services.forecast.rates import (
    COMPACT_PROMPT,
    DEMANDED,
    DRAWN,
    EDIT,
    EDIT_PROMPT,
    FEWER,
    JUDGE_PROMPT,
    JUDGED,
    MORE,
    ONCE_MORE,
    OTHER_TOKENS,
    PART_LINE,
    PLAN_PROMPT,
    PLANNED,
    REPORT,
    REPORT_PROMPT,
    REPORTED,
    RESIZED,
    SEAMS,
    SECTION_PROMPT,
    STORY,
    SUMMARY,
    TOKENS,
    VERDICT,
    Known,
    Stage,
)


def sections_of(target: int, *, compact: bool, book: BookSettings) -> tuple[Spread, int, int]:
    """Sections of so many counted units, parts planned in calls of their own, and divisions."""
    fewest, suggested, most = section_count(target)
    parts = part_count(suggested)
    if compact:
        most = min(most, skeleton_form(target, compact=True).most)
    low = max(1, fewest, int(suggested * FEWER))
    high = min(most, ceil(suggested * MORE))
    share = target // max(1, parts)
    own = 0 if parts == suggested or leaves_in(share, target) == 1 else parts
    spread = Spread(min(low, suggested), suggested, max(high, suggested))
    if not is_book(target, book):
        return spread, own, 0
    divisions = division_count(target, book)
    return spread, divisions * chapter_count(target // divisions, target, book), divisions


def forecast(
    request: WritingRequest, strategy: Strategy, known: Known, count: int = 0
) -> tuple[Spread, list[Stage]]:
    """The sections and the stages of a run. Pure.

    Args:
        request: what is to be written.
        strategy: the one that will be used.
        known: of the models.
        count: of the sections, where that is known; all are planned at once then.
    """
    sections, parts, divisions = (
        (Spread.exactly(count), 0, 0)
        if count
        else sections_of(request.length.aim, compact=known.compact, book=known.book)
    )
    work = _Work(request, strategy, known, sections, parts, divisions)
    stages = [
        work.planning(), *work.sketch(), work.writing(), *work.summaries(), *work.memory(),
        *work.review(), work.ending(),
    ]  # fmt: skip
    return sections, stages


@dataclass(frozen=True)
class _Work:
    request: WritingRequest
    strategy: Strategy
    known: Known
    sections: Spread
    parts: int
    divisions: int
    """Of a book, whose parts are its chapters."""

    @property
    def chapters(self) -> float:
        """What a lazy strategy writes one after the other."""
        return self.parts or self.sections.likely

    @property
    def text(self) -> Spread:
        """Tokens of the whole text."""
        each = TOKENS.get(self.request.language, OTHER_TOKENS)
        return each * self.request.length.aim

    @property
    def section(self) -> Spread:
        """Tokens of a section as a rule."""
        return self.text * (1 / self.sections.likely)

    @property
    def plan(self) -> Spread:
        """Tokens of request and plan, which most calls see."""
        if self.known.compact:
            return Spread.exactly(self.known.prompt)
        shown = self.parts or self.sections.likely
        if self.divisions:
            shown = self.parts / self.divisions + min(SHOWN, self.divisions)
        return PART_LINE * shown + Spread.exactly(self.known.prompt)

    @property
    def frame(self) -> Spread:
        """Tokens of a writing call's prompt beside request and plan."""
        return COMPACT_PROMPT if self.known.compact else SECTION_PROMPT

    def planning(self) -> Stage:
        tries = DRAWN if not self.known.compact else Spread(1, 2, COMPACT_TRIES)
        tries = tries.at_most(2 * SCHEMA_TRIES + 1)
        spread = Spread(0.5, 1, 1.5) if self.parts else Spread.exactly(0)
        calls = (Spread.exactly(1) + spread * (self.parts + self.divisions)) * tries
        frame = COMPACT_PROMPT if self.known.compact else PLAN_PROMPT
        prompt = calls * (frame + self.plan)
        depth = tries * (2 + bool(self.divisions) if self.parts else 1)
        if self.strategy.lazy and self.parts:
            depth = calls
        return Stage("planning", "planner", calls, prompt, self.sections * PLANNED * tries, depth)

    def sketch(self) -> list[Stage]:
        if not self.strategy.sketches or self.known.compact:
            return []
        once = Spread(1, 1, 2)
        prompt = (SECTION_PROMPT + self.plan) * once
        answer = self._sketched * Spread(0.6, 1, 2)
        return [Stage("draft of the whole", "writer", once, prompt, answer, once)]

    @property
    def _sketched(self) -> Spread:
        return self.text * (length_of(self.request.length.aim) / self.request.length.aim)

    def writing(self) -> Stage:
        factor = self.known.factor("writer")
        calls = self.sections * factor
        seen = Spread()
        if self.strategy.carries:  # each section sees those before it
            share = (self.sections.likely - 1) / (2 * self.sections.likely)
            seen = self.text * share * Spread(0.5, 1, 1.2)
        elif self.strategy.sketches and not self.known.compact:
            seen = self._sketched * Spread(0.6, 1.1, 1.5)
        if self.strategy.lazy and not self.known.compact:
            seen = STORY
        prompt = (self.frame + self.plan + seen).at_most(self.known.window)
        depth = calls if self.strategy.carries else factor
        if self.strategy.lazy:
            depth = factor * self.chapters
        grows = Spread(0.9, 1.1, 2.5)
        return Stage("writing", "writer", calls, calls * prompt, self.text * grows, depth)

    def summaries(self) -> list[Stage]:
        if not self.strategy.lazy or self.known.compact:
            return []
        calls = Spread.exactly(self.chapters + self.divisions) * Spread(0.5, 1, 1.5)
        prompt = self.text * Spread(0.9, 1, 1.2) + calls * SECTION_PROMPT
        return [Stage("summing up", "reader", calls, prompt, calls * SUMMARY, calls)]

    def memory(self) -> list[Stage]:
        if self.request.memory != "model" or self.known.compact:
            return []
        calls = self.sections * REPORTED
        prompt = calls * (REPORT_PROMPT + self.section)
        stages = [Stage("remembering", "reader", calls, prompt, calls * REPORT, REPORTED)]
        if not self.strategy.carries:
            shown = REPORT_PROMPT + self.plan
            stages.append(
                Stage("fact sheet", "planner", DRAWN, shown * DRAWN, REPORT * DRAWN, DRAWN)
            )
        return stages

    def review(self) -> list[Stage]:
        rounds = self.request.rounds
        if not rounds or self.known.compact:
            return []
        whole = 1 if self.sections.likely > 1 or self.sections.high > 1 else 0
        again = JUDGED.at_most(rounds + 1)
        judged = self.sections * self.known.factor("critic").at_most(rounds + 1) + again * whole
        prompt = self.sections * again * (JUDGE_PROMPT + self.plan + self.section)
        prompt += (self.text + JUDGE_PROMPT).at_most(self.known.window) * again * whole
        deep = again * (1 + whole)
        revised = self.sections * self.known.factor("editor") * Spread(1, 1, rounds)
        edits = EDIT_PROMPT + self.plan + self.section
        return [
            Stage("judging", "critic", judged, prompt, judged * VERDICT, deep),
            Stage("revising", "editor", revised, revised * edits, revised * EDIT, deep),
        ]

    def ending(self) -> Stage:
        seams = SEAMS if not self.known.compact else Spread()
        joints = self.sections * seams if self.sections.high > 1 else Spread()
        owing = bool(self.request.demands) and not self.known.compact
        owed = self.sections * DEMANDED if owing else Spread()
        calls = total([joints, owed, self.sections * RESIZED, ONCE_MORE])
        prompt = calls * (EDIT_PROMPT + self.plan + self.section)
        return Stage("last check", "editor", calls, prompt, calls * EDIT, Spread(0, 1, 6))
