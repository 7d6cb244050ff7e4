"""A number that is not known yet: the least, the likely and the most that it may become."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """0 <= low <= likely <= high; sums and products are taken one by one."""

    low: float = 0.0
    likely: float = 0.0
    high: float = 0.0

    @classmethod
    def exactly(cls, value: float) -> Spread:
        """A number that is known."""
        return cls(value, value, value)

    def __add__(self, other: Spread) -> Spread:
        """Sum."""
        return Spread(self.low + other.low, self.likely + other.likely, self.high + other.high)

    def __mul__(self, other: Spread | float) -> Spread:
        """Product, with a number or with another spread."""
        by = other if isinstance(other, Spread) else Spread.exactly(other)
        return Spread(self.low * by.low, self.likely * by.likely, self.high * by.high)

    def per(self, rate: Spread) -> Spread:
        """What takes so long at a rate: least at the highest one. Every rate is above 0."""
        return Spread(self.low / rate.high, self.likely / rate.likely, self.high / rate.low)

    def at_most(self, limit: float) -> Spread:
        """The same, bounded."""
        return Spread(min(self.low, limit), min(self.likely, limit), min(self.high, limit))

    def larger(self, other: Spread) -> Spread:
        """The larger one, by each of the three."""
        return Spread(
            max(self.low, other.low), max(self.likely, other.likely), max(self.high, other.high)
        )

    def holds(self, value: float) -> bool:
        """Whether a number lies within."""
        return self.low <= value <= self.high

    def to_dict(self, digits: int | None = None) -> dict[str, float]:
        """Plain values: whole numbers, or with so many digits after the point."""
        return {
            "low": round(self.low, digits),
            "likely": round(self.likely, digits),
            "high": round(self.high, digits),
        }


def total(spreads: Iterable[Spread]) -> Spread:
    """Their sum."""
    return sum(spreads, Spread())
