"""Every line of an input is a row or a typed reject, exactly once, whatever its bytes."""

from __future__ import annotations

import io
import json
import random
import tracemalloc
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batch.asked import REASONS
from batch.rows import Reject, Row, chosen, read_rows, rows_of
from batch.shard import Shard
from core.errors import RequestError
from domain.length.contract import Length
from domain.request import MAX_PROMPT
from services.requests.conversations import Turn

PROMPT = "Write about 2,000 words on tidal power."
ASKS = {"role": "user", "content": PROMPT}


def lines(*values: Any) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


def read(data: bytes, most: int = 4 * 2**20) -> list[Row | Reject]:
    return list(rows_of(io.BytesIO(data), most))


def row(value: Any) -> Row:
    [found] = read(lines(value))
    assert isinstance(found, Row), found
    return found


def reject(value: Any) -> Reject:
    [found] = read(value if isinstance(value, bytes) else lines(value))
    assert isinstance(found, Reject), found
    return found


# Shapes


def test_a_prompt_is_read_as_any_request_is() -> None:
    found = row({"prompt": PROMPT, "meta": {"set": "a"}, "type": "essay", "answer": "x" * 600})
    assert found.fields == {"prompt": PROMPT, "length": Length(2_000), "language": "en"}
    assert found.messages == (Turn("user", PROMPT),)
    assert found.meta == {"set": "a", "type": "essay"}
    assert (found.line, found.ordinal, found.id) == (1, 0, found.key)
    request = found.request(strategy="sequential", seed=3)
    assert (request.strategy, request.seed, request.length.required) == ("sequential", 3, 2_000)


@pytest.mark.parametrize(
    ("length", "required", "relation"),
    [(500, 500, "about"), ("at least 700 words", 700, "at_least"), (500.0, 500, "about"),
     ({"value": 300, "relation": "at_most"}, 300, "at_most")],
)  # fmt: skip
def test_a_length_that_is_given_wins(length: Any, required: int, relation: str) -> None:
    found = row({"prompt": PROMPT, "length": length, "language": "German"})
    assert found.fields["length"].required == required
    assert found.fields["length"].relation == relation
    assert found.fields["language"] == "de"


def test_the_answer_of_a_longwriter_line_is_not_read() -> None:
    found = row({"messages": [ASKS, {"role": "assistant", "content": "Once " * 150_000}]})
    assert found.messages == (Turn("user", PROMPT),)
    assert found.key == row({"prompt": PROMPT}).key


def test_a_line_of_the_batch_api_is_taken_as_it_is() -> None:
    told = {"role": "developer", "content": [{"type": "text", "text": "Be dry."}]}
    body = {"model": "gpt", "messages": [told, ASKS], "max_tokens": 400, "metadata": {"n": "1"}}
    found = row({"custom_id": "a-1", "method": "POST", "url": "/v1/chat/completions", "body": body})
    assert (found.id, found.meta) == ("a-1", {"n": "1"})
    assert found.messages == (Turn("system", "Be dry."), Turn("user", PROMPT))
    assert "Instructions to keep to:\nBe dry." in found.fields["prompt"]
    assert found.fields["length"].required < 400
    assert found.fields["length"].relation == "at_most"


def test_several_turns_are_context_and_what_is_said_late_counts() -> None:
    said = [("assistant", "Tides."), ("user", "Go on"), ("assistant", "No"), ("system", "Short.")]
    turns = [ASKS, *({"role": role, "content": text} for role, text in said)]
    found = row({"messages": turns})
    assert [turn.role for turn in found.messages] == ["system", "user", "assistant", "user"]
    assert found.fields["prompt"].startswith("Go on")
    assert found.fields["length"].required == 2_000


