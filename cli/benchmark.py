"""`evaluate --benchmark`: documents for a benchmark's prompts, and what they score."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.connect import services
from cli.judge import JudgeOptions, open_judge
from cli.output import put_json, say
from core.errors import RequestError
from services.benchmark.kind import Kind
from services.benchmark.kinds import benchmark
from services.benchmark.report import save_report
from services.benchmark.result import Result, summary
from services.benchmark.run import Benchmark
from services.benchmark.tasks import Task, choose, files_of, read_tasks
from services.requests.file import read_text

MAX_BYTES = 50_000_000


@dataclass(frozen=True)
class BenchmarkOptions:
    """The options as given."""

    name: str
    data: Path | None
    out: Path
    limit: int
    sample: str
    language: str
    most: int
    strategy: str
    as_json: bool
    endpoint: str | None
    base_url: str | None
    model: str | None
    api_key: str | None
    judge: JudgeOptions | None = None
    rounds: int = 1


def run_benchmark(options: BenchmarkOptions) -> None:
    """Write what is not written yet, save the report, print the figures."""
    kind = benchmark(options.name)
    if options.data is None:
        raise RequestError("no --data", "Give the benchmark's file of prompts, or its folder.")
    figures = asyncio.run(_run(options, kind, options.data))
    if options.as_json:
        put_json({key: value for key, value in figures.items() if key != "rows"})


def _tasks(options: BenchmarkOptions, kind: Kind, data: Path) -> tuple[list[Task], str]:
    """The tasks that are chosen, and what tells their files from others."""
    texts = [
        read_text(file, MAX_BYTES, "A benchmark holds prompts, not texts.")
        for file in files_of(data, kind.files)
    ]
    tasks = choose(
        read_tasks(texts, kind.task, kind.holds),
        limit=options.limit, sample=options.sample, language=options.language, most=options.most,
    )  # fmt: skip
    digest = hashlib.sha256("\0".join(texts).encode("utf-8", "replace"))
    return tasks, digest.hexdigest()[:16]


async def _run(options: BenchmarkOptions, kind: Kind, data: Path) -> dict[str, Any]:
    tasks, digest = _tasks(options, kind, data)
    done = 0

    def tell(result: Result) -> None:
        nonlocal done
        done += 1
        say(f"{done}/{len(tasks)} · {_told(result)}")

    async with services(
        options.endpoint, options.base_url, options.model, options.api_key
    ) as built:
        judge = await open_judge(built, options.judge) if options.judge else None
        models = await built.endpoints.models()
        work = Benchmark(
            built.runs, models, options.out, options.strategy, kind, judge, options.rounds, digest
        )
        results = await work.work(tasks, tell)
    own = kind.figures(results)
    figures = summary(kind.name, options.strategy, results, own, judge.name if judge else "")
    page = save_report(options.out, figures, results)
    scores = [
        f"{label} {figures[key]:.1f}"
        for key, label in (("s_l", "S_l"), ("s_q", "S_q"))
        if figures[key] is not None
    ]
    over = f"{', '.join(scores)} over" if scores else "wrote"
    say(
        f"{kind.name}, {options.strategy}: {over} {figures['n']} prompts, "
        f"{figures['missed']} not delivered, {figures['n_unscored']} unscored. Report: {page}"
    )
    return figures


def _told(result: Result) -> str:
    """One result in a line."""
    asked = f" of {result.required:,}" if result.required else " words"
    parts = [f"line {result.number}: {result.words:,}{asked}"]
    parts += [f"S_l {result.s_l:.1f}"] if result.s_l is not None else []
    parts += [f"S_q {result.s_q:.1f}"] if result.s_q is not None else []
    parts += [f"unscored: {result.unscored}"] if result.unscored else []
    parts += [] if result.delivered else [f"not delivered: {result.reason}"]
    return " · ".join(parts)
