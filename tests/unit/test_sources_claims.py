"""Which sentences lean on sources, and what in them the sources do not have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.claims import claims, doubts
from sources.extract import Place
from sources.passages import Passage
from sources.showing import numbered


def passage(name: str, text: str, *headings: str) -> Passage:
    return Passage(name, "s", "T", text, Place(0, headings), 0, len(text))


MILL = "The mill of Varnholm was built in 1862. It has 1,214 stones, or 3.50 a day."
KEEPER = "Its keeper called it “the last of its kind”. 水车建于1862年，他说“这是最后一座”。"
GIVEN = numbered([passage("a", MILL, "§7"), passage("b", KEEPER)])


def found(text: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(claim.sentence, claim.numbers) for claim in claims(text, GIVEN)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("It was built [1]. Nobody knows why.", [("It was built.", (1,))]),
        ("It was built. [1] Nobody knows.", [("It was built.", (1,))]),
        ("It was built.[1] Nobody knows [2].", [("It was built.", (1,)), ("Nobody knows.", (2,))]),
        ("Both [1, 2] and again [1].", [("Both and again.", (1, 2))]),
        ("水车很老。[1]人们记得[2]。没有。", [("水车很老。", (1,)), ("人们记得。", (2,))]),
        ("Alone.\n\n[1] says so.", [("says so.", (1,))]),
        ("- [2] An item.\n- None.", [("- An item.", (2,))]),
        ("Nothing [9]. `a[1]` is code.", []),
        ("# Heading\n\n[1]", []),
        ("", []),
    ],
)
def test_claims(text: str, wanted: list[tuple[str, tuple[int, ...]]]) -> None:
    assert found(text) == wanted


def test_a_claim_says_where_it_stands_and_what_it_points_at() -> None:
    text = "First. The mill is old [2, 1]. Last."
    (claim,) = claims(text, GIVEN)
    assert text[claim.start : claim.end] == "The mill is old [2, 1]."
    assert [passage.id for passage in claim.passages] == ["b", "a"]


@pytest.mark.parametrize(
    ("text", "numbers", "quotes"),
    [
        ("It was built in 1862 [1].", (), ()),
        ("It was built in 1863 [1].", ("1863",), ()),
        ("It was built in 1862 [2].", (), ()),
        ("It has 1214 stones, 3.5 a day, under § 7 [1].", (), ()),
        ("It has 1,215 stones [1].", ("1,215",), ()),
        ("It has 1214 stones [2].", ("1214",), ()),
        ("It has 1214 stones [1, 2].", (), ()),
        ("１８６２ it was [1].", (), ()),
        ("12. It was built in 1862 [1].", (), ()),
        ('It is "The last of its kind" [2].', (), ()),
        ('It is "the first of its kind" [2].', (), ("the first of its kind",)),
        ("他说“这是最后一座”[2]。", (), ()),
        ("他说「这是第一座」[2]。", (), ("这是第一座",)),
    ],
)
def test_what_no_passage_has_is_doubted(
    text: str, numbers: tuple[str, ...], quotes: tuple[str, ...]
) -> None:
    made = doubts(claims(text, GIVEN))
    assert [(doubt.numbers, doubt.quotes) for doubt in made] == (
        [(numbers, quotes)] if numbers or quotes else []
    )


@given(st.text("a1. [2]9“”。\n`-", max_size=120))
def test_claims_are_in_order_and_within_the_text(text: str) -> None:
    made = claims(text, GIVEN)
    doubts(made)
    assert all(0 <= claim.start < claim.end <= len(text) for claim in made)
    assert all(a.end <= b.start for a, b in zip(made, made[1:], strict=False))
    assert all(set(claim.numbers) <= {1, 2} for claim in made)
