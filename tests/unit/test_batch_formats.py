"""Every record takes a trainer's form: declared columns, in each row, never null."""

from __future__ import annotations

import json
import math
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batch.formats import FORMATS, format_named, line_of, parse_formats
from batch.formats.base import Column
from batch.formats.turns import alternating
from batch.records import Pair, Provenance, Sample, SampleKind
from batch.subsets import dataset_info
from core.errors import RequestError
from domain.length.contract import Length
from domain.score import Score
from services.requests.conversations import Role, Turn
from tests.trainer_schemas import LLAMAFACTORY, check

ASK = Turn("user", "Write on tides.")
TALK = (Turn("system", "Be dry."), ASK, Turn("assistant", "Plan."), Turn("user", "Go on."))
FROM = Provenance(run_id="r1", row="k-0", models=("m",), prompts={"write@3": "ab"}, cost=math.nan,
                  meta={"set": "a"})  # fmt: skip
SAMPLE = Sample("s1", (ASK,), "The tide comes.", "en", Length(200), provenance=FROM,
                scores=(Score("length", 1, None, "none asked"),), judged=80.0)  # fmt: skip
TRACE = Sample("s2", TALK, "The tide goes.", "en", kind="trace")
PAIR = Pair("p1", TALK, "Better.", "Worse.", "en", "section", 90.0, 40.0, "repetition")


def body(name: str, record: Sample | Pair) -> list[dict[str, Any]]:
    rows = format_named(name).rows(record)
    return [{k: v for k, v in row.items() if k not in ("id", "meta")} for row in rows]


# What each format is


def test_messages() -> None:
    assert body("messages", TRACE) == [
        {"messages": [{"role": "system", "content": "Be dry."},
                      {"role": "user", "content": "Write on tides."},
                      {"role": "assistant", "content": "Plan."},
                      {"role": "user", "content": "Go on."},
                      {"role": "assistant", "content": "The tide goes."}]}
    ]  # fmt: skip


def test_prompt_completion() -> None:
    assert body("prompt-completion", SAMPLE) == [
        {"prompt": [{"role": "user", "content": "Write on tides."}],
         "completion": [{"role": "assistant", "content": "The tide comes."}]}
    ]  # fmt: skip


def test_sharegpt_alternates_from_the_human_on() -> None:
    [row] = body("sharegpt", TRACE)
    assert [turn["from"] for turn in row["conversations"]] == ["human", "gpt", "human", "gpt"]
    assert row["system"] == "Be dry."


def test_alpaca_has_no_conversations() -> None:
    assert body("alpaca", SAMPLE) == [
        {"instruction": "Write on tides.", "input": "", "output": "The tide comes.", "system": ""}
    ]
    assert body("alpaca", TRACE) == []


def test_longwriter_has_no_system() -> None:
    [row] = body("longwriter", TRACE)
    assert row["messages"][0] == {"role": "user", "content": "Be dry.\n\nWrite on tides."}
    assert {turn["role"] for turn in row["messages"]} == {"user", "assistant"}


def test_trl_dpo() -> None:
    [row] = body("trl-dpo", PAIR)
    assert [turn["role"] for turn in row["prompt"]] == ["system", "user", "assistant", "user"]
    assert row["chosen"] == [{"role": "assistant", "content": "Better."}]
    assert row["rejected"] == [{"role": "assistant", "content": "Worse."}]


def test_llamafactory_dpo_ends_with_the_human() -> None:
    [row] = body("llamafactory-dpo", PAIR)
    assert [turn["from"] for turn in row["conversations"]] == ["human", "gpt", "human"]
    assert row["chosen"] == {"from": "gpt", "value": "Better."}
    assert (row["rejected"]["value"], row["system"]) == ("Worse.", "Be dry.")


def test_axolotl_dpo() -> None:
    [row] = body("axolotl-dpo", PAIR)
    assert row["messages"][-1]["role"] == "user"
    assert row["chosen"] == {"role": "assistant", "content": "Better."}


def test_kto_has_two_rows_with_ids_of_their_own() -> None:
    rows = format_named("kto").rows(PAIR)
    assert [(row["id"], row["label"]) for row in rows] == [
        ("p1-chosen", True), ("p1-rejected", False),
    ]  # fmt: skip
    assert rows[1]["completion"][0]["content"] == "Worse."


def test_answers_that_are_missing_or_the_same_have_no_form() -> None:
    for name in ("trl-dpo", "kto"):
        assert body(name, Pair("p", (ASK,), "Same. ", "Same.", "en")) == []
        assert body(name, Pair("p", (ASK,), "One.", " ", "en")) == []
        assert body(name, SAMPLE) == []
    assert body("messages", Sample("s", (ASK,), " ", "en")) == []
    assert body("messages", Sample("s", (Turn("assistant", "Hello."),), "Text.", "en")) == []


def test_provenance_stands_in_every_row_as_one_text() -> None:
    told = json.loads(format_named("messages").rows(SAMPLE)[0]["meta"])
    assert told["prompts"] == {"write@3": "ab"}
    assert told["scores"] == {"judge": 80.0, "length": None}
    assert told["cost"] is None
    assert (told["asked"]["value"], told["written"], told["meta"]) == (200, 3, {"set": "a"})
    other = json.loads(format_named("messages").rows(TRACE)[0]["meta"])
    assert set(other) == set(told)
    assert json.loads(PAIR.meta)["scores"] == {"chosen": 90.0, "rejected": 40.0}


