"""LongBench-Write and LongWrite-Ruler (Bai et al. 2024, arXiv 2408.07055).

The length score S_l is `domain.length.contract.length_score`; the counter is `longwriter`.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.critique import quality_of

DIMENSIONS = (
    "Relevance", "Accuracy", "Coherence", "Clarity", "Breadth and Depth", "Reading Experience",
)  # fmt: skip
BUCKETS = (500, 2000, 4000, 20_000)
"""Upper bounds, exclusive, of required lengths that are reported together."""


def s_q(grades: Mapping[str, int]) -> float | None:
    """The quality score of one text, 0 to 100.

    Args:
        grades: 1 to 5 for each of the six dimensions.

    Returns:
        None, *unscored*, unless every dimension has a whole grade in range.
    """
    found = [grades.get(name) for name in DIMENSIONS]
    good = [g for g in found if isinstance(g, int) and not isinstance(g, bool) and 1 <= g <= 5]
    return quality_of(good) if len(good) == len(DIMENSIONS) else None


def overall(length: float, quality: float) -> float:
    """The mean of S_l and S_q."""
    return (length + quality) / 2


def bucket(required: int) -> str:
    """The class of a required length, such as `500-2000`; longer ones count to the last."""
    low = 0
    for high in BUCKETS:
        if required < high or high == BUCKETS[-1]:
            return f"<{high}" if low == 0 else f"{low}-{high}"
        low = high
    raise AssertionError("the last bucket takes everything")
