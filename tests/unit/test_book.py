"""How books are divided, printed, checked, and what of them is carried on."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.material.story import before, within
from agents.planner.contracts import make_book, make_chapters
from agents.planner.reply import PlannedOutline, PlannedSection
from core.errors import RequestError
from core.setting_groups import BookSettings
from domain.outline.assembly import document_markdown
from domain.outline.book import (
    MOST_DIVISIONS,
    SHOWN,
    chapter_count,
    division_count,
    divisions_near,
    shown_plan,
)
from domain.outline.check import check_outline
from domain.outline.plan import Division, Outline, Part, SectionPlan
from domain.text.counter import count
from services.outlines.waiting import edited

BOOK = BookSettings()


def reply(headings: str) -> PlannedOutline:
    return PlannedOutline(title="T", sections=[PlannedSection(heading=x) for x in headings])


def skeleton(count: int, target: int) -> Outline:
    names = [PlannedSection(heading=f"Part {number}") for number in range(count)]
    return make_book(PlannedOutline(title="T", sections=names), target, "schema")


@given(st.integers(40_001, 5_000_000))
def test_a_book_is_divided_evenly_and_never_into_more_than_a_planner_keeps_apart(
    target: int,
) -> None:
    divisions = division_count(target, BOOK)
    assert 2 <= divisions <= MOST_DIVISIONS
    assert chapter_count(target // divisions, target, BOOK) >= 3


@given(st.integers(2, 6), st.integers(20_000, 400_000))
def test_sums_are_exact_while_only_some_of_it_is_planned(count: int, target: int) -> None:
    outline = skeleton(count, target)
    assert check_outline(outline).ok
    for division in outline.divisions:
        chapters = make_chapters(target, division, reply("abc"), "schema")
        outline = outline.with_parts(division.key, chapters)
        assert check_outline(outline).ok
        assert [part.key for part in outline.chapters(division.key)] == [
            f"{division.key}.{number}" for number in (1, 2, 3)
        ]


def test_three_levels_of_headings_stand_where_their_first_text_stands() -> None:
    def chapter(key: str, division: str) -> Part:
        own = tuple(SectionPlan(f"{key}.{n}", f"S{key}.{n}", "", 10) for n in (1, 2))
        return Part(key, f"C{key}", "", 20, own, "user", division)

    divisions = (Division("1", "D1", "", 40), Division("2", "D2", "", 20))
    parts = (chapter("1.1", "1"), chapter("1.2", "1"), chapter("2.1", "2"))
    outline = Outline("T", 60, parts, divisions=divisions)
    assert check_outline(outline).ok
    assert Outline.from_dict(outline.to_dict()) == outline
    texts = {key: f"text {key}" for key in ("1.1.2", "1.2.1", "2.1.1")}
    assert document_markdown(outline, texts).split("\n\n") == [
        "# T", "## D1", "### C1.1", "#### S1.1.2", "text 1.1.2", "### C1.2", "#### S1.2.1",
        "text 1.2.1", "## D2", "### C2.1", "#### S2.1.1", "text 2.1.1\n",
    ]  # fmt: skip
    assert not check_outline(replace(outline, parts=parts[::-1])).ok
    assert list(before(outline, parts[1]).chapters) == ["1.1"]
    assert list(before(outline, parts[2]).divisions) == ["1"]


@given(st.lists(st.integers(1, 40), max_size=60), st.integers(0, 500))
def test_what_is_carried_on_never_exceeds_its_room(sizes: list[int], room: int) -> None:
    texts = [" ".join(["Word is here."] * size) for size in sizes]
    kept = within(texts, room, "words")
    assert sum(count(text) for text in kept) <= room
    assert all(texts[at].startswith(text) and text for at, text in enumerate(kept))


@given(st.integers(1, 40), st.data())
def test_a_prompt_names_the_divisions_around_its_own(count: int, data: st.DataObject) -> None:
    outline = skeleton(count, 400_000)
    key = str(data.draw(st.integers(1, count)))
    near = divisions_near(outline, key)
    assert len(near) == min(count, SHOWN)
    assert key in [division.key for division in near]


@given(st.integers(1, 12), st.integers(1, 12), st.data())
def test_a_section_s_prompt_names_what_is_distant_by_its_heading_only(
    divisions: int, chapters: int, data: st.DataObject
) -> None:
    own = str(data.draw(st.integers(1, divisions)))
    at = data.draw(st.integers(1, chapters))
    parts = tuple(
        Part(f"{own}.{n}", f"C{n}", "point", 100,
             (SectionPlan(f"{own}.{n}.1", "S", "point", 100),), division=own)
        for n in range(1, chapters + 1)
    )  # fmt: skip
    above = tuple(Division(str(n), f"D{n}", "point", 100) for n in range(1, divisions + 1))
    outline = Outline("T", 100 * chapters, parts, "schema", divisions=above)
    shown = shown_plan(outline, f"{own}.{at}.1")
    beside = {f"{own}.{at + n}" for n in (-1, 0, 1)} | {str(int(own) + n) for n in (-1, 0, 1)}
    assert {item.key for item in shown if item.point} == {x.key for x in shown} & beside
    assert {part.key for part in parts} <= {item.key for item in shown}


def test_parts_that_stand_in_no_order_of_divisions_are_refused() -> None:
    divisions = [Division("a", "A", "", 0), Division("b", "B", "", 0)]
    own = (SectionPlan("", "S", "", 100),)
    parts = [Part("", f"P{n}", "", 100, own, "user", key) for n, key in enumerate("aba")]
    with pytest.raises(RequestError, match="follow"):
        edited("T", parts, 300, divisions)
    with pytest.raises(RequestError, match="no division"):
        edited("T", [*parts[:2], replace(parts[2], division="")], 300, divisions)
    found = edited("T", parts[:2], 500, divisions)
    assert [part.key for part in found.parts] == ["1.1", "2.1"]
    assert [division.target for division in found.divisions] == [250, 250]
