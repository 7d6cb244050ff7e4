"""Knows how a length is divided into parts and sections.

All sums are exact: the largest-remainder method, computed with fractions.
"""

import bisect
import math
from collections.abc import Sequence
from fractions import Fraction

LEAF_LOW = 200
LEAF_HIGH = 1_000
"""Shortest and longest section worth one call, in counted units."""
ONE_LEVEL = 12
"""Up to this many sections a document needs no parts."""

_SUGGESTED = ((300, 1), (500, 2), (800, 4), (1_000, 4), (2_000, 5), (5_000, 11), (10_000, 20),
              (20_000, 40), (100_000, 180))  # fmt: skip
_NONSENSE = 10
"""An asked number beyond this many medians is a slip, not a wish."""


def apportion(total: int, weights: Sequence[float], *, low: int = 1) -> list[int]:
    """Whole shares of `total` in proportion to `weights`, each at least `low`; the sum is exact.

    Raises `ValueError` if the floors do not fit, or if a weight is negative or not finite.
    Weights that are all zero count as equal.
    """
    if not all(math.isfinite(weight) and weight >= 0 for weight in weights):
        raise ValueError("weights must be finite and not negative")
    if low * len(weights) > total or (not weights and total):
        raise ValueError(f"{total} cannot be divided into {len(weights)} shares of at least {low}")
    exact = [Fraction(weight) for weight in weights]
    shares = [low] * len(exact)
    free = list(range(len(exact)))
    while free:
        rest = total - low * (len(shares) - len(free))
        ideal = _proportion(rest, [exact[i] for i in free])
        kept = [i for i, share in zip(free, ideal, strict=True) if share >= low]
        if len(kept) == len(free):
            for i, share in zip(free, _rounded(ideal), strict=True):
                shares[i] = share
            break
        free = kept
    return shares


def section_count(total: int) -> tuple[int, int, int]:
    """Fewest, suggested and most sections for a document of `total` counted units."""
    most = max(1, total // LEAF_LOW)
    fewest = max(1, math.ceil(total / LEAF_HIGH))
    return fewest, min(max(_suggested(total), fewest), max(most, fewest)), max(most, fewest)


def leaves_in(share: int, total: int) -> int:
    """Sections that a part of `share` counted units gets in a document of `total`."""
    return max(1, round(share * section_count(total)[1] / max(1, total)))


def part_count(leaves: int) -> int:
    """Parts that `leaves` sections are grouped in; as many as sections when one level will do."""
    if leaves <= ONE_LEVEL:
        return max(leaves, 0)
    return round(0.846 * math.pow(leaves, 0.609))  # 40 sections in 8 parts, 180 in 20


def normalise(asked: Sequence[float | int | None], total: int, *, low: int = 1) -> list[int]:
    """A planner's section targets, made to sum to `total` exactly.

    Missing, non-positive, non-finite and absurdly large numbers take the mean of the others; each
    is then held between half and twice that mean, and all are rescaled. Raises `ValueError` if
    `total` cannot give each section `low`.
    """
    numbers = [_sound(number) for number in asked]
    known = sorted(number for number in numbers if number)
    ceiling = known[len(known) // 2] * _NONSENSE if known else 0.0
    known = [number for number in known if number <= ceiling]
    mean = sum(known) / len(known) if known else 1.0
    weights = [
        min(max(number, mean / 2), mean * 2) if 0 < number <= ceiling else mean
        for number in numbers
    ]
    return apportion(total, weights, low=low)


def _proportion(total: int, weights: list[Fraction]) -> list[Fraction]:
    whole = sum(weights, Fraction())
    if not whole:
        return [Fraction(total, len(weights))] * len(weights)
    return [total * weight / whole for weight in weights]


def _rounded(ideal: list[Fraction]) -> list[int]:
    """Whole numbers with the same (whole) sum: the largest remainders are rounded up."""
    shares = [math.floor(share) for share in ideal]
    missing = int(sum(ideal, Fraction())) - sum(shares)
    order = sorted(range(len(ideal)), key=lambda i: (shares[i] - ideal[i], i))
    for i in order[:missing]:
        shares[i] += 1
    return shares


def _suggested(total: int) -> int:
    """Linear between the listed sizes, 556 words a section beyond the last."""
    lengths = [length for length, _ in _SUGGESTED]
    at = bisect.bisect_right(lengths, total)
    if at == 0:
        return 1
    if at == len(lengths):
        return total * _SUGGESTED[-1][1] // _SUGGESTED[-1][0]
    (x0, y0), (x1, y1) = _SUGGESTED[at - 1], _SUGGESTED[at]
    return y0 + (total - x0) * (y1 - y0) // (x1 - x0)


def _sound(number: float | int | None) -> float:
    """The number itself if it can be a length or a weight, else 0."""
    if isinstance(number, bool) or not isinstance(number, int | float):
        return 0.0
    return float(number) if 0 < number <= 1e9 else 0.0
