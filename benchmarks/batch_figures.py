"""Figures of a batch's calls, as the endpoint's log has them: slots in use, makespan, its bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """One call at the endpoint; seconds since its start."""

    begun: float
    ended: float

    @property
    def took(self) -> float:
        """Seconds."""
        return self.ended - self.begun


@dataclass(frozen=True)
class Schedule:
    """How well some slots were used."""

    calls: int
    slots: int
    busy: float
    """Seconds of all calls together."""
    makespan: float
    """From the first call's beginning to the last one's end."""
    bound: float
    """No schedule is shorter: every slot always busy, or the longest chain of one document."""
    use: float
    """Share of the slots in use, 0 to 1, until as many calls as there are slots are to begin."""

    @property
    def ratio(self) -> float:
        """Makespan over bound, 1 at best."""
        return self.makespan / self.bound


def schedule(spans: Sequence[Span], chains: Sequence[Sequence[float]], slots: int) -> Schedule:
    """Judge more calls than there are slots.

    Args:
        spans: the calls, as the endpoint saw them.
        chains: each document's calls in their order, in seconds; the first is its plan, which all
            others wait for.
        slots: that the endpoint has.
    """
    ordered = sorted(spans, key=lambda span: span.begun)
    first, last = ordered[0].begun, max(span.ended for span in ordered)
    until = ordered[-slots].begun
    used = sum(min(span.ended, until) - span.begun for span in ordered if span.begun < until)
    busy = sum(span.took for span in ordered)
    longest = max(plan + max(others, default=0.0) for plan, *others in chains)
    return Schedule(
        len(ordered), slots, busy, last - first, max(busy / slots, longest),
        used / (slots * (until - first)),
    )  # fmt: skip


@dataclass(frozen=True)
class Memory:
    """How a process grew: resident bytes, measured at equal intervals; at least ten times."""

    sizes: Sequence[int]

    @property
    def first(self) -> int:
        """The most of the first tenth."""
        return max(self.sizes[: max(1, len(self.sizes) // 10)])

    @property
    def later(self) -> int:
        """The most of the second half."""
        return max(self.sizes[len(self.sizes) // 2 :])

    @property
    def growth(self) -> float:
        """Second half over first tenth."""
        return self.later / self.first
