"""`evaluate --benchmark`: documents for a benchmark's prompts, and what they score."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.connect import services
from cli.output import put_json, say
from cli.request_file import read_text
from core.errors import RequestError
from services.benchmark import BENCHMARKS, Benchmark, Result, summary
from services.benchmark_report import save_report
from services.benchmark_tasks import read_tasks

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


def run_benchmark(options: BenchmarkOptions) -> None:
    """Write what is not written yet, save the report, print the figures."""
    if options.name not in BENCHMARKS:
        raise RequestError(
            f"there is no benchmark {options.name!r} here", f"Use one of: {', '.join(BENCHMARKS)}."
        )
    if options.data is None:
        raise RequestError("no --data", "Give the benchmark's file of prompts.")
    figures = asyncio.run(_run(options, options.data))
    if options.as_json:
        put_json({key: value for key, value in figures.items() if key != "rows"})


async def _run(options: BenchmarkOptions, data: Path) -> dict[str, Any]:
    tasks = read_tasks(
        read_text(data, MAX_BYTES, "A benchmark holds prompts, not texts."),
        limit=options.limit, sample=options.sample, language=options.language, most=options.most,
    )  # fmt: skip
    done = 0

    def tell(result: Result) -> None:
        nonlocal done
        done += 1
        missed = "" if result.delivered else f" · not delivered: {result.reason}"
        say(
            f"{done}/{len(tasks)} · line {result.number}: {result.words:,} of "
            f"{result.required:,} · S_l {result.s_l:.1f}{missed}"
        )

    async with services(
        options.endpoint, options.base_url, options.model, options.api_key
    ) as built:
        models = await built.endpoints.models()
        work = Benchmark(built.runs, models, options.out, options.strategy, options.name)
        results = await work.work(tasks, tell)
    figures = summary(options.name, options.strategy, results)
    page = save_report(options.out, figures, results)
    say(
        f"{options.name}, {options.strategy}: S_l {figures['s_l']:.1f} over {figures['n']} "
        f"prompts, {figures['missed']} not delivered. Report: {page}"
    )
    return figures
