"""Spinning the Golden Thread (Wu et al. 2024, arXiv 2409.02076): what each unit was to hold."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

UNIT_WORDS = {"week": 200, "floor": 150, "block": 150, "day": 100}
"""The fewest words of a unit in each of its scenarios."""


@dataclass(frozen=True)
class Thread:
    """The measures of one document, each 0 to 100."""

    completion: float
    """CR: units that were written, of those asked for."""
    stic_1: float
    """Instructions that were met, of those whose unit exists."""
    stic_2: float
    """Instructions that were met, of all."""

    @property
    def weighted(self) -> float:
        """wAvg: completion times STIC-2."""
        return self.completion * self.stic_2 / 100


def thread(units: int, written: Collection[int], met: Collection[tuple[int, bool]]) -> Thread:
    """Measure one document.

    Args:
        units: how many it was to have, at least 1.
        written: numbers of those it has; others than 1 to `units` do not count.
        met: for each instruction its unit's number, and whether it was found there.
    """
    there = set(written) & set(range(1, units + 1))
    checks = [found for unit, found in met if unit in there]
    hits = sum(checks)
    return Thread(
        100 * len(there) / units,
        100 * hits / len(checks) if checks else 0.0,
        100 * hits / len(met) if met else 0.0,
    )
