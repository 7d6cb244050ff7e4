"""Which drafts and revisions make preference pairs from which length cannot be learnt instead.

A preference for the longer of two answers is the easiest to learn (Singhal et al. 2023, arXiv
2310.03716): each pair is matched in length, and over all pairs neither side is the longer one.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from batch.records import Pair
from core.errors import RequestError
from domain.text import count

Unfit = Literal["empty", "same", "unscored", "not_better", "length", "spare", "balance"]
"""Without text; the same texts; no scores; the chosen one scores no higher; too far apart in
length; a closer draft of the same place is taken; taken out so that lengths balance."""


_Leaning = tuple[float, Pair]
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Matching:
    """What makes a pair.

    Raises `RequestError` where a number is outside its range.
    """

    apart: float = 0.1
    """How far the lengths of a pair may lie apart, 0 to 1, as a share of the longer one."""
    margin: float = 1.0
    """Points, 0 to 100, by which the chosen answer must score higher."""
    balance: float | None = 0.02
    """How far the mean of ln(chosen / rejected length) may lie from 0; None: anywhere. Where every
    revision is longer, pairs that balance are few or none."""
    scores: bool = True
    """Whether a pair needs scores. Without, who accepted the revision is trusted."""

    def __post_init__(self) -> None:
        sound = 0 <= self.apart <= 1 and 0 <= self.margin <= 100
        if not sound or (self.balance is not None and not self.balance >= 0):
            raise RequestError(
                "what makes a pair is out of range",
                "apart lies in 0 to 1, margin in 0 to 100, balance from 0 on.",
            )


USUAL = Matching()


@dataclass(frozen=True)
class Matched:
    """The pairs in the order of their candidates, and the ids of the others by reason."""

    pairs: tuple[Pair, ...]
    unfit: tuple[tuple[str, Unfit], ...]

    @property
    def lean(self) -> float:
        """Mean of ln(chosen / rejected length): above 0 where what is chosen is longer."""
        return fmean(map(lean, self.pairs)) if self.pairs else 0.0


def match(candidates: Iterable[Pair], rules: Matching = USUAL) -> Matched:
    """Choose pairs among candidates: every rejected draft beside the revision that was accepted.

    Of the drafts that one text was preferred to (the same turns and chosen text), the one
    closest in length is taken. Pure; the order of candidates decides ties only.

    Args:
        candidates: with ids of their own; held in memory.
        rules: what makes a pair.
    """
    unfit: list[tuple[str, Unfit]] = []
    places: defaultdict[tuple[object, ...], list[_Leaning]] = defaultdict(list)
    for pair in candidates:
        leaning = lean(pair)
        if reason := _unfit(pair, leaning, rules):
            unfit.append((pair.id, reason))
        else:
            places[pair.level, pair.turns, pair.chosen].append((leaning, pair))
    taken: list[_Leaning] = []
    for rivals in places.values():
        best, *others = sorted(rivals, key=lambda rival: abs(rival[0]))
        taken.append(best)
        unfit += [(other.id, "spare") for _, other in others]
    kept, heavy = _balanced(taken, rules.balance)
    return Matched(tuple(kept), (*unfit, *((pair.id, "balance") for pair in heavy)))


def lean(pair: Pair) -> float:
    """ln(chosen / rejected length) in counted units; 0 for equal lengths."""
    return math.log(max(1, count(pair.chosen)) / max(1, count(pair.rejected)))


def _unfit(pair: Pair, leaning: float, rules: Matching) -> Unfit | None:
    chosen, rejected = pair.chosen.strip(), pair.rejected.strip()
    if not chosen or not rejected:
        return "empty"
    if chosen == rejected:
        return "same"
    if rules.scores:
        if pair.chosen_score is None or pair.rejected_score is None:
            return "unscored"
        if not pair.chosen_score - pair.rejected_score >= rules.margin:
            return "not_better"
    return "length" if 1 - math.exp(-abs(leaning)) > rules.apart + _ROUNDING else None


def _balanced(taken: Sequence[_Leaning], most: float | None) -> tuple[list[Pair], list[Pair]]:
    """The pairs without those that lean most to the heavier side, until the mean is small."""
    if most is None:
        return [pair for _, pair in taken], []
    order = sorted(range(len(taken)), key=lambda n: taken[n][0])
    first, last, total = 0, len(order), math.fsum(leaning for leaning, _ in taken)
    while first < last and abs(total) > (most + _ROUNDING) * (last - first):
        if total > 0:
            last -= 1
            total -= taken[order[last]][0]
        else:
            total -= taken[order[first]][0]
            first += 1
    kept = set(order[first:last])
    return (
        [pair for n, (_, pair) in enumerate(taken) if n in kept],
        [pair for n, (_, pair) in enumerate(taken) if n not in kept],
    )
