"""Spinning the Golden Thread: documents of numbered units, and what each of these was to hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import fmean
from typing import Any

from domain.length.contract import Length
from domain.length.parser import parse_length
from domain.text.counter import Counter
from domain.text.language import detect_prompt_language
from evaluators.published.golden_thread import UNIT_WORDS, thread
from services.benchmark.kind import Kind, mean, number_of, prompt_of
from services.benchmark.result import Result
from services.benchmark.tasks import Row, Task
from services.judging.answers import judge_answers
from services.judging.judge import Judge, today

_MARK = "#*#"
_LINE_MARKS = r"[ \t#*_>-]{0,12}(?:\d{1,4}[.)][ \t]{1,4})?"
_CHECKS = ("checks_once", "checks_range", "checks_periodic")
_FEWEST_A_UNIT = 50
"""A stated length below so many words a unit is the length of one unit."""
_MOST_UNITS = 10_000
_WORDS = re.compile(r"(\d{2,5}) words")
_QUESTION = "Does this text include the following: {event}?"


class GoldenThread(Kind):
    """SGT: completion without a judge; with one, the share of instructions that were met."""

    name = "sgt"
    files = ("Dataset_short.json", "Dataset/Dataset_short.json", "*/Dataset*.json", "Dataset*.json")
    holds = '{"prompt": …, "type": "Week", "number": 52, "checks_once": {"19": "…"}, …}'
    counter: Counter = "spaced"

    def task(self, number: int, row: Row) -> Task:
        """`checks_…` map a unit's number to what it is to hold."""
        prompt, kind = prompt_of(row), str(row["type"]).strip()
        units = number_of(row, "number", "units")
        if not kind or not 1 <= units <= _MOST_UNITS:
            raise ValueError(f"{units} units of type {kind!r}")
        checks = [
            (int(unit), str(event))
            for name in _CHECKS
            for unit, event in dict(row.get(name) or {}).items()
        ]
        length = _length_of(prompt, kind, units)
        facts = {"type": kind, "units": units, "checks": checks}
        return Task(number, prompt, detect_prompt_language(prompt), length.required, length, facts)

    def measure(
        self, task: Task, text: str, words: int, judged: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """`cr`, and if it was judged `stic_1`, `stic_2`, `w_avg`: each 0 to 100."""
        units, written = task.facts["units"], units_of(text, task.facts["type"])
        said = (judged or {}).get("checks", [])
        verdicts = {(unit, event): found for unit, event, found in said}
        met: list[tuple[int, bool]] = []
        for unit, event in task.facts["checks"]:
            found = verdicts.get((unit, event)) if unit in written else False
            if found is not None:
                met.append((unit, found))
        scored = thread(units, written, met)
        own: dict[str, Any] = {"cr": round(scored.completion, 2), "units": len(written)}
        if judged is None:
            return own
        there = [found for unit, found in met if unit in written]
        return {
            **own, "stic_1": round(scored.stic_1, 2) if there else None,
            "stic_2": round(scored.stic_2, 2) if met else None,
            "w_avg": round(scored.weighted, 2) if met else None,
            "met": sum(there), "there": len(there),
            "checks": len(met), "checks_unscored": len(task.facts["checks"]) - len(met),
        }  # fmt: skip

    async def judge(self, judge: Judge, task: Task, text: str) -> dict[str, Any]:
        """One call a unit that is there and was to hold something."""
        written = units_of(text, task.facts["type"])
        by_unit: dict[int, list[str]] = {}
        for unit, event in task.facts["checks"]:
            if unit in written:
                by_unit.setdefault(unit, []).append(event)
        checks: list[tuple[int, str, bool | None]] = []
        answers: list[str] = []
        unscored = ""
        for unit, events in sorted(by_unit.items()):
            asked = [_QUESTION.format(event=event) for event in events]
            found = await judge_answers(judge, written[unit], asked)
            answers += found.raw
            unscored = unscored or found.reason
            values = [None] * len(events) if found.values is None else map(bool, found.values)
            checks += zip([unit] * len(events), events, values, strict=True)
        return {
            "judge": judge.name, "at": today(), "checks": checks, "unscored": unscored,
            "answers": answers,
        }  # fmt: skip

    def missing(self, task: Task) -> dict[str, Any]:
        """No instruction is met, also not in the units that there may be."""
        return {"checks": [(unit, event, False) for unit, event in task.facts["checks"]]}

    def figures(self, results: Sequence[Result]) -> dict[str, Any]:
        """`cr`, the mean; `stic_1`, `stic_2` over all instructions; `w_avg`, CR times STIC-2.

        `long_words` is the mean length of outputs with more than 40 units and 2,000 words.
        """
        completion = fmean(r.figures["cr"] for r in results)
        long = [r.words for r in results if r.figures["units"] > 40 and r.words > 2000]
        own: dict[str, Any] = {"cr": round(completion, 2), "long_words": mean(long)}
        judged = [r.figures for r in results if "stic_2" in r.figures]
        if not judged:
            return {**own, "stic_1": None, "stic_2": None, "w_avg": None}
        met = sum(row["met"] for row in judged)
        there, checks = (sum(row[name] for row in judged) for name in ("there", "checks"))
        share = 100 * met / checks if checks else None
        return {
            **own,
            "stic_1": round(100 * met / there, 2) if there else None,
            "stic_2": None if share is None else round(share, 2),
            "w_avg": None if share is None else round(completion * share / 100, 2),
            "checks": checks,
            "checks_unscored": sum(row["checks_unscored"] for row in judged),
        }


def units_of(text: str, kind: str) -> dict[int, str]:
    """The units of a document by number, the first of each.

    A unit begins at upstream's mark `#*#`, or at a line that begins with its name and number, such
    as `## Week 5`, bold or numbered or not: whichever finds more of them.

    Args:
        text: Markdown.
        kind: what units are called, such as `Week`.
    """
    name = r"[ \t]+".join(map(re.escape, kind.split()))
    numbered = re.compile(rf"{name}[ \t]*(\d{{1,6}})\b", re.IGNORECASE)
    line = re.compile(rf"^{_LINE_MARKS}{numbered.pattern}", re.IGNORECASE | re.MULTILINE)
    starts = [*(found.start() for found in line.finditer(text)), len(text)]
    by_lines = [text[a:b] for a, b in zip(starts, starts[1:], strict=False)]
    ways = (_numbered(blocks, numbered) for blocks in (text.split(_MARK), by_lines))
    return max(ways, key=len)


def _numbered(blocks: Sequence[str], number: re.Pattern[str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for block in blocks:
        if first := number.search(block):
            found.setdefault(int(first[1]), block.strip())
    return found


def _length_of(prompt: str, kind: str, units: int) -> Length:
    """All units together: as the prompt says of one or of all, else as was published."""
    stated = parse_length(prompt)
    if stated is None:
        told = _WORDS.search(prompt)
        known = next((words for name, words in UNIT_WORDS.items() if name in kind.lower()), 100)
        stated = Length(int(told[1]) if told else known, relation="at_least").scaled(units)
    elif stated.value < units * _FEWEST_A_UNIT:
        stated = stated.scaled(units)
    return replace(stated, unit="words", counter=GoldenThread.counter)
