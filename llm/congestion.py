"""Knows how many calls at once an endpoint bears, from how the last ones ended."""

from __future__ import annotations


class Congestion:
    """Additive increase, multiplicative decrease (Chiu and Jain, 1989).

    Calls that were under way when it was lowered do not lower it again: they are news of the
    same overload.

    Args:
        most: calls at once, at least 1; never exceeded.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.round = 0
        """Goes up with every decrease; a call remembers the one in which it began."""
        self._allowed = float(most)

    @property
    def allowed(self) -> int:
        """Calls at once for now, 1 to `most`."""
        return int(self._allowed)

    def eased(self) -> None:
        """A call succeeded: one more at once for every `allowed` of these."""
        self._allowed = min(float(self.most), self._allowed + 1 / self._allowed)

    def overloaded(self, began: int) -> None:
        """A call that began in that round met an overload: half as many at once, at least 1."""
        if began == self.round:
            self._allowed = max(1.0, self._allowed / 2)
            self.round += 1
