"""LonGen, the benchmark of Self-Lengthen (Quan et al. 2024, arXiv 2410.23933)."""

from __future__ import annotations

from domain.length.contract import Length


def interval(length: Length) -> tuple[float, float]:
    """The accepted numbers of words: 20 % around, the range itself, half as much beyond a bound."""
    value = float(length.value)
    if length.high is not None:
        return value, float(length.high)
    return {
        "about": (0.8 * value, 1.2 * value),
        "at_least": (value, 1.5 * value),
        "at_most": (0.5 * value, value),
    }[length.relation]


def score(length: Length, words: int) -> float:
    """The length score, 0 to 1: 0 at half the lower and at one and a half times the upper bound."""
    low, high = interval(length)
    if words < low:
        return max(0.0, 2 * words / low - 1)
    if words > high:
        return max(0.0, 3 - 2 * words / high)
    return 1.0
