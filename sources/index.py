"""Finds passages for a question: by their words, and by their meaning where vectors are given."""

from __future__ import annotations

import math
from collections import Counter as Tally
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest

from sources.passages import Passage
from sources.terms import terms
from sources.vectors import Vectors

K1 = 1.2
B = 0.75
FUSION = 60
"""What a rank is softened by when two rankings are joined."""
_POOL = 4
"""Times as many passages of each ranking are joined as are wanted in the end."""
MAX_QUERY = 400
"""Terms of a question that are heeded: the first ones."""


@dataclass(frozen=True)
class Hit:
    """A passage that was found."""

    passage: Passage
    score: float
    """Comparable only with others of the same search."""


class Index:
    """Passages to search, in the order of their reading. The same search finds the same.

    Words are weighed by BM25 (Robertson and Zaragoza 2009, "The Probabilistic Relevance
    Framework"), with an inverse document frequency that is never negative: ln(1 + (N - n + 0.5) /
    (n + 0.5)). A passage's headings count among its words.

    Args:
        passages: of any number of sources.
        vectors: theirs, in the same order; None: there are none.

    Raises:
        ValueError: there are vectors, but not one for each passage.
    """

    def __init__(self, passages: Iterable[Passage], vectors: Vectors | None = None) -> None:
        self.passages = tuple(passages)
        if vectors is not None and vectors.count != len(self.passages):
            raise ValueError(f"{vectors.count} vectors for {len(self.passages)} passages")
        self._vectors = vectors
        self._postings: dict[str, list[tuple[int, int]]] = {}
        sizes = [self._add(number, passage) for number, passage in enumerate(self.passages)]
        mean = sum(sizes) / len(sizes) if sizes else 1.0
        self._norms = [K1 * (1 - B + B * size / max(mean, 1.0)) for size in sizes]

    def search(self, query: str, k: int = 8, vector: bytes = b"") -> list[Hit]:
        """The best passages for a question, best first; of equals the one that stands first.

        Where the index and the question both have vectors, the rankings by words and by meaning
        are fused by reciprocal rank (Cormack, Clarke and Büttcher 2009).

        Args:
            query: in any words.
            k: how many at most; a passage that shares no word with the question is left out,
                unless its meaning is near.
            vector: the question's, `packed`; empty: it has none.

        Raises:
            ValueError: the vector is not as long as those of the passages.
        """
        if not vector or self._vectors is None:
            return self._hits(self._by_words(query), k)
        pool = max(k * _POOL, 1)
        by_words = [number for number, _ in _best(self._by_words(query), pool)]
        return self._hits(fused((by_words, self._vectors.near(vector, pool))), k)

    def _add(self, number: int, passage: Passage) -> int:
        """Take a passage in; how many terms it has."""
        text = "\n".join((*passage.place.headings, passage.text))
        tally = Tally(terms(text))
        for term, times in tally.items():
            self._postings.setdefault(term, []).append((number, times))
        return tally.total()

    def _by_words(self, query: str) -> dict[int, float]:
        scores: dict[int, float] = {}
        asked = list(terms(query[: MAX_QUERY * 20]))[:MAX_QUERY]
        for term, weight in sorted(Tally(asked).items()):
            postings = self._postings.get(term, ())
            rarity = math.log1p((len(self.passages) - len(postings) + 0.5) / (len(postings) + 0.5))
            for number, times in postings:
                share = times * (K1 + 1) / (times + self._norms[number])
                scores[number] = scores.get(number, 0.0) + weight * rarity * share
        return scores

    def _hits(self, scores: dict[int, float], k: int) -> list[Hit]:
        return [Hit(self.passages[number], score) for number, score in _best(scores, k)]


def fused(rankings: Iterable[Sequence[int]]) -> dict[int, float]:
    """Number → sum over the rankings of 1 / (60 + rank), ranks from 1."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, number in enumerate(ranking, 1):
            scores[number] = scores.get(number, 0.0) + 1 / (FUSION + rank)
    return scores


def _best(scores: dict[int, float], k: int) -> list[tuple[int, float]]:
    return nsmallest(max(k, 0), scores.items(), key=lambda pair: (-pair[1], pair[0]))
