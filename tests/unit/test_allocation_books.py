"""What each division owes of a demand is known before it is planned, whatever the others become."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.planner.contracts import make_book, make_chapters, make_part
from agents.planner.reply import PlannedOutline, PlannedSection
from domain.constraints.allocation import assign, groups_of
from domain.constraints.constraint import Constraint, Place, Unit, numbered
from domain.outline.book import chapters_of, sections_of
from domain.outline.plan import Outline, Part

WORDS = ["river", "mill", "harvest", "winter", "school", "bridge", "market", "doctor", "train"]
UNITS: tuple[Unit, ...] = ("part", "section")


def reply(rng: random.Random, count: int) -> PlannedOutline:
    sections = [
        PlannedSection(heading=f"The {rng.choice(WORDS)} {n}", point="", words=rng.randint(50, 99))
        for n in range(count)
    ]
    return PlannedOutline(title="T", sections=sections)


def book(rng: random.Random) -> Outline:
    return make_book(reply(rng, rng.randint(2, 4)), rng.randint(40_001, 70_000), "schema")


def drawn(rng: random.Random, count: int, demands: list[Constraint], unit: Unit) -> int:
    """So many as a planner is held to, or what it may choose where it is free."""
    return count if numbered(demands, unit) else rng.randint(max(1, count // 2), 2 * count)


def planned(rng: random.Random, outline: Outline, part: Part, demands: list[Constraint]) -> Outline:
    """The book with one more division's chapters, or one more chapter's sections."""
    if part.is_division:
        count = drawn(rng, chapters_of(outline, part), demands, "part")
        division = outline.division(part.key)
        chapters = make_chapters(outline.target, division, reply(rng, count), "schema")
        return outline.with_parts(part.key, chapters)
    count = drawn(rng, sections_of(outline, part), demands, "section")
    return outline.with_part(make_part(part, reply(rng, count), "schema"))


def shares(demands: list[Constraint], outline: Outline) -> dict[tuple[str, str], int]:
    """What each division owes of each demand."""
    above = {s.key: part.division for part in outline.parts for s in part.sections or (part,)}
    found: Counter[tuple[str, str]] = Counter()
    for duty in assign(demands, outline).duties:
        found[duty.constraint.id, above[duty.key]] += duty.least
    return dict(found)


def demanded() -> st.SearchStrategy[list[Constraint]]:
    numbers = st.integers(-9, 40).filter(bool)
    places = st.one_of(
        st.just(Place()),
        st.builds(Place, numbers, numbers, st.integers(0, 7), st.sampled_from(UNITS)),
        st.builds(Place, st.just(1), st.just(-1), st.integers(0, 7), st.sampled_from(UNITS)),
    )
    once = st.builds(
        Constraint, st.just("include"), st.sampled_from(WORDS), places, st.integers(1, 30)
    )
    return st.lists(once, min_size=1, max_size=6, unique_by=lambda one: one.id)


@settings(max_examples=25, deadline=None)
@given(demanded(), st.randoms(use_true_random=False))
def test_planning_one_division_changes_no_share_of_another(
    demands: list[Constraint], rng: random.Random
) -> None:
    outline = book(rng)
    each = {one.id for one in demands if one.place.every == 1}
    owed = shares(demands, outline)
    while not outline.planned:
        part = rng.choice([part for part in outline.parts if not part.sections])
        outline = planned(rng, outline, part, demands)
        now = shares(demands, outline)
        for known in {*owed, *now}:
            if known[1] != part.division or known[0] not in each:
                assert now.get(known, 0) == owed.get(known, 0)
        owed = now


@settings(max_examples=40, deadline=None)
@given(demanded(), st.randoms(use_true_random=False))
def test_shares_sum_up_to_what_is_demanded_in_whatever_order_a_book_is_planned(
    demands: list[Constraint], rng: random.Random
) -> None:
    outline = book(rng)
    while not outline.planned:
        part = rng.choice([part for part in outline.parts if not part.sections])
        outline = planned(rng, outline, part, demands)
    owed = assign(demands, outline)
    for one in demands:
        units = groups_of(outline, one.place.unit)
        keys = [{item.key for item in units[n - 1].items} for n in one.place.numbers(len(units))]
        given_to = {duty.key: duty.least for duty in owed.duties if duty.constraint.id == one.id}
        assert (one in owed.unplaced) is not bool(keys)
        if one.place.every:
            carried = [sum(given_to.get(key, 0) for key in own) for own in keys]
            assert carried == [one.least] * len(keys)
            assert sum(given_to.values()) == one.least * len(keys)
        elif keys:
            assert sum(given_to.values()) == one.least
            assert set(given_to) <= set().union(*keys)


def test_long_divisions_owe_more() -> None:
    answer = PlannedOutline(
        title="T",
        sections=[PlannedSection(heading=name, words=n) for name, n in (("A", 100), ("B", 200))],
    )
    outline = make_book(answer, 60_000, "schema")
    made = assign([Constraint("count", "tables", least=12)], outline)
    assert [duty.least for duty in made.duties] == [4, 8]
    third = assign([Constraint("include", "mill", Place(1, -1, 3))], outline)
    chapters = [chapters_of(outline, part) for part in outline.parts]
    assert [duty.least for duty in third.duties] == [
        chapters[0] // 3, sum(chapters) // 3 - chapters[0] // 3,
    ]  # fmt: skip
