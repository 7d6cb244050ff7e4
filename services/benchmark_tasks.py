"""The prompts of a benchmark of lengths, read from its file and chosen from."""

from __future__ import annotations

import json
from dataclasses import dataclass

from core.errors import RequestError
from domain.language import detect_prompt_language
from domain.length import Length
from domain.request import WritingRequest, make_request


@dataclass(frozen=True)
class Task:
    """One prompt of a benchmark."""

    number: int
    """Its line, from 1."""
    prompt: str
    required: int
    language: str

    def request(self, strategy: str) -> WritingRequest:
        """What to write: the stated length counts, whatever the prompt's wording suggests."""
        length = Length(self.required, counter="longwriter")
        return make_request(
            {"prompt": self.prompt, "length": length, "language": self.language,
             "strategy": strategy, "calibrate": False}
        )  # fmt: skip


def read_tasks(
    text: str, *, limit: int = 0, sample: str = "first", language: str = "", most: int = 0
) -> list[Task]:
    """The tasks in a benchmark's lines.

    Args:
        text: one JSON object a line, with `prompt` and `length`.
        limit: how many to take; 0: all.
        sample: `first`, or `stratified`: evenly over the required lengths.
        language: only prompts in this language, such as `en`.
        most: only lengths up to this one; 0: any.

    Raises:
        RequestError: a line is none of a benchmark's, or nothing is left.
    """
    lines = ((number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip())
    tasks = [
        task
        for task in (_task(number, line) for number, line in lines)
        if (not language or task.language == language) and (not most or task.required <= most)
    ]
    if not tasks:
        raise RequestError("no prompt of the benchmark is left", "Choose less narrowly.")
    if not limit or limit >= len(tasks):
        return tasks
    if sample == "first":
        return tasks[:limit]
    ordered = sorted(tasks, key=lambda task: (task.required, task.number))
    step = (len(ordered) - 1) / max(1, limit - 1)
    return sorted((ordered[round(n * step)] for n in range(limit)), key=lambda task: task.number)


def _task(number: int, line: str) -> Task:
    try:
        row = json.loads(line)
        prompt, required = str(row["prompt"]), int(row["length"])
    except (ValueError, KeyError, TypeError) as error:
        raise RequestError(
            f"line {number} is no task", 'Each line needs {"prompt": …, "length": …}.'
        ) from error
    return Task(number, prompt, required, detect_prompt_language(prompt))
