"""Knows how closely neighbouring passages of a text hang together, by their words or vectors.

The mean cosine of neighbours is the measure of Foltz, Kintsch & Landauer (1998), "The measurement
of textual coherence with latent semantic analysis", Discourse Processes 25; with plain counts of
content words instead of their vectors it is what Coh-Metrix calls content word overlap (Graesser,
McNamara, Louwerse & Cai 2004, Behavior Research Methods 36).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum, isfinite, sqrt
from typing import ClassVar

from domain.score import Score
from domain.text.vocabulary import terms
from evaluators.base import Reporter, Subject
from evaluators.structure import is_verse, passages, without_code
from evaluators.thresholds import DEFAULTS, Thresholds

SEMANTIC = "semantic_cohesion"
"""Name of the score that is computed from vectors."""
_VERSION = 1
_FEWEST_TERMS = 8
"""Content words; shorter passages (a line of dialogue, an item) are left out."""
_FEWEST_PAIRS = 4
_ENOUGH_PAIRS = 8
"""Below this, even sound neighbours may share no word by chance, and nothing is warned of."""


@dataclass(frozen=True)
class Cohesion:
    """Warns of a text whose neighbouring passages share hardly any content word.

    Measures words only: a good text may say the same thing in ever new ones. Hence the limit is
    far below what clean texts score.
    """

    thresholds: Thresholds = DEFAULTS
    name: ClassVar[str] = "cohesion"
    version: ClassVar[int] = _VERSION

    def evaluate(self, subject: Subject) -> Score:
        """100 times the mean cosine of neighbours; unscored below five passages of prose."""
        report = Reporter(self.name, self.version, subject.key)
        bags = [Counter(terms(passage)) for passage in cohesion_passages(subject.text)]
        pairs = list(pairwise(bags))
        if len(pairs) < _FEWEST_PAIRS:
            return report.unscored(f"fewer than {_FEWEST_PAIRS + 1} passages of prose")
        mean = fsum(_overlap(one, other) for one, other in pairs) / len(pairs)
        if mean >= self.thresholds.cohesion_floor or len(pairs) < _ENOUGH_PAIRS:
            return report.score((), 100 * mean)
        message = f"its passages hardly share a word with their neighbours (mean cosine {mean:.3f})"
        return report.score([report.warn(message)], 100 * mean)


def cohesion_passages(text: str) -> list[str]:
    """The passages that are compared: prose, quotations and lists long enough, no verse."""
    seen = without_code(text)
    found = [seen[start:end] for start, end in passages(seen)]
    return [part for part in found if not is_verse(part) and len(terms(part)) >= _FEWEST_TERMS]


def semantic_cohesion(vectors: Sequence[Sequence[float]]) -> Score:
    """100 times the mean cosine of neighbouring vectors, one for each of `cohesion_passages`.

    It has no limit and never warns: what is a high cosine differs from one embedding model to the
    next. Opposite vectors count as 0. Unscored below five vectors, or where they are none.
    """
    report = Reporter(SEMANTIC, _VERSION)
    pairs = list(pairwise(vectors))
    if len(pairs) < _FEWEST_PAIRS:
        return report.unscored(f"fewer than {_FEWEST_PAIRS + 1} passages of prose")
    if len({len(vector) for vector in vectors}) > 1:
        return report.unscored("the vectors differ in length")
    cosines = [_cosine(one, other) for one, other in pairs]
    if not all(map(isfinite, cosines)):
        return report.unscored("a vector has no direction")
    return report.score((), 100 * min(1.0, max(0.0, fsum(cosines) / len(cosines))))


def _overlap(one: Counter[str], other: Counter[str]) -> float:
    shared = sum(times * other[term] for term, times in one.items())
    return shared / sqrt(_square(one) * _square(other))


def _square(bag: Counter[str]) -> int:
    return sum(times * times for times in bag.values())


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    size = sqrt(fsum(x * x for x in one)) * sqrt(fsum(y * y for y in other))
    return fsum(x * y for x, y in zip(one, other, strict=True)) / size if size else float("nan")
