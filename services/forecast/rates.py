"""What is known of calls: how many a section takes as a rule, and how many tokens stand in them."""

from __future__ import annotations

from dataclasses import dataclass

from core.setting_groups import BookSettings
from domain.length.spread import Spread
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

DEMANDED = Spread(0, 0.2, 2)
"""Edits a section for what is demanded of its contents: at most one when it is written, and one in
the whole."""
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
STORY = Spread(0, 500, 1_500)
"""Tokens of what went before in a book, in short."""
SUMMARY = Spread(40, 180, 320)
VERDICT = Spread(15, 250, 900)
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
        book: from which length on it is one.
    """

    prompt: int
    window: int
    compact: bool = False
    factors: dict[Role, Spread] | None = None
    book: BookSettings = BookSettings()

    def factor(self, role: Role) -> Spread:
        """Calls a section."""
        return (self.factors or {}).get(role, USUAL[role])
