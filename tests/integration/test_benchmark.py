"""A benchmark's documents: written, scored, gone on with, reported."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.errors import ConflictError, QuotaError
from domain.text.counter import count
from services.benchmark.kind import Kind
from services.benchmark.kinds import benchmark
from services.benchmark.report import PICTURE, save_report
from services.benchmark.result import Result, summary
from services.benchmark.run import SINGLE_PASS, Benchmark
from services.benchmark.tasks import Task, read_tasks
from services.judging.judge import Judge, find_judge
from tests.fakes.endpoint import FakeEndpoint
from tests.support import Desk, desk

ROWS = [("Write a report on tidal power", 300), ("写一篇关于潮汐发电的报告", 800),
        ("Write an essay on bees", 1500)]  # fmt: skip
KIND = benchmark("longbench-write")
LINES = "\n".join(json.dumps({"prompt": p, "length": n}) for p, n in ROWS)
TASKS = read_tasks([LINES], KIND.task, KIND.holds)


async def work(
    at: Desk, folder: Path, strategy: str, kind: Kind = KIND, tasks: Sequence[Task] = TASKS,
    judge: Judge | None = None, data: str = "",
) -> list[Result]:  # fmt: skip
    models = await at.services.endpoints.models()
    work = Benchmark(at.services.runs, models, folder, strategy, kind, judge, data=data)
    told: list[Result] = []
    results = await work.work(tasks, told.append)
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


async def judge_of(at: Desk, model: str = "fake") -> Judge:
    services = at.services
    return await find_judge(
        services.endpoints, services.lines, services.runs.prompts, at.fake.url, model=model
    )


async def test_judgements_are_kept_and_asked_for_once(tmp_path: Path) -> None:
    out = tmp_path / "out"
    async with desk(tmp_path, seed=4) as at:
        judge = await judge_of(at)
        done = await work(at, out, SINGLE_PASS, judge=judge)
        calls = len(at.fake.calls)
        assert await work(at, out, SINGLE_PASS, judge=judge) == done
        assert len(at.fake.calls) == calls
        other = await judge_of(at, "fake-broken_json")
        await work(at, out, SINGLE_PASS, tasks=TASKS[:1], judge=other)
        assert len(at.fake.calls) > calls, "another judge judges anew"
    kept = json.loads((out / "judgements" / "0002.json").read_text(encoding="utf-8"))
    assert kept["judge"] == "fake"
    assert kept["at"].startswith("20")
    assert json.loads(kept["answers"][0])["relevance"] == kept["dimensions"]["relevance"]
    assert kept["s_q"] == pytest.approx(
        sum((grade - 1) * 25 for grade in kept["dimensions"].values()) / 6, abs=0.01
    )
    assert [r.s_q for r in done][1] == kept["s_q"]
    figures = summary(KIND.name, SINGLE_PASS, done, KIND.figures(done), judge.name)
    assert figures["s_q"] == pytest.approx(sum(r.s_q or 0 for r in done) / 3, abs=0.01)
    page = save_report(out, figures, done).read_text(encoding="utf-8")
    assert f"Judged by fake: mean S_q **{figures['s_q']:.1f}**, 0 unscored." in page
    assert "dimensions relevance" in page


async def test_a_judge_that_talks_nonsense_leaves_s_q_null(tmp_path: Path) -> None:
    async with desk(tmp_path, mode="no_schema") as at:
        judge = await judge_of(at)
        done = await work(at, tmp_path / "out", SINGLE_PASS, tasks=TASKS[:1], judge=judge)
    figures = summary(KIND.name, SINGLE_PASS, done, judge=judge.name)
    assert (figures["s_q"], figures["n_unscored"], figures["missed"]) == (None, 1, 0)
    assert "no verdict in 5 answers" in done[0].unscored
    kept = json.loads((tmp_path / "out" / "judgements" / "0001.json").read_text(encoding="utf-8"))
    assert len(kept["answers"]) == 5
    page = save_report(tmp_path / "out", figures, done).read_text(encoding="utf-8")
    assert "Judged by fake: 1 unscored." in page


async def test_what_is_not_delivered_is_worth_nothing_to_a_judge_either(tmp_path: Path) -> None:
    async with desk(tmp_path, mode="refuse") as at:
        judge = await judge_of(at)
        done = await work(at, tmp_path / "out", "parallel", tasks=TASKS[:1], judge=judge)
    assert (done[0].s_q, done[0].unscored, done[0].delivered) == (0.0, "", False)
    assert not (tmp_path / "out" / "judgements").exists()


async def test_a_judge_that_is_away_stops_it_and_nothing_is_done_twice(tmp_path: Path) -> None:
    faults = {2: "quota"}
    async with desk(tmp_path) as at, FakeEndpoint(faults=faults) as other:
        services = at.services
        judge = await find_judge(
            services.endpoints, services.lines, services.runs.prompts, other.url, model="fake"
        )
        with pytest.raises(QuotaError):
            await work(at, tmp_path / "out", SINGLE_PASS, judge=judge)
        faults.clear()
        done = await work(at, tmp_path / "out", SINGLE_PASS, judge=judge)
        assert len(at.fake.calls) == len(TASKS)
    assert all(r.s_q is not None for r in done)


async def test_a_folder_of_other_data_is_refused(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        for data in ("", "a", "a"):
            await work(at, tmp_path / "out", SINGLE_PASS, tasks=TASKS[:1], data=data)
        with pytest.raises(ConflictError, match="other data"):
            await work(at, tmp_path / "out", SINGLE_PASS, tasks=TASKS[:1], data="b")
        models = await at.services.endpoints.models()
        plain = Benchmark(at.services.runs, models, tmp_path / "out", SINGLE_PASS, KIND, rounds=0)
        with pytest.raises(ConflictError, match="rounds 1"):
            await plain.work(TASKS[:1], print)


SMALL = {
    "longen": {"query": "Write about bees.", "constraint": "150 to 250 words", "type": "range"},
    "ruler-tlg": {"Instruction": "Describe the sea.", "TargetLength": "150"},
    "sgt": {
        "prompt": "Keep a diary of 2 weeks, at least 60 words for each week.", "type": "Week",
        "number": 2, "checks_once": {"1": "a storm"}, "checks_periodic": {"2": "chess"},
    },
    "hellobench": {
        "category": "story_writing", "checklists": ["A?", "B?", "C?", "D?", "E?"],
        "instruction": "Write a story about a lighthouse, no shorter than 150 words.",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", SMALL)
async def test_every_benchmark_is_steered_by_its_own_counter(tmp_path: Path, name: str) -> None:
    kind = benchmark(name)
    tasks = read_tasks([json.dumps(SMALL[name])], kind.task, kind.holds)
    async with desk(tmp_path, mode="short", seed=2) as at:
        judge = await judge_of(at)
        (done,) = await work(at, tmp_path / "out", "parallel", kind, tasks, judge)
        document = await at.services.documents.get(done.run_id)
    length = tasks[0].length
    assert length is not None
    assert done.words == count(document.markdown, kind.counter)
    assert length.accepts(done.words), done
    assert done.s_l is not None
    assert done.s_l >= 95
    own = kind.figures([done])
    if name in ("longen", "ruler-tlg"):
        assert done.s_q is not None
        assert own.get("score", 100) == own.get("pm", {"all": 100})["all"] == 100
    if name == "hellobench":
        assert -300 <= own["hello_eval"] <= 100
    json.dumps(summary(kind.name, "parallel", [done], own, judge.name))
