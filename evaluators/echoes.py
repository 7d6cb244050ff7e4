"""Knows where else in a document a passage stands, word for word or nearly so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from domain.text.ngrams import containment, shingles
from domain.text.vocabulary import dice, terms
from evaluators.edges import SectionEdge
from evaluators.repetition import Passage, sentences_of
from evaluators.structure import passages, without_code

LIKE = 0.5
"""Share of a passage's word sequences from which another one is its echo."""

Spot = tuple[str, int, int]
"""A section's key, start and end in its text."""


@dataclass(frozen=True)
class Echoes:
    """The sections of a document, as far as one may repeat another.

    Made for one document and thrown away: what is compared is kept.
    """

    texts: Mapping[str, str]
    """By key, in reading order."""

    def of(self, spot: Spot) -> Spot | None:
        """The other place that a repeated passage has, the first if there are several."""
        key, start, end = spot
        name = Passage(start, end, self.texts[key][start:end]).name
        exact = next((one for one in self._named.get(name, ()) if not _same(one, spot)), None)
        if exact is not None:
            return _spot(exact)
        wanted = shingles(name)
        others = [one for one in self._all if not _same(one, spot)]
        best = max(
            others, key=lambda one: containment(wanted, self._shingles(one[1])), default=None
        )
        if best is None or containment(wanted, self._shingles(best[1])) < LIKE:
            return None
        return _spot(best)

    def across(self, spot: Spot) -> Spot | None:
        """What a passage at a section's edge is to be read with: the neighbour's edge.

        For an opening that is the sentence it resembles most, of those that the section before
        begins and ends with or other sections begin with; else the last one before it.
        """
        key, start, _ = spot
        keys = list(self.texts)
        at = keys.index(key)
        opening = self._edge(key).opening
        if not opening or start > opening[-1][0]:
            return self._first(keys[at + 1]) if at + 1 < len(keys) else None
        if not at:
            return None
        found = [*self._near(keys[at - 1])]
        found += [one for other in keys if other != key and (one := self._first(other))]
        mine = set(terms(self.texts[key][start : spot[2]]))
        return max(found, key=lambda one: dice(mine, set(terms(self._read(one)))), default=None)

    @cached_property
    def _all(self) -> list[tuple[str, Passage]]:
        return [(key, piece) for key, text in self.texts.items() for piece in _pieces(text)]

    @cached_property
    def _named(self) -> dict[str, list[tuple[str, Passage]]]:
        found: dict[str, list[tuple[str, Passage]]] = {}
        for one in self._all:
            found.setdefault(one[1].name, []).append(one)
        return found

    @cached_property
    def _known(self) -> dict[str, frozenset[str]]:
        return {}

    def _shingles(self, passage: Passage) -> frozenset[str]:
        if passage.text not in self._known:
            self._known[passage.text] = shingles(passage.name)
        return self._known[passage.text]

    def _edge(self, key: str) -> SectionEdge:
        return SectionEdge(key, "", self.texts[key])

    def _first(self, key: str) -> Spot | None:
        return next(((key, *span) for span in self._edge(key).opening), None)

    def _near(self, key: str) -> Iterator[Spot]:
        edge = self._edge(key)
        yield from ((key, *span) for span in (*edge.closing[::-1], *edge.opening))

    def _read(self, spot: Spot) -> str:
        return self.texts[spot[0]][spot[1] : spot[2]]


def _spot(one: tuple[str, Passage]) -> Spot:
    return one[0], one[1].start, one[1].end


def _same(one: tuple[str, Passage], spot: Spot) -> bool:
    """Whether a passage is the one looked for, or a part of it, or holds it."""
    return one[0] == spot[0] and one[1].start < spot[2] and spot[1] < one[1].end


def _pieces(text: str) -> Iterator[Passage]:
    seen = without_code(text)
    whole = [Passage(start, end, seen[start:end]) for start, end in passages(seen)]
    yield from whole
    yield from sentences_of(whole)
