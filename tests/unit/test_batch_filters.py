"""What is no text to learn from is refused with a reason; nothing else is, and nothing raises."""

from __future__ import annotations

import io
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batch.contamination import Benchmark, read_benchmark
from batch.filters import Fault, objections, scored
from batch.funnel import STAGES, Funnel
from batch.limits import DEFAULT, Limits
from batch.near import Copy, Seen, copies
from batch.records import Sample
from batch.rows import Reject, Row, rows_of
from batch.sieve import Sieve, rejected
from core.errors import RequestError, TooLargeError
from domain.length.contract import Length
from domain.score import Score
from domain.text.counter import count
from evaluators.suite import BROKEN
from services.requests.conversations import Turn
from tests.corpora.chinese import CHAGUAN
from tests.corpora.english import BREAD, LIGHTHOUSE, TREES

ESSAY = "\n\n".join(LIGHTHOUSE.paragraphs)
OTHER = "\n\n".join(TREES.paragraphs)
CHINESE = "\n\n".join(CHAGUAN.paragraphs)
WORDS = count(ESSAY)


def sample(text: str = ESSAY, words: int | None = WORDS, **more: Any) -> Sample:
    asked = Length(words) if words else None
    made = Sample("s", (Turn("user", "Write on lighthouses."),), text, "en", asked)
    return scored(replace(made, **more))


def reasons(found: Sample, limits: Limits = DEFAULT) -> list[str]:
    return [objection.reason for objection in objections(found, limits)]


# Filters


