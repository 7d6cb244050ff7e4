import contextlib
import json
from enum import Enum
from typing import Any, Literal

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import FormatError, UnavailableError, UnsupportedError
from llm.cleaning import clean_text
from llm.structured import ask_json, parse_json, strict_schema, validated
from llm.types import Completion, Finish, Message, ModelRequest

REQUEST = ModelRequest("m", (Message("user", "Plan."),), schema={"type": "object"})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1}', {"a": 1}),
        ("[1, 2]", [1, 2]),
        ("{}", {}),
        ('```json\n{"a": 1}\n```', {"a": 1}),
        ('Here [as asked] it is:\n```\n{"a": [1]}\n```\nEnjoy {it}!', {"a": [1]}),
        ('As said in [1], the plan is {"a": {"b": 2}}.', {"a": {"b": 2}}),
        ('{"a": 1,}', {"a": 1}),
        ("{'a': 'x'}", {"a": "x"}),
        ('{a: 1, "b": [1, 2,]}', {"a": 1, "b": [1, 2]}),
        ('{"a": [1, 2], "b": {"c": 1,}}', {"a": [1, 2], "b": {"c": 1}}),
        ('[1] says: {"a": 1,}', {"a": 1}),
        ('Sure:\n```json\n{"a": 1,\n"b": "x"\n```\nDone.', {"a": 1, "b": "x"}),
        ('{"title": "海", "points": ["一", "二"]}', {"title": "海", "points": ["一", "二"]}),
        ('{"long": "' + "x" * 80 + '"} then {"broken": ', {"long": "x" * 80}),
    ],
)
def test_what_models_do_to_json_is_undone(text: str, value: object) -> None:
    assert parse_json(text) == value


@pytest.mark.parametrize(
    "text", ["", "No JSON here.", "42", '"text"', "I [really] cannot {do} this.", "[[[[" * 20_000,
             "[" * 20_000,
             "x" * 400_001, '{"a": ' * 20_000]
)  # fmt: skip
def test_an_answer_without_json_is_a_format_error(text: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_json(text)
    assert caught.value.partial == text
    assert caught.value.remedy


_TEXTS = st.text(max_size=8).map(clean_text)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner),
    max_leaves=12,
)


@given(st.dictionaries(_TEXTS, _VALUES), st.booleans(), st.sampled_from([None, 2]))
def test_valid_json_survives_whatever_is_around_it(
    value: dict[str, Any], fenced: bool, indent: int | None
) -> None:
    text = json.dumps(value, indent=indent)
    text = f"Here it is:\n```json\n{text}\n```\nDone." if fenced else text
    assert parse_json(text) == value


@given(st.text(st.sampled_from("{}[]\"',:` \nab1\\"), max_size=60))
def test_any_text_is_a_container_or_a_format_error(text: str) -> None:
    try:
        value = parse_json(text)
    except FormatError:
        return
    assert isinstance(value, dict | list)


class Item(pydantic.BaseModel):
    heading: str
    words: int = pydantic.Field(gt=0, lt=10, title="Words")


class Plan(pydantic.BaseModel):
    title: str = "none"
    items: list[Item] = pydantic.Field(min_length=1)


def _answer(text: str, finish: Finish = "stop") -> Completion:
    return Completion(text, finish)


GOOD = '{"title": "T", "items": [{"heading": "h", "words": 5}]}'


class Endpoint:
    """Plays answers and errors in order."""

    def __init__(self, *script: str | Exception) -> None:
        self._script = list(script)
        self.sent: list[ModelRequest] = []

    async def send(self, request: ModelRequest) -> Completion:
        self.sent.append(request)
        step = self._script.pop(0)
        if isinstance(step, Exception):
            raise step
        return _answer(step)


def _repair(bad: str, error: str) -> ModelRequest:
    return ModelRequest("m", (Message("user", f"{bad}\n{error}"),), schema={"type": "object"})


async def test_a_good_answer_is_asked_for_once() -> None:
    endpoint = Endpoint(GOOD)
    plan = await ask_json(endpoint.send, REQUEST, Plan, _repair)
    assert plan.items[0].words == 5
    assert endpoint.sent == [REQUEST]


