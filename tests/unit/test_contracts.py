"""Contracts: exact targets whatever a planner says, neighbours told apart, must-haves assigned."""

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from agents.planner.contracts import (
    contract,
    distinct,
    make_part,
    make_skeleton,
    part_form,
    rebalanced,
    skeleton_form,
)
from agents.planner.reply import PlannedOutline, PlannedSection
from domain.constraints.constraint import included
from domain.constraints.demand import demand
from domain.length.budget import leaves_in
from domain.outline.check import check_outline
from domain.outline.plan import Outline

NUMBERS = st.one_of(
    st.none(),
    st.integers(-(10**12), 10**12).map(float),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, 1e300, -1.0, math.inf, 400.0]),
)
WORDS = st.text("abcde ", min_size=1, max_size=12).map(lambda text: text.strip() or "a")


def reply(numbers: list[float | None], title: str = "T") -> PlannedOutline:
    return PlannedOutline(
        title=title,
        sections=[
            PlannedSection(heading=f"H{n}", point=f"Point {n}.", key_points=["k"], words=words)
            for n, words in enumerate(numbers, start=1)
        ],
    )


def book(target: int = 20_000, parts: int = 6) -> Outline:
    """A planned outline of two levels."""
    outline = make_skeleton(reply([None] * parts), target, "schema")
    for part in outline.parts:
        if not part.sections:
            count = leaves_in(part.target, target)
            planned = make_part(part, reply([None] * count), "lines")
            outline = outline.with_part(distinct(outline, planned))
    return outline


@given(st.lists(NUMBERS, min_size=1, max_size=40), st.integers(20, 300_000))
def test_a_skeleton_sums_exactly(numbers: list[float | None], target: int) -> None:
    if len(numbers) > target:
        numbers = numbers[:target]
    outline = make_skeleton(reply(numbers), target, "schema")
    assert sum(part.target for part in outline.parts) == target == outline.target
    assert check_outline(outline).ok
    assert [part.key for part in outline.parts] == [str(n + 1) for n in range(len(numbers))]
    assert all(len(part.sections) <= 1 for part in outline.parts)


@given(
    st.lists(NUMBERS, min_size=1, max_size=12),
    st.lists(NUMBERS, min_size=1, max_size=30),
    st.integers(6_000, 300_000),
)
def test_a_part_sums_exactly(
    first: list[float | None], second: list[float | None], target: int
) -> None:
    outline = make_skeleton(reply(first), target, "schema")
    for part in outline.parts:
        made = make_part(part, reply(second), "lines")
        assert sum(section.target for section in made.sections) == part.target
        assert made.source == "lines"
        outline = outline.with_part(distinct(outline, made))
    assert check_outline(outline).ok
    keys = [section.key for section in outline.sections]
    assert len(set(keys)) == len(keys) == len(first) * len(second)


@given(st.integers(200, 400_000), st.integers(2, 12))
def test_rebalanced_targets_sum_exactly(target: int, parts: int) -> None:
    outline = book(20_000, parts)
    changed = rebalanced(outline, target)
    assert check_outline(changed).ok
    assert (changed.target, changed.title) == (target, outline.title)
    assert [s.key for s in changed.sections] == [s.key for s in outline.sections]
    assert rebalanced(changed, target) == changed


@given(st.integers(20, 400_000), st.booleans())
def test_the_form_of_a_plan_is_one_that_can_be_met(target: int, compact: bool) -> None:
    form = skeleton_form(target, compact=compact)
    assert 1 <= form.fewest <= form.count <= form.most
    outline = make_skeleton(reply([None] * form.count), target, "schema")
    for part in outline.parts:
        if not part.sections:
            own = part_form(leaves_in(part.target, target))
            assert 1 <= own.fewest <= own.count <= own.most


def test_neighbours_are_told_apart() -> None:
    outline = book(3000, 4)
    first, second, third, last = (contract(outline, key) for key in "1234")
    assert (first.opens_from, first.hands_over) == ("", "H2: Point 2.")
    assert (second.opens_from, second.hands_over) == ("H1: Point 1.", "H3: Point 3.")
    assert second.avoid == ("H1: Point 1.", "H3: Point 3.")
    assert third.avoid == ("H2: Point 2.", "H4: Point 4.")
    assert (last.opens_from, last.hands_over, last.avoid) == (
        "H3: Point 3.", "", ("H3: Point 3.",))  # fmt: skip
    assert (second.target, second.key_points) == (outline.section("2").target, ("k",))


def test_inside_a_part_neighbours_are_sections_and_at_its_edges_parts() -> None:
    outline = book()
    middle = outline.parts[2]
    assert len(middle.sections) > 2
    keys = [section.key for section in middle.sections]
    assert contract(outline, keys[0]).opens_from == "H2: Point 2."
    assert contract(outline, keys[0]).hands_over.startswith(middle.sections[1].heading)
    assert contract(outline, keys[-1]).hands_over == "H4: Point 4."


def test_a_contract_depends_on_the_skeleton_and_its_own_part_only() -> None:
    outline = book()
    items = included(["harbour", "H2 lamp", "wind"])
    for part in outline.parts:
        others = replace(
            outline,
            parts=tuple(p if p.key == part.key else replace(p, sections=()) for p in outline.parts),
        )
        for section in part.sections:
            assert contract(outline, section.key, items) == contract(others, section.key, items)


@given(st.lists(WORDS, max_size=9), st.integers(1, 8), st.sampled_from([900, 4000, 20_000]))
def test_every_must_have_belongs_to_one_section(items: list[str], parts: int, target: int) -> None:
    outline, wanted = book(target, parts), included(items)
    held = [
        item for s in outline.sections for item in contract(outline, s.key, wanted).must_include
    ]
    assert sorted(held) == sorted({one.id: one.text for one in wanted}.values())


def test_a_contract_says_what_how_often_and_what_not() -> None:
    wanted = tuple(
        demand(line).constraint()
        for line in ("a ferry @ 2", 'at least 2 "ebb" @ 2', "exactly 1 table @ 2", "avoid: delve",
                     "at most 3 questions", "avoid: tables @ 1")
    )  # fmt: skip
    own = contract(book(3000, 4), "2", wanted)
    assert own.must_include == ("a ferry", "“ebb”, to the letter (at least 2 times)",
                                "exactly 1 table")  # fmt: skip
    assert own.must_not == ("delve", "more than 3 questions")
    assert contract(book(3000, 4), "1", wanted).must_not == (
        "delve", "more than 3 questions", "any tables",
    )  # fmt: skip


def test_headings_of_parts_planned_apart_are_made_different() -> None:
    outline = book()
    headings = [section.heading.casefold() for section in outline.sections]
    assert len(set(headings)) == len(headings)
