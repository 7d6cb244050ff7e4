"""When a section no longer fits: a rule over stored facts, without a model."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.outline.plan import SectionPlan
from domain.staleness import (
    Change,
    Version,
    around,
    changed,
    decided,
    matters,
    plan_changes,
)

PLAN = SectionPlan(
    "2", "Dams", "A dam holds the water back.", 400, ("Turbines",), must_include=("Rance",)
)
FIRST = "The moon pulls at the sea. Twice a day the water comes up the beach and goes again."
LAST = (
    "Every harbour lives by it. The boats lie in the mud until the flood lifts them up once more."
)
TEXT = (
    f"{FIRST}\n\n{' '.join(f'Fact number {n} stands in the middle.' for n in range(40))}\n\n{LAST}"
)


def versions(*told: tuple[int, bool, str]) -> list[Version]:
    return [Version(number, person, run or None) for number, person, run in told]


@pytest.mark.parametrize(
    ("mine", "theirs", "begun", "expected"),
    [
        (5, [(3, False, "a")], {"a": 1}, None),
        (5, [(3, False, "a"), (7, False, "a")], {"a": 1}, None),
        (5, [(3, False, "a"), (7, True, "")], {"a": 1}, (3, 7)),
        (8, [(3, False, "a"), (7, True, "")], {"a": 1}, None),
        (5, [(3, False, "a"), (7, True, ""), (9, True, "")], {"a": 1}, (3, 9)),
        (5, [(3, False, "a"), (7, False, "b")], {"a": 1, "b": 7}, (3, 7)),
        (5, [(6, True, "")], {}, None),
        (5, [(3, False, "a"), (6, False, "a"), (7, True, "")], {"a": 1}, (6, 7)),
        (5, [], {}, None),
    ],
    ids=[
        "older", "the same run goes on", "a person", "written later than that", "twice",
        "ordered anew", "a first text", "between two", "no text",
    ],
)  # fmt: skip
def test_what_counts_is_decided_by_people(
    mine: int, theirs: list[tuple[int, bool, str]], begun: dict[str, int],
    expected: tuple[int, int] | None,
) -> None:  # fmt: skip
    assert decided(mine, versions(*theirs), begun) == expected


def test_a_typing_error_is_a_trifle_and_a_new_end_is_none() -> None:
    mended = TEXT.replace("comes up", "comes down").replace("harbour", "port")
    assert not matters(TEXT, mended, "before")
    assert not matters(TEXT, mended, "after")
    ended = TEXT.replace(LAST, "Nobody goes there now. The dam has closed the bay for good.")
    assert matters(TEXT, ended, "before")
    assert not matters(TEXT, ended, "after")
    begun = TEXT.replace(FIRST, "Nobody goes there now. The dam has closed the bay for good.")
    assert matters(TEXT, begun, "after")
    assert not matters(TEXT, begun, "before")


def test_a_change_of_much_of_the_middle_matters_on_both_sides() -> None:
    middle = TEXT.replace("stands in the middle", "was never true of any harbour at all")
    assert matters(TEXT, middle, "before")
    assert matters(TEXT, middle, "after")
    one = TEXT.replace("Fact number 20", "Rumour number 20")
    assert not matters(TEXT, one, "before")


def test_in_chinese_characters_count() -> None:
    text = (
        "月亮吸引着海水。潮汐每天涨落两次。"
        + "港口依靠潮水生活。" * 20
        + "船只在泥中等待。潮水把它们托起。"
    )
    assert not matters(text, text.replace("托起", "抬起"), "before")
    ended = text.replace("船只在泥中等待。潮水把它们托起。", "大坝已经建成。海湾从此安静。")
    assert matters(text, ended, "before")
    assert not matters(text, ended, "after")


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_share_is_one_of_both_texts(old: str, new: str) -> None:
    share = changed(old, new)
    assert 0 <= share <= 1
    assert (share == 0) == (old == new)
    assert changed(old, old) == 0
    assert not matters(old, old, "before")


@given(st.integers(0, 30), st.sampled_from(["before", "after"]))
def test_words_added_at_the_other_end_are_no_matter_of_the_edge(words: int, side: str) -> None:
    more = " ".join(["again"] * words)
    old = f"{FIRST}\n\n{LAST}\n\n" * 6
    new = f"{more}.\n\n{old}" if side == "before" else f"{old}{more}."
    assert not matters(old, new, side)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ()),
        ({"heading": " Dams  "}, ()),
        ({"heading": "Weirs"}, ("heading",)),
        ({"point": "None does."}, ("point",)),
        ({"key_points": ("Turbines", "Fish")}, ("key_points",)),
        ({"must_include": ()}, ("must_include",)),
        ({"target": 430}, ()),
        ({"target": 450}, ("target",)),
        ({"target": 200, "heading": "Weirs"}, ("heading", "target")),
        ({"avoid": ("Moon",), "opens_from": "x", "hands_over": "y"}, ()),
    ],
)
def test_what_differs_between_two_plans(
    change: dict[str, object], expected: tuple[str, ...]
) -> None:
    assert plan_changes(PLAN, replace(PLAN, **change), 0.1) == expected  # type: ignore[arg-type]


def test_who_stands_beside_a_section() -> None:
    assert [around("123", key) for key in "123"] == [(None, "2"), ("1", "3"), ("2", None)]


def test_a_reason_says_what_has_changed() -> None:
    assert str(Change("before", "1", "Tides")) == "the section before it, 'Tides', was changed"
    assert str(Change("after", "", "")) == "no section stands after it any more"
    assert str(Change("plan", "1", "Tides", ("point", "target"))) == (
        "its plan was changed: point, target"
    )