# Rejects


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{\n", "invalid_json"), (b"\xff\xfe{}\n", "invalid_json"),
        (b"[" * 90_000, "invalid_json"),
        (b'{"meta": ' + b"[" * 60 + b"]" * 60 + b"}", "invalid_json"),
        (b'{"prompt": "x", "n": NaN}', "invalid_json"), (b'{"n": 1e999}', "invalid_json"),
        (b'{"n": ' + b"9" * 9_000 + b"}", "invalid_json"), (b"   \n", "empty"),
        ("text", "not_an_object"), (None, "not_an_object"), ({}, "no_prompt"),
        ({"prompt": 3}, "no_prompt"), ({"prompt": " \n"}, "empty"),
        ({"messages": [{"role": "user", "content": " "}]}, "empty"),
        ({"messages": []}, "no_user_turn"), ({"body": {}}, "no_prompt"),
        ({"messages": [{"role": "system", "content": "Be kind."}]}, "no_user_turn"),
        ({"messages": "hello"}, "bad_messages"), ({"messages": ["hello"]}, "bad_messages"),
        ({"messages": [{"role": "tool", "content": "x"}]}, "bad_messages"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "bad_messages"),
        ({"messages": [{"role": ["user"], "content": "x"}]}, "bad_messages"),
        ({"prompt": PROMPT, "messages": [ASKS]}, "bad_messages"),
        ({"prompt": PROMPT, "length": "long"}, "bad_length"),
        ({"prompt": PROMPT, "length": True}, "bad_length"),
        ({"prompt": PROMPT, "length": [100]}, "bad_length"),
        ({"prompt": PROMPT, "length": 5}, "bad_length"),
        ({"prompt": PROMPT, "length": {"value": 100, "stated": "x"}}, "bad_length"),
        ({"prompt": PROMPT, "length": {"value": "x"}}, "bad_length"),
        ({"prompt": "Write 9,000,000 words on tides."}, "bad_length"),
        ({"body": {"messages": [ASKS], "max_tokens": "many"}}, "bad_length"),
        ({"prompt": PROMPT, "language": "Klingon"}, "unknown_language"),
        ({"prompt": PROMPT, "language": 7}, "unknown_language"),
        ({"prompt": PROMPT, "id": {"a": 1}}, "bad_id"), ({"prompt": PROMPT, "id": ""}, "bad_id"),
        ({"prompt": PROMPT, "meta": [1]}, "bad_meta"), ({"prompt": "x" * 100_001}, "too_long"),
        ({"messages": [ASKS] * 2_001}, "too_long"),
        ({"messages": [{"role": "system", "content": "x" * 60_000},
                       {"role": "user", "content": "x" * 60_000}]}, "too_long"),
    ],
)  # fmt: skip
def test_each_bad_line_has_its_reason(line: Any, reason: str) -> None:
    found = reject(line)
    assert (found.line, found.reason) == (1, reason)
    assert found.detail
    assert reason in REASONS


def test_a_bad_line_stops_nothing() -> None:
    good, big = lines({"prompt": PROMPT}), b'"' + b"x" * 3_000 + b'"\n'
    found = read(b"\xef\xbb\xbf" + good + big + b"\r\n" + b"no\n" + good.strip(), most=2_000)
    assert [getattr(item, "reason", "") for item in found] == [
        "", "too_long", "empty", "invalid_json", "",
    ]  # fmt: skip
    assert [item.line for item in found] == [1, 2, 3, 4, 5]
    assert [item.ordinal for item in found if isinstance(item, Row)] == [0, 1]


def test_the_second_row_with_an_id_is_refused_and_a_bad_row_takes_none() -> None:
    found = read(lines({"id": 7, "prompt": " "}, {"id": "7", "prompt": PROMPT},
                       {"custom_id": 7, "body": {"messages": [ASKS]}}))  # fmt: skip
    assert [getattr(item, "reason", "") for item in found] == ["empty", "", "duplicate_id"]


def test_text_that_cannot_be_stored_is_mended() -> None:
    found = row({"prompt": "Tides\x00 \ud800 \U0001f30a", "meta": {"a\x00": ["\udc00"]}})
    assert found.messages[0].text == "Tides\ufffd \ufffd \U0001f30a"
    assert found.meta == {"a\ufffd": ["\ufffd"]}


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="cannot be read"):
        list(read_rows(tmp_path / "none.jsonl"))
    path = tmp_path / "in.jsonl"
    path.write_bytes(lines({"prompt": PROMPT}))
    assert len(list(read_rows(path))) == 1


