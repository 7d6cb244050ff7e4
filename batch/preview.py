"""What other limits would change: which rows would come back, which would go, and why."""

from __future__ import annotations

from collections import Counter
from typing import Any

from batch.funnel import Funnel, Stage
from batch.rows import Reject
from batch.samples import Samples
from batch.sieve import Sieve
from batch.writing import unwritten
from services.batches.datasets import Item

KEPT = "kept"


class Preview:
    """Settled rows under two sets of limits; nothing is written.

    Args:
        before: a sieve with the limits as they are.
        after: one with those that are thought of.
    """

    def __init__(self, before: Sieve, after: Sieve) -> None:
        self._before, self._after = before, after
        self._drops: Counter[tuple[Stage, str]] = Counter()
        self._changes: Counter[tuple[str, str]] = Counter()
        self._taken = 0

    async def take(self, item: Item, samples: Samples) -> None:
        """Look at a settled row; raises NotFoundError where its document is gone."""
        self._taken += 1
        reject: Reject | None = unwritten(item)
        if reject is not None:
            self._drops[reject.stage, reject.reason] += 1
            return
        sample = await samples.of(item)
        was, now = self._before.answer(sample), self._after.answer(sample)
        if now is not None:
            self._drops[now[0], now[1].reason] += 1
        names = was[1].reason if was else KEPT, now[1].reason if now else KEPT
        if names[0] != names[1]:
            self._changes[names] += 1

    def funnel(self, entered: int) -> Funnel:
        """The funnel as it would be, of so many lines of the input."""
        return Funnel(entered, self._drops, entered - self._taken)

    @property
    def changes(self) -> list[tuple[str, str, int]]:
        """Rows by what would become of them: reason before, reason then, number of rows."""
        return [(was, now, rows) for (was, now), rows in self._changes.most_common()]

    def told(self) -> str:
        """The changes, a line each."""
        if not self._changes:
            return "No row would change."
        return "\n".join(f"{rows:,} rows: {was} → {now}" for was, now, rows in self.changes)

    def to_dict(self, entered: int) -> dict[str, Any]:
        """Plain JSON values."""
        changes = [{"before": was, "after": now, "rows": rows} for was, now, rows in self.changes]
        return {"funnel": self.funnel(entered).to_dict(), "changes": changes}
