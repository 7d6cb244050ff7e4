from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UnsupportedError
from llm.complaint import body_of, legible, said_in, words_of
from llm.endpoint import Endpoint
from llm.faults import from_status

KEY = "CANARY-1234567890"
ENDPOINT = Endpoint("home", "http://127.0.0.1:9/v1", "m", api_key=KEY)


def _nested(levels: int) -> object:
    """A list inside a list, deeper than Python can write."""
    value: object = "x"
    for _ in range(levels):
        value = [value]
    return value


@given(st.text(st.characters() | st.sampled_from("\x1b\x00\n \u200b\ud800"), max_size=400))
def test_what_is_legible_is_one_bounded_printable_line(text: str) -> None:
    line = legible(f"{text[:200]}{KEY}{text[200:]}", ENDPOINT, 100)
    assert len(line) <= 100
    assert line.isprintable()
    assert KEY not in line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\x1b[2J  b\r\n\x00 c \ud800", "a[2J b c"),
        ("a CANARY-\u200b1234567890 b", "a [key] b"),
        ("Bearer abc.def and sk-0123456789", "[key] and [key]"),
        ("日本語のモデル", "日本語のモデル"),
    ],
)
def test_what_is_legible_keeps_the_words(text: str, line: str) -> None:
    assert legible(text, ENDPOINT) == line


def test_a_key_that_could_be_a_word_masks_nothing() -> None:
    endpoint = Endpoint("home", "http://127.0.0.1:9/v1", "m", api_key="mist")
    assert legible("mistral-7b", endpoint) == "mistral-7b"


@pytest.mark.parametrize("field", ["message", "detail", "param", "code"])
def test_a_body_too_deep_to_be_written_says_nothing(field: str) -> None:
    deep = _nested(100_000)
    for body in ({"error": {field: deep}}, {field: [deep, {"msg": deep}]}, deep):
        error = from_status(400, body, {}, ENDPOINT, "m")
        assert type(error) is UnsupportedError
        assert error.message == "home (model m) refused the request (400)"
        assert (words_of(body), said_in(body, ENDPOINT)) == ("", "")


def test_a_refusal_that_begins_with_a_byte_order_mark_is_read() -> None:
    error = OSError()
    error.response = SimpleNamespace(text='\ufeff{"error": {"message": "no"}}')  # type: ignore[attr-defined]
    assert body_of(error) == {"error": {"message": "no"}}
