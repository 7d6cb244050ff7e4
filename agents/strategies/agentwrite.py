"""One section after the other, each seeing the whole text so far."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from domain.outline.plan import Outline


class AgentWrite:
    """Cost grows with the square of the length. Source: LongWriter (arXiv 2408.07055)."""

    name = "agentwrite"
    summary = "section after section, each seeing the text so far: slow, closest continuity"
    starts_early = False
    carries = True
    sketches = False
    lazy = False

    def ready(self, outline: Outline, written: Collection[str]) -> list[str]:
        """The first section that is not written."""
        missing = (section.key for section in outline.sections if section.key not in written)
        return [key for key in (next(missing, None),) if key]

    def visible(self, outline: Outline, key: str, written: Collection[str]) -> list[str]:
        """Everything before the section."""
        return [other for other in self.settled(outline, key) if other in written]

    def settled(self, outline: Outline, key: str) -> Sequence[str]:
        """Those before it."""
        order = [section.key for section in outline.sections]
        return order[: order.index(key)]