def test_a_sound_text_passes() -> None:
    assert reasons(sample()) == []
    assert reasons(sample(words=None)) == []
    assert reasons(sample(CHINESE, count(CHINESE), language="zh")) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (" \n", "empty"), ("I'm sorry, but I can't help with that request.", "refusal"),
        (CHINESE, "language"), (f"{ESSAY}\n\n{ESSAY}", "repetition"),
        ("\n\n".join(LIGHTHOUSE.paragraphs[:3]), "length"),
        (f"Sure! Here is the article:\n\n{ESSAY}", "failed_gates"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(text: str, reason: str) -> None:
    found = objections(sample(text))
    assert reason in [objection.reason for objection in found]
    assert all(objection.detail for objection in found)


def test_each_limit_can_be_left_out_and_drawn_elsewhere() -> None:
    short = sample("\n\n".join(LIGHTHOUSE.paragraphs[:3]))
    [objection] = [found for found in objections(short) if found.reason == "length"]
    assert objection.score is not None
    assert objection.score < 80
    assert "length" not in reasons(short, Limits(min_length_score=objection.score - 1))
    assert "length" not in reasons(short, Limits(min_length_score=None))
    assert "repetition" not in reasons(sample(f"{ESSAY}\n\n{ESSAY}"), Limits(repetition=False))
    assert "language" not in reasons(sample(CHINESE), Limits(language=False))
    leaky = sample(f"Sure! Here is the article:\n\n{ESSAY}")
    assert "failed_gates" not in reasons(leaky, Limits(gates=False))


def test_what_no_judge_has_scored_has_not_passed() -> None:
    strict = Limits(min_judge=70)
    assert reasons(sample(judged=None, unjudged="no JSON"), strict) == ["unscored"]
    assert reasons(sample(judged=60.0), strict) == ["judge"]
    assert reasons(sample(judged=math.nan), strict) == ["unscored"]
    assert reasons(sample(judged=70.0), strict) == []
    assert reasons(sample(judged=None)) == []
    assert reasons(sample(judged=None), strict) == []  # nobody was asked
    required = Limits(require_judge=True)
    assert reasons(sample(judged=None), required) == ["unscored"]
    assert reasons(sample(judged=1.0), required) == []


def test_a_gate_that_broke_has_passed_nothing() -> None:
    broke = Score("repetition", 1, None, f"{BROKEN}: ValueError")
    assert reasons(replace(sample(), scores=(broke,))) == ["unscored"]
    assert reasons(replace(sample(), scores=())) == ["unscored"]


@pytest.mark.parametrize(
    "wrong",
    [{"min_length_score": 0}, {"min_judge": 101}, {"similar_answers": 80}, {"contamination": 2},
     {"similar_prompts": math.nan}],
)  # fmt: skip
def test_limits_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(RequestError):
        Limits(**wrong)


@settings(max_examples=40, deadline=None)
@given(
    st.text(max_size=80), st.text(max_size=30), st.none() | st.integers(20, 2_000_000),
    st.sampled_from(["en", "zh", "", "xx"]), st.none() | st.floats(),
)  # fmt: skip
def test_filters_never_raise(
    text: str, prompt: str, words: int | None, language: str, judged: float | None
) -> None:
    made = Sample("s", (Turn("user", prompt),), text, language,
                  Length(words) if words else None, judged=judged)  # fmt: skip
    sieve = Sieve(Limits(min_judge=50), Benchmark(["one " * 13]))
    for found in (made, scored(made)):
        assert {objection.reason for objection in objections(found)} <= set(get_args(Fault))
        sieve.answer(found)


# Copies


def test_near_duplicates_are_found_and_others_not() -> None:
    changed = ESSAY.replace("kelp", "weed").replace("helicopter", "lorry")
    texts = [("a", ESSAY, ""), ("b", OTHER, ""), ("c", changed, ""), ("d", CHINESE, ""),
             ("e", CHINESE[:-30], ""), ("f", ESSAY, "")]  # fmt: skip
    found = list(copies(texts, 0.8))
    assert [(copy.key, copy.of) for copy in found] == [("c", "a"), ("e", "d"), ("f", "a")]
    assert found[2].similarity == 1.0
    assert 0.8 <= found[0].similarity < 1
    assert list(copies(texts, 0.8)) == found


def test_groups_are_not_compared_and_texts_without_words_as_they_stand() -> None:
    assert list(copies([("a", ESSAY, "1,000"), ("b", ESSAY, "2,000")], 0.8)) == []
    texts = [("a", "🌊🌊", ""), ("b", "🌊", ""), ("c", " 🌊🌊", ""), ("d", "", "")]
    assert list(copies(texts, 0.8)) == [Copy("c", "a", 1.0)]


def test_a_threshold_out_of_range_is_refused() -> None:
    for threshold in (0, 1.5):
        with pytest.raises(RequestError):
            Seen(threshold)


# Contamination


def test_runs_of_a_benchmark_are_found(tmp_path: Path) -> None:
    path = tmp_path / "bench.jsonl"
    rows = [
        {"prompt": BREAD.paragraphs[0], "n": 1},
        {"messages": [{"content": CHAGUAN.paragraphs[0]}]},
    ]
    path.write_bytes(b"\n".join(json.dumps(row).encode() for row in rows) + b"\nno JSON\n\xff\n")
    bench = read_benchmark([path])
    said = BREAD.paragraphs[0].split()
    assert bench.overlap(ESSAY) is None
    assert bench.overlap(" ".join(said[:12])) is None
    shared = bench.overlap(f"{ESSAY} {' '.join(said[:14])} {ESSAY}")
    assert shared is not None
    assert shared.runs == 2
    assert shared.example.startswith(said[0].casefold())
    assert bench.overlap(CHAGUAN.paragraphs[1] + CHAGUAN.paragraphs[0]) is not None


def test_a_few_characters_in_common_are_no_contamination() -> None:
    bench = Benchmark([CHAGUAN.paragraphs[0]])
    assert bench.overlap(CHAGUAN.paragraphs[0][:20]) is None
    assert bench.overlap(CHAGUAN.paragraphs[0][:40]) is not None


def test_a_benchmark_is_bounded(tmp_path: Path) -> None:
    with pytest.raises(TooLargeError, match="more than 10 runs"):
        Benchmark([ESSAY], most=10)
    with pytest.raises(RequestError, match="cannot be read"):
        read_benchmark([tmp_path / "none"])
    (tmp_path / "empty").write_text('{"prompt": "too short"}', encoding="utf-8")
    with pytest.raises(RequestError, match="no text of 13 words"):
        read_benchmark([tmp_path / "empty"])


# The sieve


def rows(*values: dict[str, Any]) -> list[Row]:
    data = b"".join(json.dumps(value).encode() + b"\n" for value in values)
    return [item for item in rows_of(io.BytesIO(data)) if isinstance(item, Row)]


def test_prompts_are_looked_at_before_they_are_paid_for() -> None:
    asked = rows({"prompt": ESSAY}, {"prompt": ESSAY}, {"prompt": ESSAY, "length": 900},
                 {"prompt": OTHER})  # fmt: skip
    sieve = Sieve(Limits(similar_prompts=0.9), Benchmark([TREES.paragraphs[2]]))
    found = [sieve.prompt(row) for row in asked]
    assert [(stage, objection.reason) for stage, objection in filter(None, found)] == [
        ("prompts", "near_duplicate"), ("prompts", "contaminated"),
    ]  # fmt: skip
    assert [row.ordinal for row, refused in zip(asked, found, strict=True) if refused] == [1, 0]
    assert [Sieve().prompt(row) for row in asked] == [None] * 4


def test_answers_are_refused_for_themselves_first() -> None:
    sieve = Sieve(Limits(), Benchmark([TREES.paragraphs[2]]))
    refused = [sieve.answer(one) for one in (
        sample(words=3 * WORDS), sample(), sample(), sample(OTHER, count(OTHER)),
        sample(kind="trace"),
    )]  # fmt: skip
    assert [one and (one[0], one[1].reason) for one in refused] == [
        ("filtered", "length"), None, ("copies", "near_duplicate"), ("filtered", "contaminated"),
        None,
    ]  # fmt: skip


def test_rejects_have_the_same_names_at_every_stage() -> None:
    refused = Sieve().answer(sample(words=3 * WORDS))
    assert refused is not None
    later = rejected(refused, line=3, id="a", key="k-0").to_dict()
    assert (later["line"], later["stage"], later["reason"]) == (3, "filtered", "length")
    assert later["score"] < 80
    [early] = rows_of(io.BytesIO(b"no"))
    assert isinstance(early, Reject)
    assert list(early.to_dict()) == list(later)


# The funnel

DROPS = st.lists(st.tuples(st.sampled_from(STAGES), st.sampled_from(["empty", "a|b"])), max_size=9)


@given(DROPS, DROPS)
def test_a_funnel_adds_up(first: list[Any], second: list[Any]) -> None:
    one, two = Funnel.of(20, first, 1), Funnel.of(15, second)
    both = one.plus(two)
    assert both.kept == one.kept + two.kept == 35 - 1 - len(first) - len(second)
    assert sum(number for _, _, number, _ in both.rows()) == both.gone
    assert Funnel.from_dict(json.loads(json.dumps(both.to_dict()))).rows() == both.rows()


def test_a_funnel_is_a_table() -> None:
    funnel = Funnel.of(10, [("filtered", "length"), ("read", "empty"), ("filtered", "length")], 1)
    assert funnel.table().splitlines() == [
        "stage     reason         rows  left",
        "in                               10",
        "read      empty            -1     9",
        "filtered  length           -2     7",
        "written   still waiting    -1     6",
        "out                               6",
    ]
    assert "| filtered | length | -2 | 7 |" in funnel.markdown()
    assert funnel.kept == 6
