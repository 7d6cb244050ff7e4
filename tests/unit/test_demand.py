"""Demands as people write them: one line each, read and written without loss; errors teach."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from api.demands import ReadLine
from core.errors import RequestError
from domain.constraints.constraint import Place
from domain.constraints.countables import SORTS
from domain.constraints.demand import Demand, demand
from domain.constraints.place_line import line_of, place_of

Fields = tuple[str, str, str, int, int | None, bool]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("a ferry", ("include", "a ferry", "anywhere", 1, None, False)),
        ("a recipe @ every 3", ("include", "a recipe", "every 3", 1, None, False)),
        ("the harbour @ 2-4", ("include", "the harbour", "2-4", 1, None, False)),
        ("at least 3 examples", ("count", "examples", "anywhere", 3, None, False)),
        ("exactly two tables @ sections 2-4", ("count", "tables", "sections 2-4", 2, 2, False)),
        ("at most one table", ("count", "tables", "anywhere", 0, 1, False)),
        ("2 to 4 questions @ every 2 of 4-9",
         ("count", "questions", "every 2 of 4-9", 2, 4, False)),
        ("a table", ("count", "tables", "anywhere", 1, None, False)),
        ("mention: tables", ("include", "tables", "anywhere", 1, None, False)),
        ("at least 2 ferries", ("include", "ferries", "anywhere", 2, None, False)),
        ("at most 3 ferries", ("include", "ferries", "anywhere", 0, 3, False)),
        ("avoid: delve", ("forbid", "delve", "anywhere", 0, 0, False)),
        ("avoid: tables", ("count", "tables", "anywhere", 0, 0, False)),
        ('avoid: "tables" @ last', ("forbid", "tables", "last", 0, 0, True)),
        ('"time and tide" @ last 2', ("include", "time and tide", "-2 to last", 1, None, True)),
        ('"me @ home"', ("include", "me @ home", "anywhere", 1, None, True)),
        ("  the   mill  @  every part", ("include", "the mill", "every part", 1, None, False)),
        ("mill @ every 3 sections", ("include", "mill", "every 3 sections", 1, None, False)),
        ("the mill @ 5 to last", ("include", "the mill", "5 to last", 1, None, False)),
        ("至少3个例子 @ 每3章", ("count", "examples", "every 3", 3, None, False)),
        ("至少 3 个例子 @ 每 3 章", ("count", "examples", "every 3", 3, None, False)),
        ("避免：然而", ("forbid", "然而", "anywhere", 0, 0, False)),
        ("海港 @ 第2到4章", ("include", "海港", "2-4", 1, None, False)),
        ("最多1个表格 @ 最后一节", ("count", "tables", "sections last", 0, 1, False)),
    ],
)  # fmt: skip
def test_a_line_is_read(line: str, told: Fields) -> None:
    found = demand(line)
    fields = (found.kind, found.text, found.place, found.least, found.most, found.exact)
    assert fields == told
    assert demand(found.line) == found
    assert Demand.of(found.constraint()) == found
    assert Demand.model_validate(found.model_dump()) == found


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("mail @ home", "every 3"),
        ("", "what"),
        ("avoid:", "what"),
        ("at least 3", "what"),
        ("the mill @ 0", "1 to 2,000"),
        ("the mill @ every 0", "every 3"),
        ("4 to 2 tables", "less than"),
        ("x" * 501, "500"),
    ],
)
def test_a_line_that_states_none_teaches(line: str, said: str) -> None:
    with pytest.raises(RequestError) as caught:
        demand(line)
    assert said in caught.value.message
    assert "at least 3 examples" in caught.value.remedy


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "count", "text": "thoughts"},
        {"text": "mill", "least": 3, "most": 2},
        {"text": "mill", "least": 0},
        {"text": "mill", "place": "nowhere"},
        {"text": "mill", "colour": "red"},
        {"text": ""},
    ],
)
def test_fields_that_make_no_sense_are_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Demand.model_validate(fields)


def places() -> st.SearchStrategy[Place]:
    ends = st.integers(-2_000, 2_000).filter(bool)
    units = st.sampled_from(["part", "section"])
    return st.builds(Place, ends, ends, st.integers(0, 999), units)


@given(places())
@settings(max_examples=200, deadline=None)
def test_a_place_survives_its_line(place: Place) -> None:
    again = place_of(line_of(place))
    assert place_of(line_of(again)) == again
    assert {again.numbers(n) for n in (7,)} == {place_of(line_of(place)).numbers(7)}
    assert (again.every, again.anywhere) == (place.every, place.anywhere)


WORDS = [
    "mill", "a", "at", "least", "most", "3", "two", "@", "2-4", "every", "avoid:", "mention:",
    "至少", "tables", "table", "exactly", "to", "times", "避免：", "例子", "last", '"', "“mill”",
]  # fmt: skip


@given(
    st.lists(st.sampled_from([*WORDS, *SORTS]), min_size=1, max_size=5).map(" ".join),
    st.sampled_from(["include", "forbid", "count"]),
    places(),
    st.integers(0, 5),
    st.none() | st.integers(0, 9),
    st.booleans(),
)
@example("at least 3", "include", Place(), 1, None, False)
@example("tables", "include", Place(2, 2), 2, 2, False)
@example("mill @ 2-4", "include", Place(), 1, None, True)
@settings(max_examples=300, deadline=None)
def test_a_demand_survives_its_line(
    text: str, kind: str, place: Place, least: int, most: int | None, exact: bool
) -> None:
    fields = {"kind": kind, "text": text, "place": line_of(place), "least": least, "most": most,
              "exact": exact}  # fmt: skip
    try:
        made = Demand.model_validate(fields)
    except ValidationError:
        return
    assert demand(made.line) == made, made.line


def test_lines_are_read_for_a_form() -> None:
    read = ReadLine.of("mention:  at least 1 the mill @ first")
    assert (read.line, read.demand, read.problem) == ("the mill @ 1", demand("the mill @ 1"), "")
    wrong = ReadLine.of("mail @ home")
    assert (wrong.line, wrong.demand) == ("mail @ home", None)
    assert "no place in 'home'" in wrong.problem
    assert wrong.remedy
