"""The form before a document is begun: what it asks for, and how a request fills it in again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import NotFoundError, RequestError
from domain.length.contract import Length
from domain.request import make_request
from services.requests.briefs import EXAMPLES, Brief, brief_of, example


def test_a_brief_becomes_a_request() -> None:
    brief = Brief(
        prompt="A report on trees", length="2,000-3,000", language="French", kind=" report ",
        must_include="- shade\n\n* the cost of water\n", seed=7, rounds=2,
    )  # fmt: skip
    request = brief.request("auto")
    assert request.length.describe() == "2,000 to 3,000 words"
    assert (request.language, request.kind, request.approve) == ("fr", "report", "auto")
    assert request.must_include == ("shade", "the cost of water")
    assert (request.seed, request.rounds) == (7, 2)


def test_what_is_left_out_is_read_from_the_prompt() -> None:
    request = Brief(prompt="写一篇三千字左右的文章，关于城市树木").request()
    assert (request.length.value, request.language, request.approve) == (3000, "zh", "ask")


def test_pages_are_those_of_the_language() -> None:
    pages = Brief(prompt="关于城市树木的文章", length="5", unit="pages")
    assert pages.request().length.value == 4000
    assert Brief(prompt="x", length="5", unit="pages", language="zh").request().length.value == 4000
    assert Brief(prompt="On trees", length="5", unit="pages").request().length.value == 2500


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"prompt": "  "}, "the prompt is empty"),
        ({"prompt": "Trees", "length": "very long"}, "no length in 'very long'"),
        ({"prompt": "Trees", "language": "Klingonese"}, "language"),
        ({"prompt": "Trees", "must_include": "x" * 501}, "more than 500 characters"),
    ],
)
def test_what_makes_no_sense_is_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(RequestError, match=said):
        Brief(**fields).request()


def test_a_wrong_length_names_its_field() -> None:
    with pytest.raises(RequestError) as caught:
        Brief(prompt="Trees", length="10").request()
    assert caught.value.field == "length"


def test_a_cap_of_nothing_is_none_and_a_negative_one_is_refused() -> None:
    assert Brief(calls=0).caps().none
    assert Brief(calls=50, cost=2.5).caps().exceeded(51, 0, 0)
    with pytest.raises(RequestError, match="a cap on tokens"):
        Brief(tokens=-1).caps()


lengths = st.builds(
    Length.asked,
    st.integers(100, 1_000) | st.sampled_from([100.5, 250.25]),
    st.sampled_from(["words", "characters", "pages", "minutes"]),
    st.sampled_from(["about", "at_least", "at_most"]),
) | st.builds(
    lambda low, more, unit: Length.asked(low, unit, "range", high=low + more),
    st.integers(30, 500),
    st.integers(1, 500),
    st.sampled_from(["words", "characters", "pages", "minutes"]),
)


@settings(deadline=None)
@given(lengths)
def test_a_request_comes_back_from_its_brief(length: Length) -> None:
    request = make_request(
        {"prompt": "On trees", "length": length, "must_include": ["shade", "water"],
         "audience": "mayors", "rounds": 3, "seed": 5, "strategy": "agentwrite"}
    )  # fmt: skip
    assert brief_of(request).request("auto") == request


@pytest.mark.parametrize("name", sorted(p.name.rpartition(".")[0] for p in EXAMPLES.glob("*.*")))
def test_every_example_can_be_begun(name: str) -> None:
    assert example(name).request().prompt


@pytest.mark.parametrize("name", ["nothing", "../README", "", "templates"])
def test_what_is_no_example_is_refused(name: str) -> None:
    with pytest.raises(NotFoundError, match="there is no example"):
        example(name)


def test_a_template_fills_in_what_it_knows() -> None:
    before = Brief(prompt="old", language="de", cost=1.0)
    told = {"prompt": "Write a report on tides.", "words": 2500, "must_include": ["a", "b"]}
    filled = before.over(told)
    assert (filled.prompt, filled.length, filled.must_include) == (told["prompt"], "2500", "a\nb")
    assert (filled.language, filled.cost) == ("de", 1.0)


def test_the_lines_of_the_form_are_demands() -> None:
    lines = "shade\nat least 3 examples\na recipe @ every 3\navoid: delve\nmention: tables"
    request = Brief(prompt="On trees", must_include=lines).request()
    assert request.must_include == ("shade", "tables")
    assert [one.line for one in request.constraints] == [
        "at least 3 examples", "a recipe @ every 3", "avoid: delve",
    ]  # fmt: skip
    again = brief_of(request)
    assert again.request() == request
    assert set(again.must_include.splitlines()) == set(lines.splitlines())
    with pytest.raises(RequestError) as caught:
        Brief(prompt="On trees", must_include="mail @ home").request()
    assert caught.value.field == "must_include"


def test_what_was_found_in_the_prompt_can_be_left_out() -> None:
    prompt = "Write about trees. Mention the mill in chapter 2. Do not mention the king."
    brief = Brief(prompt=prompt)
    whole = brief.request()
    assert (whole.read_constraints, whole.constraints) == (True, ())
    assert {one.text for one in whole.demands} == {"mill", "king"}
    less = replace(brief, left_out=("avoid: king",)).request()
    assert less.read_constraints is False
    assert [one.line for one in less.constraints] == ["mill @ 2"]
    assert brief_of(less).request().demands == less.demands
    stale = replace(brief, left_out=("avoid: somebody",)).request()
    assert stale == whole
