"""A question finds the passage that answers it, among hundreds that are like it."""

from __future__ import annotations

import math
import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources import markdown
from sources.extract import Extract, Place, placed
from sources.index import Index, fused
from sources.passages import Passage, passages
from sources.terms import singular, terms
from sources.vectors import Vectors, packed
from tests.corpora.facts import Fact, chinese_report, report


def indexed(text: str) -> Index:
    draft = markdown.read(text.encode())
    return Index(passages(Extract("T", "", "md", "", 0, placed(draft.pieces))))


def recall(index: Index, facts: list[Fact], k: int = 8) -> float:
    found = (
        any(fact.sentence in hit.passage.text for hit in index.search(fact.question, k))
        for fact in facts
    )
    return sum(found) / len(facts)


def held(vectors: list[tuple[float, ...]]) -> Vectors:
    return Vectors([packed([each]) for each in vectors], len(vectors), len(vectors[0]))


def passage(number: int, text: str, *headings: str) -> Passage:
    return Passage(str(number), "s", "A source", text, Place(0, headings), 0, len(text))


SMALL = [
    passage(0, "Tides turn the mills of the coast."),
    passage(1, "The council of Varnholm keeps its letters."),
    passage(2, "Wheat and copper were traded.", "Tides"),
    passage(3, "潮汐推动海岸的水车。"),
]


def test_facts_of_300_pages_are_found() -> None:
    text, facts = report(300)
    assert recall(indexed(text), facts) >= 0.95


def test_facts_of_a_chinese_report_are_found() -> None:
    text, facts = chinese_report(150)
    assert recall(indexed(text), facts) >= 0.95


def test_the_best_comes_first_and_always_the_same() -> None:
    index = Index(SMALL)
    hits = index.search("Which mill did the tide turn?")
    assert [hit.passage.id for hit in hits] == ["0", "2", "1"]
    assert hits[0].score > hits[1].score > hits[2].score > 0
    assert index.search("Which mill did the tide turn?") == hits
    assert [hit.passage.id for hit in index.search("水车在哪里？")] == ["3"]


@pytest.mark.parametrize("query", ["", "   ", "?!", "zebra"])
def test_what_is_nowhere_is_not_found(query: str) -> None:
    assert Index(SMALL).search(query) == []
    assert Index(()).search(query) == []


def test_no_more_than_asked() -> None:
    assert len(Index([passage(n, "the same words") for n in range(9)]).search("words", 3)) == 3
    assert Index(SMALL).search("tides", 0) == []


def test_meaning_and_words_are_fused() -> None:
    index = Index(SMALL, held([(0.0, 1.0), (0.0, 0.9), (1.0, 0.0), (0.7, 0.7)]))
    hits = index.search("tides", 4, packed([(2.0, 0.1)]))
    assert hits[0].passage.id == "2"
    assert {hit.passage.id for hit in hits} == {"0", "1", "2", "3"}
    assert index.search("tides", 4) == Index(SMALL).search("tides", 4)


def test_ranks_are_fused_by_their_reciprocals() -> None:
    assert fused([[7, 8], [8]]) == {7: 1 / 61, 8: 1 / 62 + 1 / 61}


def test_vectors_must_fit() -> None:
    with pytest.raises(ValueError, match="1 vectors for 4 passages"):
        Index(SMALL, held([(1.0,)]))
    with pytest.raises(ValueError, match="0 vectors for 1"):
        Vectors([], 1, 2)
    with pytest.raises(ValueError, match="2 numbers, not 1"):
        Index(SMALL[:1], held([(1.0,)])).search("x", 1, packed([(1.0, 2.0)]))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The Mills' stones", ["the", "mill", "stone"]),
        ("潮汐水车 mills 灯", ["潮汐", "汐水", "水车", "mill", "灯"]),
        ("ＡＢＣ １２", ["abc", "12"]),
        ("", []),
    ],
)
def test_terms(text: str, wanted: list[str]) -> None:
    assert list(terms(text)) == wanted


@pytest.mark.parametrize(
    ("word", "wanted"),
    [("mills", "mill"), ("cities", "city"), ("glass", "glass"), ("us", "us"), ("bus", "bus"),
     ("horses", "horse"), ("series", "sery"), ("gas", "gas"), ("étés", "étés")],
)  # fmt: skip
def test_plurals(word: str, wanted: str) -> None:
    assert singular(word) == wanted


FEW = st.lists(st.integers(-3, 3), min_size=4, max_size=4)


@given(st.lists(FEW, min_size=1, max_size=30), FEW, st.integers(0, 9))
def test_the_nearest_by_their_angle(vectors: list[list[int]], asked: list[int], most: int) -> None:
    def cosine(vector: list[int]) -> float:
        lengths = math.hypot(*vector) * math.hypot(*asked)
        return sum(a * b for a, b in zip(vector, asked, strict=True)) / lengths if lengths else 0

    near = held([tuple(each) for each in vectors]).near(packed([asked]), most)
    above = [place for place, vector in enumerate(vectors) if cosine(vector) > 0]
    assert len(near) == min(most, len(above))
    left = [cosine(vectors[place]) for place in above if place not in near]
    said = [cosine(vectors[place]) for place in near]
    assert all(a > b - 0.002 for a, b in pairwise([*said, *([max(left)] if left else [])]))
    same = [place for place in near if vectors[place] == vectors[near[0]]]
    assert same == sorted(same)


@given(st.lists(st.floats(-1e300, 1e300), min_size=2, max_size=5))
def test_a_packed_vector_is_one_long(vector: list[float]) -> None:
    numbers = struct.unpack(f"<{len(vector)}f", packed([vector]))
    assert math.hypot(*numbers) == pytest.approx(1 if any(vector) else 0, abs=1e-5)
