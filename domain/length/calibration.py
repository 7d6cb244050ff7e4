"""How much comes for a length that is asked for, learnt from what came."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass

PRIOR = 0.5
"""Answers' worth of belief that a model writes what it is asked for."""
MEMORY = 20.0
"""Answers after which older ones begin to fade."""
LIMIT = 3.0
"""At most so many times more or less is asked for than is wanted."""
IGNORED = 0.05
"""A smaller correction is none: it would be noise."""
SIZES = (150, 300, 600, 1200, 2400)
"""Upper bounds, in counted units, of goals that are learnt about together: a model that writes
700 words whatever it is asked for writes too much of the short ones and too little of the long."""


@dataclass(frozen=True)
class Calibration:
    """Produced length over asked length, as a geometric mean over the latest answers."""

    ratio: float = 1.0
    weight: float = 0.0
    """Answers that it stands for, 0 to `MEMORY`."""

    @property
    def factor(self) -> float:
        """The ratio to expect: shrunk towards 1 while little is known, within `LIMIT`."""
        believed = self.weight / (self.weight + PRIOR) * math.log(self.ratio)
        if abs(believed) < IGNORED:
            return 1.0
        return math.exp(max(-math.log(LIMIT), min(math.log(LIMIT), believed)))

    def asked(self, goal: int) -> int:
        """What to ask for so that `goal` units come; at least 1."""
        return max(1, round(goal / self.factor))

    def seen(self, asked: int, came: int) -> Calibration:
        """With one more answer. One of nothing, or for nothing, tells nothing."""
        if asked <= 0 or came <= 0:
            return self
        weight = min(MEMORY, self.weight + 1)
        news = max(-math.log(2 * LIMIT), min(math.log(2 * LIMIT), math.log(came / asked)))
        ratio = math.exp(math.log(self.ratio) + (news - math.log(self.ratio)) / weight)
        return Calibration(ratio, weight)


def size_of(goal: int) -> str:
    """The class of goals that this one belongs to, such as `300` or `more`."""
    place = bisect_left(SIZES, goal)
    return str(SIZES[place]) if place < len(SIZES) else "more"
