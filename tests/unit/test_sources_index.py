"""A question finds the passage that answers it, among hundreds that are like it."""

from __future__ import annotations

import pytest

from sources import markdown
from sources.extract import Extract, Place, placed
from sources.index import Index, fused
from sources.passages import Passage, passages
from sources.terms import singular, terms
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
    index = Index(SMALL, [(0.0, 1.0), (0.0, 0.9), (1.0, 0.0), (0.7, 0.7)])
    hits = index.search("tides", 4, (2.0, 0.1))
    assert hits[0].passage.id == "2"
    assert {hit.passage.id for hit in hits} == {"0", "1", "2", "3"}
    assert index.search("tides", 4) == Index(SMALL).search("tides", 4)


def test_ranks_are_fused_by_their_reciprocals() -> None:
    assert fused([[7, 8], [8]]) == {7: 1 / 61, 8: 1 / 62 + 1 / 61}


def test_vectors_must_fit() -> None:
    with pytest.raises(ValueError, match="1 vectors for 4 passages"):
        Index(SMALL, [(1.0,)])
    with pytest.raises(ValueError, match="unlike"):
        Index(SMALL[:2], [(1.0,), (1.0, 2.0)])
    with pytest.raises(ValueError, match="argument"):
        Index(SMALL[:1], [(1.0,)]).search("x", 1, (1.0, 2.0))


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
