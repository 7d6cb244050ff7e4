"""The prompts of a benchmark: its files, their rows, and which of them are taken."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.errors import RequestError
from domain.length.contract import Length
from domain.request import WritingRequest, make_request

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Task:
    """One prompt of a benchmark."""

    number: int
    """Its line, from 1."""
    prompt: str
    language: str
    required: int = 0
    """The stated length, in the benchmark's own counter; 0: none is stated."""
    length: Length | None = None
    """What is steered to: the stated length, or the numbers that its score accepts."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What the benchmark needs to score it."""

    def request(self, strategy: str, rounds: int = 1) -> WritingRequest:
        """What to write: the stated length counts, whatever the prompt's wording suggests."""
        return make_request(
            {"prompt": self.prompt, "length": self.length, "language": self.language,
             "strategy": strategy, "rounds": rounds, "calibrate": False}
        )  # fmt: skip


def files_of(path: Path, patterns: Sequence[str]) -> list[Path]:
    """The file itself, or those of upstream's folder: the first pattern that finds any.

    Raises:
        RequestError: the folder has none of them.
    """
    if not path.is_dir():
        return [path]
    for pattern in (*patterns, "*.jsonl", "*.json"):
        found = sorted(file for file in path.glob(pattern) if file.is_file())
        if found:
            return found
    raise RequestError(
        f"{path} holds no file of this benchmark", f"Looked for: {', '.join(patterns)}."
    )


def read_tasks(texts: Iterable[str], make: Callable[[int, Row], Task], holds: str) -> list[Task]:
    """All tasks in a benchmark's files.

    Args:
        texts: of the files: JSON lines, or a JSON list; tasks are numbered through.
        make: a task from its number and row; may raise whatever a wrong row leads to.
        holds: what a row must hold, for people.

    Raises:
        RequestError: a row is none of this benchmark's.
    """
    tasks: list[Task] = []
    for text in texts:
        before = tasks[-1].number if tasks else 0
        for number, row in _rows(text):
            try:
                if not isinstance(row, dict):
                    raise TypeError("no object")
                tasks.append(make(before + number, row))
            except (ValueError, KeyError, TypeError, RequestError) as error:
                what = f"no {error}" if isinstance(error, KeyError) else str(error)
                raise RequestError(
                    f"line {number} is no task of this benchmark ({what})", f"It needs {holds}."
                ) from error
    return tasks


def choose(
    tasks: Sequence[Task], *, limit: int = 0, sample: str = "first", language: str = "",
    most: int = 0,
) -> list[Task]:  # fmt: skip
    """Those that are to be written.

    Args:
        tasks: all.
        limit: how many to take; 0: all.
        sample: `first`, or `stratified`: evenly over the required lengths.
        language: only prompts in this language, such as `en`.
        most: only lengths up to this one; 0: any.

    Raises:
        RequestError: nothing is left.
    """
    left = [
        task
        for task in tasks
        if (not language or task.language == language) and (not most or task.required <= most)
    ]
    if not left:
        raise RequestError("no prompt of the benchmark is left", "Choose less narrowly.")
    if not limit or limit >= len(left):
        return left
    if sample == "first":
        return left[:limit]
    ordered = sorted(left, key=lambda task: (task.required, task.number))
    step = (len(ordered) - 1) / max(1, limit - 1)
    return sorted((ordered[round(n * step)] for n in range(limit)), key=lambda task: task.number)


def _rows(text: str) -> Iterator[tuple[int, object]]:
    """The rows with their numbers: of a JSON list, else of lines; what is no JSON comes as is."""
    whole = _value(text)
    if isinstance(whole, list):
        yield from enumerate(whole, 1)
        return
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield number, _value(line)


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
