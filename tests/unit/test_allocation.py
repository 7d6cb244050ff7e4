"""Who carries which constraint: each once, in its place, balanced, and kept through edits."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from math import ceil

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.constraints.allocation import Allocation, assign
from domain.constraints.constraint import Constraint, Place, included
from domain.outline.plan import Outline, Part, SectionPlan

WORDS = ["river", "mill", "harvest", "winter", "school", "bridge", "market", "doctor", "train"]


def outline(*sizes: int) -> Outline:
    """So many parts with so many sections each; 0: not planned yet."""
    parts = []
    for number, size in enumerate(sizes, start=1):
        keys = [str(number)] if size == 1 else [f"{number}.{n}" for n in range(1, size + 1)]
        sections = tuple(
            SectionPlan(key, f"The {WORDS[(number + n) % len(WORDS)]}", "", 100)
            for n, key in enumerate(keys)
        )
        heading = f"On the {WORDS[number % len(WORDS)]}"
        parts.append(Part(str(number), heading, "", 100 * max(1, size), sections))
    return Outline("Title", sum(part.target for part in parts), tuple(parts))


def plans() -> st.SearchStrategy[Outline]:
    return st.lists(st.integers(0, 4), min_size=1, max_size=9).map(lambda sizes: outline(*sizes))


def demands() -> st.SearchStrategy[list[Constraint]]:
    places = st.builds(
        Place,
        first=st.integers(-4, 12).filter(bool),
        last=st.integers(-4, 12).filter(bool),
        every=st.integers(0, 3),
        unit=st.sampled_from(["part", "section"]),
    )
    texts = st.sampled_from(WORDS)
    once = st.builds(Constraint, st.just("include"), texts, places, st.integers(1, 3))
    rules = st.builds(Constraint, st.just("forbid"), texts, places, st.just(0), st.just(0))
    return st.lists(st.one_of(once, rules), max_size=12)


def leaves(plan: Outline) -> list[str]:
    return [item.key for part in plan.parts for item in part.sections or (part,)]


def inside(constraint: Constraint, plan: Outline) -> set[str]:
    units = (
        [[item.key for item in part.sections or (part,)] for part in plan.parts]
        if constraint.place.unit == "part"
        else [[key] for key in leaves(plan)]
    )
    return {key for n in constraint.place.numbers(len(units)) for key in units[n - 1]}


def test_an_item_goes_where_the_plan_speaks_of_it() -> None:
    plan = outline(1, 1, 1, 1)
    given_to = assign(included(["the mill race", "a harvest supper"]), plan)
    assert [(duty.constraint.text, duty.key) for duty in given_to.duties] == [
        ("the mill race", "1"), ("a harvest supper", "2"),
    ]  # fmt: skip
    assert [duty.least for duty in given_to.of("1")] == [1]


def test_items_that_nothing_speaks_of_are_spread() -> None:
    items = included([f"unheard{n}" for n in "abcdefgh"])
    loads = Counter(duty.key for duty in assign(items, outline(1, 1, 1, 1)).duties)
    assert set(loads.values()) == {2}


def test_a_section_is_not_overloaded_for_its_words() -> None:
    items = included([f"mill {n}" for n in range(12)])
    loads = Counter(duty.key for duty in assign(items, outline(1, 1, 1, 1)).duties)
    assert max(loads.values()) <= 1 + ceil(12 / 4)
    assert sum(loads.values()) == 12


def test_periods_ranges_and_ends() -> None:
    plan = outline(2, 1, 2, 1, 1, 3)
    third = Constraint("include", "mill", Place(1, -1, 3))
    end = Constraint("include", "train", Place(-1, -1, 0, "section"))
    within = Constraint("include", "zebra", Place(4, 5))
    rule = Constraint("forbid", "king", Place(5, -1), 0, 0)
    far = Constraint("include", "moon", Place(12, 12))
    made = assign([third, end, within, rule, far], plan)
    assert [key.split(".")[0] for key in made.keys(third)] == ["3", "6"]
    assert made.keys(end) == ("6.3",)
    assert set(made.keys(within)) <= {"4", "5"}
    assert made.keys(rule) == ("5", "6.1", "6.2", "6.3")
    assert made.unplaced == (far,)


def test_a_number_of_things_is_divided() -> None:
    made = assign([Constraint("count", "examples", least=5)], outline(1, 1, 1))
    assert sorted(duty.least for duty in made.duties) == [1, 2, 2]


def test_the_part_is_chosen_before_its_sections_are_known() -> None:
    rough = outline(0, 0, 0)
    first = assign(included(["harvest songs"]), rough)
    assert [duty.key for duty in first.duties] == ["2"]
    detailed = assign(included(["harvest songs"]), outline(3, 3, 3), first)
    assert [duty.key.split(".")[0] for duty in detailed.duties] == ["2"]


@settings(max_examples=60, deadline=None)
@given(demands(), plans())
def test_every_constraint_is_carried_once_where_it_can_be(
    wanted: list[Constraint], plan: Outline
) -> None:
    made = assign(wanted, plan)
    assert made == assign(wanted, plan)
    for constraint in {c.id: c for c in wanted}.values():
        keys, possible = made.keys(constraint), inside(constraint, plan)
        assert len(keys) == len(set(keys))
        assert set(keys) <= possible
        assert (constraint in made.unplaced) is (not possible)
        if constraint.rule:
            assert set(keys) == possible
        elif possible and not constraint.place.every:
            shares = [d.least for d in made.duties if d.constraint.id == constraint.id]
            assert sum(shares) == constraint.least
            assert min(shares) >= 1


@settings(max_examples=60, deadline=None)
@given(demands(), plans(), st.integers(0, 999), st.sampled_from(["shuffle", "delete", "add"]))
def test_an_edit_moves_only_what_it_must(
    wanted: list[Constraint], plan: Outline, seed: int, edit: str
) -> None:
    before = assign(wanted, plan)
    after_plan = edited(plan, edit, random.Random(seed))
    after = assign(wanted, after_plan, before)
    there = set(leaves(after_plan))
    for constraint in wanted:
        if constraint.rule or constraint.place.every or constraint.place.unit == "section":
            continue
        stays = set(before.keys(constraint)) & there & inside(constraint, after_plan)
        if constraint.least == 1:
            assert stays <= set(after.keys(constraint))
    assert assign(wanted, after_plan, after) == after


def test_who_has_the_larger_share_keeps_it_when_parts_change_places() -> None:
    parts = tuple(Part(key, f"On {key}", "", 100) for key in ("mill", "harvest"))
    plan = Outline("Title", 200, parts)
    wanted = [Constraint("include", "river", least=3)]
    turned = replace(plan, parts=parts[::-1])
    made = assign(wanted, turned, assign(wanted, plan))
    assert assign(wanted, turned, made) == made
    assert {duty.key: duty.least for duty in made.duties} == {"mill": 2, "harvest": 1}


@settings(max_examples=40, deadline=None)
@given(demands(), plans())
def test_nothing_changes_without_an_edit(wanted: list[Constraint], plan: Outline) -> None:
    made = assign(wanted, plan)
    assert assign(wanted, plan, made) == made
    assert assign(wanted, plan, Allocation()) == made


def edited(plan: Outline, edit: str, rng: random.Random) -> Outline:
    parts = list(plan.parts)
    if edit == "shuffle":
        rng.shuffle(parts)
    elif edit == "delete" and len(parts) > 1:
        parts.pop(rng.randrange(len(parts)))
    elif edit == "add":
        own = SectionPlan("99", "The new one", "", 100)
        parts.insert(rng.randint(0, len(parts)), Part("99", "The new one", "", 100, (own,)))
    return replace(plan, parts=tuple(parts))
