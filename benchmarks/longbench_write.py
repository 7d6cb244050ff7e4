"""LongBench-Write's prompts by a model that levels off: at once, AgentWrite's way, and ours.

python -m benchmarks.longbench_write --data longbench_write.jsonl
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from benchmarks import bare
from domain.length.contract import length_score
from domain.text.counter import count
from evaluators.published.longbench_write import bucket
from services.benchmark.kinds import benchmark
from services.benchmark.tasks import Task, choose, read_tasks
from tests.fakes.endpoint import FakeEndpoint, run_in_thread

ROOT = Path(__file__).parents[1]
NAME = "longbench-write"
MODE = "levels_off+noisy"
LOOP = "AgentWrite's loop"
WAYS = {
    "single-pass": ("--baseline", "single-pass"),
    LOOP: (),
    "ours, `agentwrite`": ("--strategy", "agentwrite"),
    "ours, `auto`": ("--strategy", "auto"),
}
ABOUT = f"""\
# LongBench-Write

S_l of LongBench-Write's prompts (THUDM/LongWriter, Apache-2.0), by its own counter. The model is a
fake (`{MODE}`) that writes what single-pass models write: as much as is asked up to
500 words, then less and less of it, 1,324 for 2,000, 1,568 for 4,000 and no more beyond (means of
gpt-4o-2024-08-06; `tests/fakes/levelling.py` has the source), 30 % more or less from answer to
answer. {LOOP} asks once for a plan and then in order for each section, and checks nothing;
ours are `evaluate --benchmark` as it is (critic on), nothing learnt about the model before. At
once, a prompt that states no length the fake can read gets 200 words; plans are told the
benchmark's length. The texts mean nothing: lengths are all that this measures.
"""


@dataclass(frozen=True)
class Figures:
    """What one way of writing scored."""

    way: str
    n: int
    s_l: float
    below_95: int
    missed: int
    groups: dict[str, float]
    """Mean S_l by class of lengths and by language."""


def tasks_in(data: Path, limit: int) -> list[Task]:
    """The prompts that `evaluate --benchmark` would choose."""
    kind = benchmark(NAME)
    found = read_tasks([data.read_text(encoding="utf-8")], kind.task, kind.holds)
    return choose(found, limit=limit, sample="stratified")


async def loop(tasks: Sequence[Task]) -> Figures:
    """The plain loop, one document after the other."""
    scores = []
    async with FakeEndpoint(mode=MODE, window=131_072) as fake:
        for task in tasks:
            text = await bare.write(fake.url, task.prompt, task.required, language=task.language)
            scores.append(length_score(task.required, count(text, "longwriter")))
    return Figures(
        LOOP, len(tasks), fmean(scores), sum(s < 95 for s in scores), 0,
        {**_means(tasks, scores, lambda t: bucket(t.required)),
         **_means(tasks, scores, lambda t: t.language)},
    )  # fmt: skip


def _means(
    tasks: Sequence[Task], scores: Sequence[float], key: Callable[[Task], str]
) -> dict[str, float]:
    pairs = [(key(task), score) for task, score in zip(tasks, scores, strict=True)]
    return {name: fmean(s for k, s in pairs if k == name) for name, _ in pairs}


def command(way: str, data: Path, limit: int) -> Figures:
    """One run of `evaluate --benchmark` in a process and a data folder of its own."""
    with (
        tempfile.TemporaryDirectory() as home,
        run_in_thread(mode=MODE, window=131_072) as fake,
    ):
        done = subprocess.run(
            [sys.executable, "app.py", "evaluate", "--benchmark", NAME,
             "--data", data.resolve(), "--limit", str(limit), "--sample", "stratified",
             "--base-url", fake.url, "--model", "fake", "--out", f"{home}/out", "--json",
             *WAYS[way]],
            cwd=ROOT, env={**os.environ, "LONGLEAF_HOME": home}, stdout=subprocess.PIPE,
            check=True,
        )  # fmt: skip
    found = json.loads(done.stdout.splitlines()[-1])
    groups = {**found["by_length"], **found["by_language"]}
    return Figures(
        way, found["n"], found["s_l"], found["below_95"], found["missed"],
        {name: group["s_l"] for name, group in groups.items()},
    )  # fmt: skip


def table(rows: Sequence[Figures]) -> str:
    """One line a way, as Markdown."""
    groups = list(dict.fromkeys(name for row in rows for name in row.groups))
    lines = [
        f"| | prompts | S_l | under 95 | not delivered | {' | '.join(groups)} |",
        "|---|---|---|---|---|" + "---|" * len(groups),
    ]
    for row in rows:
        cells = " | ".join(f"{row.groups[name]:.1f}" for name in groups)
        lines.append(
            f"| {row.way} | {row.n} | {row.s_l:.1f} | {row.below_95} | {row.missed} | {cells} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and keep the table where `--out` says."""
    parser = argparse.ArgumentParser("benchmarks.longbench_write", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="LongBench-Write's JSONL")
    parser.add_argument("--limit", type=int, default=0, help="so many prompts; 0: all")
    parser.add_argument("--ways", nargs="+", choices=list(WAYS), default=list(WAYS))
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    tasks = tasks_in(given.data, given.limit)
    rows = [
        asyncio.run(loop(tasks)) if way == LOOP else command(way, given.data, given.limit)
        for way in given.ways
    ]
    text = f"{ABOUT}\n    python -m benchmarks.longbench_write --data FILE\n\n{table(rows)}\n"
    print("\n" + text)
    if given.out:
        given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
