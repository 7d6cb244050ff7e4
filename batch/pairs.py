"""Which drafts and revisions make preference pairs from which length cannot be learnt instead.

A preference for the longer of two answers is the easiest to learn (Singhal et al. 2023, arXiv
2310.03716): each pair is matched in length, and over all pairs neither side is the longer one.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from statistics import fmean
from typing import Literal

from batch.records import Pair, PairKind
from core.errors import RequestError
from domain.text.counter import count

Unfit = Literal["empty", "same", "unscored", "not_better", "length", "spare", "balance"]
"""Without text; the same texts; no scores; the chosen one scores no higher; too far apart in
length; a closer draft of the same place is taken; taken out so that lengths balance."""

_Leaning = tuple[float, str]
"""How much longer the chosen text is, as ln of a ratio, and the pair's id."""
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
    """Which candidates are pairs, and why the others are none."""

    pairs: frozenset[str]
    """Their ids."""
    unfit: Mapping[tuple[PairKind, Unfit], int]
    """How many of each kind for each reason."""
    leans: Mapping[str, float]
    """By kind, the mean of ln(chosen / rejected length): above 0 where what is chosen is longer."""

    @property
    def candidates(self) -> int:
        """All that were looked at."""
        return len(self.pairs) + sum(self.unfit.values())


class Matcher:
    """Chooses pairs among candidates: rejected drafts beside the text that was preferred to them.

    Of the drafts that one text was preferred to (the same turns and chosen text), the one closest
    in length is taken; lengths are balanced within each kind, so that each can be used alone.
    Keeps no text: some 200 bytes a candidate. Their order decides ties only.

    Args:
        rules: what makes a pair.
    """

    def __init__(self, rules: Matching = USUAL) -> None:
        self._rules = rules
        self._unfit: Counter[tuple[PairKind, Unfit]] = Counter()
        self._places: defaultdict[tuple[PairKind, bytes], list[_Leaning]] = defaultdict(list)

    def add(self, pair: Pair) -> bool:
        """Look at a candidate, whose id is its own; whether it may be chosen."""
        leaning = lean(pair)
        reason = _unfit(pair, leaning, self._rules)
        if reason is None:
            self._places[pair.kind, _place(pair)].append((leaning, pair.id))
        else:
            self._unfit[pair.kind, reason] += 1
        return reason is None

    def matched(self) -> Matched:
        """The choice among all that were added."""
        unfit, kinds = self._unfit.copy(), defaultdict[PairKind, list[_Leaning]](list)
        for (kind, _), rivals in self._places.items():
            kinds[kind].append(min(rivals, key=lambda rival: abs(rival[0])))
            unfit[kind, "spare"] += len(rivals) - 1
        kept = {kind: _balanced(taken, self._rules.balance) for kind, taken in kinds.items()}
        for kind, chosen in kept.items():
            unfit[kind, "balance"] += len(kinds[kind]) - len(chosen)
        return Matched(
            frozenset(name for chosen in kept.values() for _, name in chosen),
            {which: number for which, number in unfit.items() if number},
            {kind: fmean(leaning for leaning, _ in chosen) for kind, chosen in kept.items()
             if chosen},
        )  # fmt: skip


def match(candidates: Iterable[Pair], rules: Matching = USUAL) -> Matched:
    """The choice among these candidates."""
    matcher = Matcher(rules)
    for pair in candidates:
        matcher.add(pair)
    return matcher.matched()


def _place(pair: Pair) -> bytes:
    """Tells the texts that something was preferred to something else for apart."""
    digest = blake2b(digest_size=16)
    for text in (*(f"{turn.role}:{turn.text}" for turn in pair.turns), pair.chosen):
        data = text.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8) + data)
    return digest.digest()


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


def _balanced(taken: list[_Leaning], most: float | None) -> list[_Leaning]:
    """Without those that lean most to the heavier side, until the mean is small."""
    order = sorted(taken)
    first, last, total = 0, len(order), math.fsum(leaning for leaning, _ in taken)
    while most is not None and first < last and abs(total) > (most + _ROUNDING) * (last - first):
        if total > 0:
            last -= 1
            total -= order[last][0]
        else:
            total -= order[first][0]
            first += 1
    return order[first:last]
