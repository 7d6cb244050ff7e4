"""Ruler's target lengths (Li et al. 2024, arXiv 2409.18943): precise and flexible match."""

from __future__ import annotations

import math

from core.errors import RequestError

Interval = tuple[float, float]
"""Above the first, up to and including the second."""

MATCHES: dict[int, tuple[Interval, Interval]] = {
    10: ((0, 20), (0, 20)),
    30: ((20, 40), (20, 40)),
    50: ((40, 60), (40, 60)),
    80: ((70, 90), (60, 100)),
    150: ((130, 170), (100, 200)),
    300: ((280, 320), (200, 400)),
    500: ((450, 550), (400, 600)),
    700: ((630, 770), (600, 800)),
    801: ((800, math.inf), (800, math.inf)),
}
"""By target, precise and flexible; 801 stands for the benchmark's `>800`."""
LEVELS = {"L0": (10, 30, 50, 80), "L1": (150, 300, 500), "L2": (700, 801)}
"""Targets that are reported together."""


def matched(target: int, words: int) -> tuple[bool, bool]:
    """Whether so many words match a target precisely, and flexibly.

    Raises:
        RequestError: the benchmark has no such target.
    """
    known = MATCHES.get(801 if target > 800 else target)
    if known is None:
        raise RequestError(
            f"Ruler has no target of {target} words",
            f"Its targets: {', '.join(map(str, MATCHES))}.",
        )
    precise, flexible = (low < words <= high for low, high in known)
    return precise, flexible
