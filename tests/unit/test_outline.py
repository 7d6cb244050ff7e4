"""Outlines: keys, headings, round trips, and what makes one unsound."""

from dataclasses import replace

import pytest

from domain.outline.check import check_outline
from domain.outline.plan import Outline, Part, SectionPlan


def section(key: str, target: int = 100, heading: str = "") -> SectionPlan:
    return SectionPlan(
        key, heading or f"Section {key}", f"Point {key}.", target, ("a", "b"), ("c",), "x", "y"
    )


ONE = Part("1", "First", "One.", 100, (section("1", heading="First"),))
TWO = Part("2", "Second", "Two.", 300, (section("2.1"), section("2.2", 200)), "lines")
BOOK = Outline("A title", 400, (ONE, TWO), "user")


def test_sections_are_found_in_reading_order() -> None:
    assert [item.key for item in BOOK.sections] == ["1", "2.1", "2.2"]
    assert BOOK.section("2.2").target == 200
    assert BOOK.part_of("2.1") is TWO
    with pytest.raises(KeyError):
        BOOK.section("3")
    with pytest.raises(KeyError):
        BOOK.part_of("3")


def test_headings_stand_above_the_first_section_of_their_part() -> None:
    assert BOOK.headings_above("1") == ((2, "First"),)
    assert BOOK.headings_above("2.1") == ((2, "Second"), (3, "Section 2.1"))
    assert BOOK.headings_above("2.2") == ((3, "Section 2.2"),)
    assert Outline("T", 100, (ONE,)).headings_above("1") == ()


def test_a_dictionary_holds_everything() -> None:
    assert Outline.from_dict(BOOK.to_dict()) == BOOK
    with pytest.raises(TypeError):
        Outline.from_dict({**BOOK.to_dict(), "colour": "red"})


def test_a_part_without_sections_is_not_planned() -> None:
    bare = replace(TWO, sections=())
    assert BOOK.planned
    assert not BOOK.with_part(bare).planned
    assert BOOK.with_part(bare).with_part(TWO) == BOOK
    assert check_outline(BOOK.with_part(bare)).ok


@pytest.mark.parametrize(
    ("outline", "said"),
    [
        (replace(BOOK, parts=()), "no section"),
        (replace(BOOK, target=401), "do not sum"),
        (BOOK.with_part(replace(TWO, sections=(section("2.1"), section("2.2")))), "not sum up"),
        (replace(BOOK, parts=(ONE, replace(TWO, key="1"))), "part '1' stands twice"),
        (BOOK.with_part(replace(TWO, sections=(section("1"), section("2.2", 200)))), "'1' stands"),
        (BOOK.with_part(replace(TWO, heading="  ")), "no heading"),
        (replace(BOOK, target=300, parts=(replace(ONE, target=0), TWO)), "no length"),
    ],
)
def test_an_unsound_outline_is_told(outline: Outline, said: str) -> None:
    assert check_outline(BOOK).ok
    assert any(said in problem.message for problem in check_outline(outline).problems)
