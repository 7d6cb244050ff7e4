"""Requests: completed from the prompt, checked once, complete from then on."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import LongleafError, RequestError
from domain.length.contract import Length
from domain.request import MAX_PROMPT, WritingRequest, make_request


@pytest.mark.parametrize(
    ("data", "length", "language"),
    [
        ({"prompt": "Write about bees."}, Length(1000), "en"),
        ({"prompt": "Write 3,000 words about bees."}, Length(3000), "en"),
        ({"prompt": "Write about bees.", "words": 700}, Length(700), "en"),
        ({"prompt": "Write about bees.", "words": "700"}, Length(700), "en"),
        ({"prompt": "Write about bees.", "words": 700.0}, Length(700), "en"),
        (
            {"prompt": "Write about bees.", "words": "at least 900 words"},
            Length(900, relation="at_least"),
            "en",
        ),
        (
            {"prompt": "Write.", "length": {"value": 900, "relation": "at_most"}},
            Length(900, relation="at_most"),
            "en",
        ),
        ({"prompt": "Write.", "length": Length(800)}, Length(800), "en"),
        ({"prompt": "写一篇关于蜜蜂的文章，2000字"}, Length(2000), "zh"),
        ({"prompt": "Write about bees.", "language": "zh", "words": 500}, Length(500), "zh"),
        ({"prompt": "Write about bees.", "language": "Chinese", "words": 500}, Length(500), "zh"),
        ({"prompt": "Write.", "words": None, "language": None}, Length(1000), "en"),
    ],
)
def test_length_and_language_are_completed(
    data: dict[str, Any], length: Length, language: str
) -> None:
    made = make_request(data)
    assert (made.length.value, made.length.relation, made.language) == (
        length.value,
        length.relation,
        language,
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "empty"),
        ({"prompt": "  \n"}, "empty"),
        ({"prompt": 7}, "empty"),
        ({"prompt": "\x00"}, "empty"),
        ({"prompt": "x" * (MAX_PROMPT + 1)}, "characters"),
        ({"prompt": "Write.", "words": 5}, "short"),
        ({"prompt": "Write.", "words": -100}, "short"),
        ({"prompt": "Write.", "words": 10**17}, "beyond"),
        ({"prompt": "Write.", "words": "many"}, "no length"),
        ({"prompt": "Write.", "words": 500, "length": "500 words"}, "both"),
        ({"prompt": "Write.", "length": {"value": 500, "size": 2}}, "length"),
        ({"prompt": "Write.", "colour": "red"}, "colour"),
        ({"prompt": "Write.", "seed": -1}, "seed"),
        ({"prompt": "Write.", "approve": "maybe"}, "approve"),
        ({"prompt": "Write.", "must_include": [""]}, "must_include"),
        ({"prompt": "Write.", "language": "Klingonese"}, ""),
    ],
)
def test_what_cannot_be_done_is_refused(data: dict[str, Any], said: str) -> None:
    with pytest.raises(RequestError) as caught:
        make_request(data)
    assert said in caught.value.message


def test_a_request_survives_storage_whole() -> None:
    made = make_request(
        {
            "prompt": " Write \ud83d about\x00 bees. ",
            "words": "700 to 900 words",
            "must_include": ["honey"],
            "seed": 3,
            "approve": "ask",
            "strategy": "agentwrite",
        }
    )
    assert "\x00" not in made.prompt
    made.prompt.encode()
    assert WritingRequest.model_validate_json(made.model_dump_json()) == made
    assert made.language_info.code == "en"


@given(
    st.fixed_dictionaries(
        {"prompt": st.text(max_size=200)},
        optional={
            "words": st.one_of(st.integers(), st.floats(), st.text(max_size=30)),
            "language": st.text(max_size=12),
            "seed": st.integers(),
            "kind": st.text(max_size=20),
        },
    )
)
def test_any_request_is_made_or_refused(data: dict[str, Any]) -> None:
    try:
        made = make_request(data)
    except LongleafError:
        return
    assert made.prompt.strip()
    assert 20 <= made.length.value <= 2_000_000
