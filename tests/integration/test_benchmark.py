"""A benchmark's documents: written, scored, gone on with, reported."""

import json
from pathlib import Path

import pytest

from core.errors import ConflictError, QuotaError
from services.benchmark import SINGLE_PASS, Benchmark
from services.benchmark_kinds import benchmark
from services.benchmark_report import PICTURE, save_report
from services.benchmark_result import Result, summary
from services.benchmark_tasks import read_tasks
from tests.support import Desk, desk

ROWS = [("Write a report on tidal power", 300), ("写一篇关于潮汐发电的报告", 800),
        ("Write an essay on bees", 1500)]  # fmt: skip
KIND = benchmark("longbench-write")
LINES = "\n".join(json.dumps({"prompt": p, "length": n}) for p, n in ROWS)
TASKS = read_tasks([LINES], KIND.task, KIND.holds)


async def work(at: Desk, folder: Path, strategy: str) -> list[Result]:
    models = await at.services.endpoints.models()
    work = Benchmark(at.services.runs, models, folder, strategy, KIND)
    told: list[Result] = []
    results = await work.work(TASKS, told.append)
    assert sorted(told, key=lambda r: r.number) == results
    return results


async def test_ours_keeps_the_lengths_that_a_single_pass_misses(tmp_path: Path) -> None:
    async with desk(tmp_path, mode="short") as at:
        ours = await work(at, tmp_path / "ours", "auto")
        single = await work(at, tmp_path / "single", SINGLE_PASS)
    assert all(r.delivered and (r.s_l or 0) >= 98 for r in ours)
    assert all(r.s_l is not None and r.s_l < 50 for r in single)
    assert (tmp_path / "single" / "answers" / "0003.md").read_text(encoding="utf-8")
    page = save_report(tmp_path / "ours", summary("longbench-write", "auto", ours), ours)
    assert "| 3 | 1,500 |" in page.read_text(encoding="utf-8")
    assert (tmp_path / "ours" / PICTURE).read_bytes().startswith(b"\x89PNG")
    kept = json.loads((tmp_path / "ours" / "report.json").read_text(encoding="utf-8"))
    assert [row["number"] for row in kept["rows"]] == [1, 2, 3]


async def test_it_goes_on_where_it_stopped_and_asks_nothing_twice(tmp_path: Path) -> None:
    faults = dict.fromkeys(range(6, 200), "quota")
    async with desk(tmp_path, faults=faults) as at:
        with pytest.raises(QuotaError):
            await work(at, tmp_path / "out", "parallel")
        faults.clear()
        done = await work(at, tmp_path / "out", "parallel")
        calls = len(at.fake.calls)
        assert await work(at, tmp_path / "out", "parallel") == done
        assert len(at.fake.calls) == calls
        assert len(await at.services.runs.newest()) == len(TASKS)
        with pytest.raises(ConflictError, match="parallel"):
            await work(at, tmp_path / "out", "auto")
    assert all(r.delivered and (r.s_l or 0) >= 98 for r in done)


async def test_a_prompt_that_is_refused_counts_with_nothing(tmp_path: Path) -> None:
    async with desk(tmp_path, mode="refuse") as at:
        results = await work(at, tmp_path / "out", "parallel")
    assert [(r.s_l, r.delivered) for r in results] == [(0.0, False)] * 3
    assert all(r.reason for r in results)
