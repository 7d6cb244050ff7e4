"""What a run will have to do, by its strategy and length alone: stages, calls and tokens.

The factors say how often a call of each kind is made for each section: at least, as a rule, and at
most with a model that misses lengths and whose text the critic dislikes.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from agents.contracts import leaves_in, skeleton_form
from agents.planner import COMPACT_TRIES, SCHEMA_TRIES
from agents.strategies.base import Strategy
from domain.budget import part_count, section_count
from domain.request import WritingRequest
from domain.sketch import length_of
from domain.spread import Spread, total
from llm.types import Role

FEWER, MORE = 0.75, 1.35
"""A planner's sections, as shares of what is suggested to it."""
DRAWN = Spread(1, 1.1, 2)
"""Plans drawn until one can be read."""
WRITTEN = Spread(1, 1.4, 5)
"""Calls for a section's text: the draft, and repairs of its length."""
JUDGED = Spread(1, 1.2, 2)
REVISED = Spread(0, 0.35, 2)
"""For one round."""
SEAMS = Spread(0, 0.2, 0.7)
RESIZED = Spread(0, 0.1, 1)
"""At the end, for the length of the whole."""
USUAL: dict[Role, Spread] = {"writer": WRITTEN, "critic": JUDGED, "editor": REVISED}

ONCE_MORE = Spread(0, 0, 3)
"""For the length of the whole, however few sections there are."""

TOKENS = {
    "en": Spread(1.1, 1.35, 1.8), "zh": Spread(0.7, 1.2, 2.0), "ja": Spread(0.7, 1.2, 2.0),
    "ko": Spread(0.7, 1.2, 2.0),
}  # fmt: skip
"""In a counted unit of text; other languages take more."""
OTHER_TOKENS = Spread(1.2, 1.9, 3.0)
SECTION_PROMPT = Spread(180, 320, 600)
COMPACT_PROMPT = Spread(40, 120, 300)
PART_LINE = Spread(6, 22, 45)
PLAN_PROMPT = Spread(150, 220, 500)
PLANNED = Spread(30, 100, 200)
"""Tokens of a section in a plan."""
JUDGE_PROMPT = Spread(350, 550, 900)
VERDICT = Spread(15, 250, 900)
PASSAGES = Spread(300, 1_500, 3_600)
"""Tokens of the passages that a call sees where a document has sources."""
REPORTED = Spread(1, 1.1, 2)
"""Calls for what a section says; once more where the answer cannot be read."""
REPORT_PROMPT = Spread(250, 330, 450)
REPORT = Spread(10, 500, 1_800)
EDIT_PROMPT = Spread(250, 450, 1_200)
EDIT = Spread(15, 120, 400)


@dataclass(frozen=True)
class Stage:
    """Calls of one kind."""

    name: str
    role: Role
    calls: Spread
    prompt: Spread
    """Tokens of all its calls together."""
    answer: Spread
    depth: Spread
    """Calls that must wait for one another."""


@dataclass(frozen=True)
class Known:
    """What is known of the models in use.

    Args:
        prompt: tokens of the request's own words.
        window: tokens that the writer's model takes.
        compact: whether it is too small for plans, drafts and verdicts.
        factors: calls a section by role, where they were measured.
    """

    prompt: int
    window: int
    compact: bool = False
    factors: dict[Role, Spread] | None = None

    def factor(self, role: Role) -> Spread:
        """Calls a section."""
        return (self.factors or {}).get(role, USUAL[role])


def sections_of(target: int, *, compact: bool) -> tuple[Spread, int]:
    """Sections, and parts that are planned in calls of their own, of so many counted units."""
    fewest, suggested, most = section_count(target)
    parts = part_count(suggested)
    if compact:
        most = min(most, skeleton_form(target, compact=True).most)
    low = max(1, fewest, int(suggested * FEWER))
    high = min(most, ceil(suggested * MORE))
    share = target // max(1, parts)
    own = 0 if parts == suggested or leaves_in(share, target) == 1 else parts
    return Spread(min(low, suggested), suggested, max(high, suggested)), own


def forecast(
    request: WritingRequest, strategy: Strategy, known: Known
) -> tuple[Spread, list[Stage]]:
    """The sections and the stages of a run. Pure.

    Args:
        request: what is to be written.
        strategy: the one that will be used.
        known: of the models.
    """
    sections, parts = sections_of(request.length.aim, compact=known.compact)
    work = _Work(request, strategy, known, sections, parts)
    stages = [work.planning(), *work.sketch(), work.writing(), *work.memory(), *work.review(),
              work.ending()]  # fmt: skip
    return sections, stages


@dataclass(frozen=True)
class _Work:
    request: WritingRequest
    strategy: Strategy
    known: Known
    sections: Spread
    parts: int

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
        return PART_LINE * shown + Spread.exactly(self.known.prompt)

    @property
    def frame(self) -> Spread:
        """Tokens of a writing call's prompt beside request and plan."""
        bare = COMPACT_PROMPT if self.known.compact else SECTION_PROMPT
        return bare + PASSAGES if self.request.sources else bare

    def planning(self) -> Stage:
        tries = DRAWN if not self.known.compact else Spread(1, 2, COMPACT_TRIES)
        tries = tries.at_most(2 * SCHEMA_TRIES + 1)
        spread = Spread(0.5, 1, 1.5) if self.parts else Spread.exactly(0)
        calls = (Spread.exactly(1) + spread * self.parts) * tries
        frame = COMPACT_PROMPT if self.known.compact else PLAN_PROMPT
        prompt = calls * (frame + self.plan)
        depth = tries * (2 if self.parts else 1)
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
        prompt = (self.frame + self.plan + seen).at_most(self.known.window)
        depth = calls if self.strategy.carries else factor
        grows = Spread(0.9, 1.1, 2.5)
        return Stage("writing", "writer", calls, calls * prompt, self.text * grows, depth)

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
        claims = self.sections * again if self.request.sources else Spread()
        checked = Stage("checking citations", "critic", claims, claims * PASSAGES,
                        claims * VERDICT, again)  # fmt: skip
        return [
            *([checked] if self.request.sources else []),
            Stage("judging", "critic", judged, prompt, judged * VERDICT, deep),
            Stage("revising", "editor", revised, revised * edits, revised * EDIT, deep),
        ]

    def ending(self) -> Stage:
        seams = SEAMS if not self.known.compact else Spread()
        joints = self.sections * seams if self.sections.high > 1 else Spread()
        calls = total([joints, self.sections * RESIZED, ONCE_MORE])
        prompt = calls * (EDIT_PROMPT + self.plan + self.section)
        return Stage("last check", "editor", calls, prompt, calls * EDIT, Spread(0, 1, 6))
