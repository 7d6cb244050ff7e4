"""All sections at once, each against the same plan and its own contract."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from domain.outline.plan import Outline


class Parallel:
    """Wall time grows with depth, not with the number of sections; cost grows linearly.

    Source: CogWriter (ACL 2025) and Pap2Pat, plus contracts between neighbours.
    """

    name = "parallel"
    summary = "all sections at once against the whole plan: fastest, cost linear in length"
    starts_early = True
    carries = False
    sketches = False
    lazy = False

    def ready(self, outline: Outline, written: Collection[str]) -> list[str]:
        """Every section that is not written."""
        return [section.key for section in outline.sections if section.key not in written]

    def visible(self, outline: Outline, key: str, written: Collection[str]) -> list[str]:
        """None: what others have written must not depend on who was first."""
        return []

    def settled(self, outline: Outline, key: str) -> Sequence[str]:
        """None, for the same reason."""
        return ()
