"""How long a document's writing will still take, from how it has gone so far."""

from __future__ import annotations

from collections.abc import Sequence

LEAST_GAINED = 20
"""Counted units; what was written before says nothing about the speed."""


def remaining_seconds(left: Sequence[int], gained: int, seconds: float, slots: int) -> float | None:
    """Seconds until the last section is written; None while nothing is known.

    As many sections as there are slots are written at once, so it takes at least as long as the
    work shared by all slots, and as the longest section in one of them (Graham's bounds for list
    scheduling, SIAM J. Appl. Math. 17, 1969).

    Args:
        left: counted units that each unfinished section lacks.
        gained: units written so far, in all slots together.
        seconds: how long that took, above 0 to be known.
        slots: sections that were written at the same time, at least 1.
    """
    missing = [units for units in left if units > 0]
    if not missing:
        return 0.0
    if gained < LEAST_GAINED or seconds <= 0:
        return None
    each = gained / seconds / max(1, slots)
    busy = min(max(1, slots), len(missing))
    return max(sum(missing) / busy, max(missing)) / each
