"""HelloBench: prompts with checklists that a judge answers, weighed as people weigh them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import fmean
from typing import Any

from domain.length.parser import parse_length
from domain.text.language import detect_prompt_language
from evaluators.published.hellobench import (
    CUT_TO,
    LONGEST,
    SEED,
    TEMPERATURE,
    TRIES,
    WEIGHTS,
    hello_eval,
)  # fmt: skip
from services.benchmark.kind import Kind, mean, prompt_of
from services.benchmark.result import Result
from services.benchmark.tasks import Row, Task
from services.judging.answers import judge_answers
from services.judging.judge import Judge, today

_MOST_QUESTIONS = 40


class HelloBench(Kind):
    """HelloBench: HelloEval by the weights of its categories; plain shares for any other too."""

    name = "hellobench"
    files = (
        "main_data/*.jsonl", "data/main_data/*.jsonl", "HelloBench/*.jsonl", "*.jsonl",
    )  # fmt: skip
    holds = '{"instruction": …, "category": "story_writing", "checklists": ["…?", …]}'

    def task(self, number: int, row: Row) -> Task:
        """A length is steered to, and scored, where the instruction states one."""
        prompt, category = prompt_of(row), str(row["category"])
        questions = row["checklists"] if "checklists" in row else row["checklist"]
        if not isinstance(questions, list) or not 0 < len(questions) <= _MOST_QUESTIONS:
            raise ValueError("checklists is no list of questions")
        length = parse_length(prompt)
        length = replace(length, counter=self.counter, unit="words") if length else None
        facts = {"category": category, "questions": [str(question) for question in questions]}
        language = detect_prompt_language(prompt)
        return Task(number, prompt, language, length.required if length else 0, length, facts)

    def measure(
        self, task: Task, text: str, words: int, judged: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """`category`, `checklist` (the mean answer, 0 to 100) and `hello_eval` (-300 to 100)."""
        category = task.facts["category"]
        own: dict[str, Any] = {"category": category, "checklist": None, "hello_eval": None}
        answers = judged and judged["values"]
        if not answers:
            return own
        weights = WEIGHTS.get(category)
        score = hello_eval(weights, answers) if weights else None
        share = round(100 * fmean(answers), 2)
        return {**own, "checklist": share, "hello_eval": None if score is None else round(score, 2)}

    async def judge(self, judge: Judge, task: Task, text: str) -> dict[str, Any]:
        """All questions in one call, as published; very long texts are cut as there."""
        most = CUT_TO if judge.cost(text) > LONGEST else None
        found = await judge_answers(
            judge, text, task.facts["questions"], prompt=task.prompt, graded=True, tries=TRIES,
            temperature=TEMPERATURE, seed=SEED, most=most,
        )  # fmt: skip
        return {
            "judge": judge.name, "at": today(), "values": found.values and list(found.values),
            "cut": found.cut, "unscored": found.reason, "answers": list(found.raw),
        }  # fmt: skip

    def missing(self, task: Task) -> dict[str, Any]:
        """Every question answered with no."""
        return {"values": [0.0] * len(task.facts["questions"])}

    def figures(self, results: Sequence[Result]) -> dict[str, Any]:
        """Means of `hello_eval` and `checklist`, over all and `by_category`."""

        def means(found: Sequence[Result]) -> dict[str, Any]:
            names = ("hello_eval", "checklist")
            return {name: mean([r.figures[name] for r in found]) for name in names}

        categories = dict.fromkeys(r.figures["category"] for r in results)
        grouped = {
            category: [r for r in results if r.figures["category"] == category]
            for category in categories
        }
        by_category = {key: {"n": len(found), **means(found)} for key, found in grouped.items()}
        return {
            **means(results),
            "n_hello_eval": sum(r.figures["hello_eval"] is not None for r in results),
            "by_category": by_category,
        }