async def test_a_bad_answer_is_repaired_once_with_its_error() -> None:
    bad = '{"items": [{"heading": "h", "words": 50}]}'
    endpoint = Endpoint(bad, GOOD)
    assert (await ask_json(endpoint.send, REQUEST, Plan, _repair)).title == "T"
    content = endpoint.sent[1].messages[0].content
    assert bad in content
    assert "items.0.words" in content
    endpoint = Endpoint("no", bad, GOOD)
    with pytest.raises(FormatError) as caught:
        await ask_json(endpoint.send, REQUEST, Plan, _repair)
    assert caught.value.partial == bad
    assert len(endpoint.sent) == 2


async def test_an_endpoint_without_schemas_is_asked_without_one() -> None:
    endpoint = Endpoint(UnsupportedError("no schema"), GOOD)
    await ask_json(endpoint.send, REQUEST, Plan, _repair)
    assert endpoint.sent[1].schema is None
    endpoint = Endpoint(UnsupportedError("no schema"), UnsupportedError("nothing at all"))
    with pytest.raises(UnsupportedError):
        await ask_json(endpoint.send, REQUEST, Plan, _repair)
    endpoint = Endpoint(UnsupportedError("other"))
    plain = ModelRequest("m", REQUEST.messages)
    with pytest.raises(UnsupportedError):
        await ask_json(endpoint.send, plain, Plan, _repair)


async def test_other_failures_pass_through() -> None:
    with pytest.raises(UnavailableError):
        await ask_json(Endpoint(UnavailableError("x")).send, REQUEST, Plan, _repair)


@pytest.mark.parametrize("finish", ["length", "cut", "loop"])
def test_a_structure_that_broke_off_is_never_accepted(finish: Finish) -> None:
    with pytest.raises(FormatError):
        validated(_answer(GOOD, finish), Plan)


def test_a_list_where_an_object_belongs_says_so() -> None:
    with pytest.raises(FormatError, match="the whole answer"):
        validated(_answer("[1]"), Plan)


def test_the_strict_schema_is_closed_inlined_and_bounded() -> None:
    assert strict_schema(Plan) == {
        "type": "object",
        "properties": {
            "title": {"type": "string"},
            "items": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "properties": {
                        "heading": {"type": "string"},
                        "words": {"type": "integer", "minimum": 1, "maximum": 9},
                    },
                    "required": ["heading", "words"],
                    "additionalProperties": False,
                },
            },
        },
        "required": ["title", "items"],
        "additionalProperties": False,
    }


class Colour(Enum):
    RED = "red"


class Odd(pydantic.BaseModel):
    """Fields named like schema words."""

    default: Literal["title", "default"] = "title"
    colour: Colour | None = pydantic.Field(None, description="of it")
    item: Item = pydantic.Field(description="the item")
    low: int = pydantic.Field(ge=0)


def test_fields_named_like_schema_words_survive() -> None:
    schema = strict_schema(Odd)
    assert schema["required"] == ["default", "colour", "item", "low"]
    assert schema["properties"]["default"]["enum"] == ["title", "default"]
    assert schema["properties"]["item"]["description"] == "the item"
    assert schema["properties"]["low"] == {"type": "integer", "minimum": 0}
    assert "$ref" not in json.dumps(schema)
    assert "$defs" not in schema


class Tree(pydantic.BaseModel):
    children: list["Tree"]


def test_a_model_that_contains_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="Tree"):
        strict_schema(Tree)


def test_escapes_bring_no_control_characters_back() -> None:
    answer = r'{"Title\u0000": "Red \u001b[31m\u009b\ud800 words\r\nhere", "a": [{"b": "\u0007"}]}'
    assert parse_json(answer) == {"Title": "Red [31m words\nhere", "a": [{"b": ""}]}


@pytest.mark.parametrize("depth", [100, 500, 900, 5_000, 100_000])
def test_a_nest_is_read_or_refused(depth: int) -> None:
    with contextlib.suppress(FormatError):
        assert parse_json('{"a":' + "[" * depth + '"\\u0000"' + "]" * depth + "}")
