"""What a section is written from beside the plan: named pieces, the most important first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from agents.run.context import WritingContext
from domain.outline.plan import Outline, SectionPlan

GAP = "\n\n"
NAMES = ("known", "story", "facts", "style", "passages")
"""Of every material a prompt has a place for; the first is the first to go where room is short."""


@dataclass(frozen=True)
class Material:
    """Something for the writer of one section, which may be lessened where room is short."""

    name: str
    """One of `NAMES`: as `material.<name>` in the prompt, and in the record of what it held."""
    pieces: tuple[str, ...]
    """As the prompt shows them."""
    glue: str = GAP
    numbers: tuple[int, ...] = ()
    """Of each piece, where it is cited by one; they are recorded with the call."""

    @property
    def text(self) -> str:
        """The pieces as the prompt shows them; empty if there are none."""
        return self.glue.join(self.pieces)

    def lessened(self) -> Material:
        """The same with the more important half of its pieces; of a single piece, none."""
        kept = len(self.pieces) // 2
        return replace(self, pieces=self.pieces[:kept], numbers=self.numbers[:kept])


Provider = Callable[[WritingContext, Outline, SectionPlan], Awaitable[Material | None]]
"""Finds one material for a section; None where it has none. Makes no model call."""
