"""What a benchmark is: how its rows are read, what it asks, and how it scores; one class each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from domain.text.counter import Counter
from services.benchmark.result import Result
from services.benchmark.tasks import Row, Task
from services.judging.judge import Judge
from services.judging.quality import judge_quality

_PROMPTS = ("prompt", "query", "instruction", "Instruction", "question", "input")
_NUMBER = re.compile(r"\d[\d,]{0,9}")


class Kind:
    """A benchmark; each overrides what it does in a way of its own.

    What a judge says is kept as JSON: `judge` and `at` (who, when), `answers` (as they came),
    and what `measure` needs; `unscored` says why something has no verdict.
    """

    name: str
    files: tuple[str, ...] = ()
    """Where the prompts lie in upstream's folder."""
    holds: str = ""
    """What a row must hold, for people."""
    counter: Counter = "longwriter"
    """What steers and scores."""

    def task(self, number: int, row: Row) -> Task:
        """A row's task; raises KeyError, ValueError, TypeError or RequestError if it is none."""
        raise NotImplementedError

    def s_l(self, task: Task, words: int) -> float | None:
        """The length score against what is stated; None where nothing is."""
        return task.length.s_l(words) if task.length else None

    def measure(
        self, task: Task, text: str, words: int, judged: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """The benchmark's own figures of one text, and its `s_q`; `judged`: what a judge said."""
        if not judged:
            return {}
        return {"s_q": judged["s_q"], "dimensions": judged.get("dimensions", {})}

    async def judge(self, judge: Judge, task: Task, text: str) -> dict[str, Any]:
        """What a judge says of one text; raises LLMError where it cannot be used at present."""
        found = (await judge_quality(judge, text, task.prompt)).to_dict()
        return {**found, "unscored": found["reason"]}

    def missing(self, task: Task) -> dict[str, Any]:
        """What counts as judged where no text was delivered: the lowest."""
        return {"s_q": 0.0}

    def figures(self, results: Sequence[Result]) -> dict[str, Any]:
        """The benchmark's own figures over all texts; mean grades where texts were graded."""
        graded = [r.figures["dimensions"] for r in results if r.figures.get("dimensions")]
        if not graded:
            return {}
        return {"dimensions": {name: mean([row[name] for row in graded]) for name in graded[0]}}


def prompt_of(row: Row) -> str:
    """A row's prompt, under any of the names in use; raises KeyError or ValueError."""
    name = next((name for name in _PROMPTS if name in row), "prompt")
    prompt = row[name]
    if not isinstance(prompt, str) or not prompt.strip():
        raise ValueError(f"{name} is empty")
    return prompt


def number_of(row: Row, *names: str) -> int:
    """The whole number in the first of these fields that is there; KeyError or ValueError."""
    name = next((name for name in names if name in row), names[0])
    found = numbers_in(row[name])
    if len(found) != 1:
        raise ValueError(f"{name} is no number")
    return found[0]


def numbers_in(value: object) -> list[int]:
    """The whole numbers that a field holds: 2000, "2,000 words", "2000-3000"."""
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, float):
        value = round(value)
    return [int(found.replace(",", "")) for found in _NUMBER.findall(str(value))]


def mean(values: Sequence[float | None]) -> float | None:
    """The mean of those that are there, to two places; None: there is none."""
    known = [value for value in values if value is not None]
    return round(fmean(known), 2) if known else None