def test_a_file_is_read_as_it_is_asked_for() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            self.given += 1
            return lines({"prompt": PROMPT})

    stream: Any = Endless()
    assert [item.line for item in chosen(rows_of(stream), 3)] == [1, 2, 3]
    assert stream.given == 3


def test_answers_that_are_not_read_take_no_room() -> None:
    line = lines({"messages": [ASKS, {"role": "assistant", "content": "x" * 200_000}]})
    stream = io.BytesIO(line * 100)
    tracemalloc.start()
    assert sum(isinstance(item, Row) for item in rows_of(stream)) == 100
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * 2**20


# Properties

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
NAMES = st.sampled_from(["id", "prompt", "messages", "length", "language", "meta", "body",
                         "custom_id", "role", "content"])  # fmt: skip
OBJECTS = st.dictionaries(NAMES, VALUES | st.lists(st.dictionaries(NAMES, VALUES, max_size=2),
                                                   max_size=2), max_size=4)  # fmt: skip
LINES = st.one_of(
    st.binary(max_size=60),
    OBJECTS.map(lambda value: json.dumps(value).encode()),
    st.just(lines({"prompt": PROMPT}).strip()),
)


@settings(max_examples=120, deadline=None)
@given(st.lists(LINES, max_size=6), st.sampled_from([b"\n", b"\r\n"]), st.booleans())
def test_every_line_is_a_row_or_a_reject_once(parts: list[bytes], end: bytes, last: bool) -> None:
    data = end.join(parts) + (end if last else b"")
    found = read(data, most=200)
    assert [item.line for item in found] == list(range(1, len(io.BytesIO(data).readlines()) + 1))
    keys = [item.key for item in found if isinstance(item, Row)]
    assert len(keys) == len(set(keys))
    for item in found:
        if isinstance(item, Row):
            assert 0 < len(item.fields["prompt"]) <= MAX_PROMPT
            assert item.request().prompt
            assert item.messages[-1].role == "user"
            json.dumps(dict(item.meta), allow_nan=False).encode()


def test_keys_do_not_depend_on_the_order_of_lines() -> None:
    values = [{"prompt": PROMPT}, {"prompt": PROMPT, "meta": {"n": 1}}, {"prompt": "On rain."},
              {"prompt": PROMPT, "length": 300}, {"prompt": PROMPT, "language": "de"}]  # fmt: skip
    sets = {
        frozenset(item.key for item in read(lines(*order)) if isinstance(item, Row))
        for order in permutations(values)
    }
    assert [len(keys) for keys in sets] == [5]


ROWS = read(lines(*({"prompt": f"On the tide of day {n}."} for n in range(200)), "bad", "worse"))


@given(st.integers(1, 40))
def test_shards_part_rows_and_rejects(of: int) -> None:
    parts = [list(chosen(ROWS, shard=Shard(index, of))) for index in range(of)]
    assert sorted(item.line for part in parts for item in part) == list(range(1, 203))
    shuffled = random.Random(of).sample(ROWS, len(ROWS))
    again = list(chosen(shuffled, shard=Shard(0, of)))
    assert {item.line for item in again} == {item.line for item in parts[0]}


def test_a_limit_counts_rows_and_comes_before_the_shards() -> None:
    mixed = read(lines("bad", {"prompt": "a"}, "bad", {"prompt": "b"}, {"prompt": "c"}))
    assert [item.line for item in chosen(mixed, 2)] == [1, 2, 3, 4]
    assert list(chosen(mixed, 0)) == []
    halves = [item.line for n in (0, 1) for item in chosen(mixed, 2, Shard(n, 2))]
    assert sorted(halves) == [1, 2, 3, 4]


@pytest.mark.parametrize("text", ["8/8", "-1/2", "1", "a/b", "0/0", "1/2/3", "0/9999999"])
def test_what_is_no_shard_is_said(text: str) -> None:
    with pytest.raises(RequestError, match="shard"):
        Shard.parse(text)


def test_shards_are_read_as_they_are_shown() -> None:
    assert str(Shard.parse(" 7/8 ")) == "7/8"
    sizes = [sum(1 for item in ROWS if Shard(n, 4).holds(str(item.line))) for n in range(4)]
    assert min(sizes) > 25
