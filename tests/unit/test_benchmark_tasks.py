"""The prompts of a benchmark, and what is counted together."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RequestError
from services.benchmark.kinds import benchmark
from services.benchmark.result import Result, summary
from services.benchmark.tasks import Task, choose
from services.benchmark.tasks import read_tasks as read_all

KIND = benchmark("longbench-write")


def read_tasks(text: str, **chosen: Any) -> list[Task]:
    return choose(read_all([text], KIND.task, KIND.holds), **chosen)


def lines(*lengths: int, prompt: str = "Write about the tides") -> str:
    return "\n".join(json.dumps({"prompt": prompt, "length": n, "type": "x"}) for n in lengths)


def test_the_stated_length_counts_and_steers_with_longwriters_counter() -> None:
    (task,) = read_tasks(lines(700, prompt="Write a 300-word note on tides"))
    request = task.request("auto")
    assert (request.length.value, request.length.counter) == (700, "longwriter")
    assert (request.language, request.strategy, request.calibrate) == ("en", "auto", False)
    assert task.request("agentwrite", rounds=0).rounds == 0


def test_a_sample_is_the_first_or_spread_over_the_lengths() -> None:
    text = lines(900, 100, 500, 300, 700)
    assert [task.required for task in read_tasks(text, limit=2)] == [900, 100]
    stratified = read_tasks(text, limit=3, sample="stratified")
    assert [(task.number, task.required) for task in stratified] == [(1, 900), (2, 100), (3, 500)]
    assert [task.required for task in read_tasks(text, most=500)] == [100, 500, 300]
    chinese = f"{text}\n{lines(200, prompt='写一篇关于潮汐的文章')}"
    assert [task.required for task in read_tasks(chinese, language="zh")] == [200]


@given(st.lists(st.integers(20, 30_000), min_size=1, max_size=40), st.integers(1, 50))
def test_a_stratified_sample_has_both_ends_and_no_task_twice(lengths: list[int], n: int) -> None:
    found = read_tasks(lines(*lengths), limit=n, sample="stratified")
    assert len({task.number for task in found}) == len(found) == min(n, len(lengths))
    if n > 1:
        required = [task.required for task in found]
        assert (min(required), max(required)) == (min(lengths), max(lengths))


@pytest.mark.parametrize("text", ["", "{", '{"prompt": "x"}', '{"length": 5}', "[]", "3"])
def test_what_is_no_benchmark_is_refused(text: str) -> None:
    with pytest.raises(RequestError):
        read_tasks(text)


def test_what_is_missing_counts_with_nothing() -> None:
    results = [
        Result(1, 400, "en", 400, 100.0, delivered=True),
        Result(2, 3000, "zh", 0, 0.0, delivered=False, reason="withheld"),
        Result(3, 3500, "en", 2800, 87.5, delivered=True),
    ]
    figures = summary("longbench-write", "auto", results)
    assert (figures["n"], figures["s_l"], figures["missed"]) == (3, 62.5, 1)
    assert (figures["s_q"], figures["below_95"]) == (None, 2)
    assert figures["by_length"] == {
        "<500": {"n": 1, "s_l": 100.0, "s_q": None},
        "2000-4000": {"n": 2, "s_l": 43.75, "s_q": None},
    }
    assert figures["by_language"] == {
        "en": {"n": 2, "s_l": 93.75, "s_q": None},
        "zh": {"n": 1, "s_l": 0.0, "s_q": None},
    }