# Properties

WORDS = st.text(max_size=12)
TURNS = st.lists(st.builds(Turn, st.sampled_from(get_args(Role)), WORDS), max_size=6).map(tuple)
META = st.dictionaries(st.text(max_size=4), st.floats() | st.text(max_size=4), max_size=2)
FROMS = st.builds(Provenance, meta=META, cost=st.none() | st.floats())
RECORDS = st.one_of(
    st.builds(Sample, st.just("s"), TURNS, WORDS, st.just("en"),
              kind=st.sampled_from(get_args(SampleKind)), provenance=FROMS),
    st.builds(Pair, st.just("p"), TURNS, WORDS, WORDS, st.just("en"), provenance=FROMS),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(RECORDS)
def test_every_row_is_sound_and_one_line(record: Sample | Pair) -> None:
    for known in FORMATS:
        for row in known.rows(record):
            assert known.problems(row) == []
            line = line_of(row)
            assert len(line.splitlines()) == 1
            read = json.loads(line.encode())
            assert list(read) == [column.name for column in known.columns]
            assert known.problems(read) == []


@settings(max_examples=100, deadline=None)
@given(TURNS)
def test_turns_alternate_and_end_with_the_user(turns: tuple[Turn, ...]) -> None:
    order = alternating(turns)
    asked = [turn for turn in turns if turn.role == "user" and turn.text.strip()]
    assert (order is None) == (not asked)
    if order:
        roles = [turn.role for turn in order.spoken]
        assert roles == ["user", "assistant"] * (len(roles) // 2) + ["user"]
        said = "\n".join(turn.text for turn in order.turns)
        assert all(turn.text in said for turn in asked)


@settings(max_examples=100, deadline=None)
@given(RECORDS)
def test_llamafactory_skips_no_row(record: Sample | Pair) -> None:
    """It skips turns that do not alternate from the user on, and an odd one at the wrong end."""
    for known in FORMATS:
        told = known.llamafactory or {}
        if told.get("formatting") != "sharegpt":
            continue
        role = told.get("tags", {}).get("role_tag", "from")
        for row in known.rows(record):
            roles = [turn[role] for turn in row[told["columns"]["messages"]]]
            roles = roles[1:] if roles[0] == "system" else roles
            assert set(roles[::2]) <= {"user", "human"}
            assert set(roles[1::2]) <= {"assistant", "gpt"}
            assert len(roles) % 2 == bool(told.get("ranking"))


@settings(max_examples=100, deadline=None)
@given(st.lists(RECORDS, max_size=3))
def test_rows_are_what_trainers_document(records: list[Sample | Pair]) -> None:
    for known in FORMATS:
        check(known.name, [row for record in records for row in known.rows(record)])


def test_llamafactory_is_told_what_it_documents() -> None:
    told = {known.name: known.llamafactory for known in FORMATS}
    assert {name: told[name] for name in LLAMAFACTORY} == dict(LLAMAFACTORY)
    assert [name for name, entry in told.items() if entry and name not in LLAMAFACTORY] == [
        "longwriter"
    ]


# What is wrong is found


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("messages", "messages", None), ("messages", "messages", []),
        ("messages", "messages", [{"role": "user"}]),
        ("messages", "messages", [{"content": "a", "role": "user"}]),
        ("messages", "messages", [{"role": "user", "content": None}]),
        ("messages", "meta", {"a": 1}), ("messages", "id", ""), ("kto", "label", 1),
        ("sharegpt", "system", None), ("alpaca", "output", " "),
        ("llamafactory-dpo", "chosen", [{"from": "gpt", "value": "a"}]),
    ],
)  # fmt: skip
def test_a_row_that_a_trainer_would_refuse_is_found(name: str, column: str, value: Any) -> None:
    [row, *_] = format_named(name).rows(PAIR if format_named(name).preferences else SAMPLE)
    assert format_named(name).problems({**row, column: value})
    assert format_named(name).problems({**row, "more": 1})


def test_formats_are_named() -> None:
    assert [known.name for known in parse_formats(" kto, messages,kto,")] == ["kto", "messages"]
    for text in ("", " , ", "messages,json"):
        with pytest.raises(RequestError, match="format"):
            parse_formats(text)


def test_columns_are_declared_for_datasets() -> None:
    assert Column("a").feature() == {"name": "a", "dtype": "string"}
    assert format_named("llamafactory-dpo").columns[1].feature() == {
        "name": "chosen",
        "struct": [{"name": "from", "dtype": "string"}, {"name": "value", "dtype": "string"}],
    }
    assert "list" in format_named("messages").columns[0].feature()


def test_llamafactory_is_told_how_each_file_is_read() -> None:
    info = dataset_info({
        "messages": ["data/messages-00000.jsonl", "data/messages-00001.jsonl"],
        "alpaca": ["data/alpaca-00000.jsonl"], "llamafactory-dpo": ["data/l-0.jsonl"],
        "trl-dpo": ["data/trl-dpo-00000.jsonl"],
    })  # fmt: skip
    assert sorted(info) == ["alpaca", "llamafactory-dpo", "messages-00000", "messages-00001"]
    assert info["alpaca"]["file_name"] == "data/alpaca-00000.jsonl"
    assert info["llamafactory-dpo"]["ranking"] is True
    for name, entry in info.items():
        known = format_named(name.removesuffix("-00000").removesuffix("-00001"))
        columns = {column.name for column in known.columns}
        assert set(entry["columns"].values()) <= columns
