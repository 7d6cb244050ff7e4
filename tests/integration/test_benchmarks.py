"""What the benchmarks promise, on documents small enough for a test."""

import json
from itertools import cycle
from pathlib import Path
from statistics import fmean

import pytest

from benchmarks import bare, longbench_write, unruly
from benchmarks.batch_figures import Memory, Span, schedule
from benchmarks.measure import Cost, Server, cost
from domain.text.counter import count
from tests.fakes.calls import Call
from tests.fakes.endpoint import FakeEndpoint
from tests.fakes.levelling import levelled
from tests.support import TOPICS, desk


def call(n: int, prompt: str, start: float, end: float) -> Call:
    return Call(
        n, "/v1/chat/completions", messages=[{"role": "user", "content": prompt}],
        prompt_tokens=10, completion_tokens=20, virtual_started=start, virtual_finished=end,
    )  # fmt: skip


def test_figures_of_three_calls_by_hand() -> None:
    calls = [call(3, "plan B!", 2, 6), call(1, "Write it", 0, 2), call(2, "plan A", 2, 4)]
    found = cost(calls, Server(slots=2))
    assert found == Cost(
        calls=3, span=6, bound=2 + (2 + 4) / 2, prompt_tokens=30, cacheable=5 / 21,
        completion_tokens=60,
    )  # fmt: skip
    assert found.efficiency == 6 / 5
    assert found.fresh_tokens == round(30 * 16 / 21)


def test_figures_of_a_batch_by_hand() -> None:
    spans = [Span(0, 4), Span(0, 2), Span(2, 4), Span(5, 8), Span(6, 8)]
    found = schedule(spans, [[4, 3], [2, 2, 2]], 2)
    assert (found.calls, found.busy, found.makespan, found.bound) == (5, 13, 8, 7)
    assert found.use == 8 / (2 * 5)
    assert found.ratio == 8 / 7
    assert Memory([100, 90, *[95] * 8, *[80] * 9, 110]).growth == 1.1


@pytest.mark.parametrize(
    ("asked", "written"), [(300, 300), (500, 500), (2000, 1324), (3000, 1446), (40_000, 1104)]
)
def test_a_model_that_levels_off(asked: int, written: int) -> None:
    assert levelled(asked) == written


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_the_plain_loop_writes_what_it_is_asked_for(language: str) -> None:
    async with FakeEndpoint() as fake:
        text = await bare.write(fake.url, TOPICS[language], 900, language=language)
    assert count(text) == 900
    assert [c.kind for c in fake.calls] == ["lines", "text", "text"]


async def test_the_plain_loop_on_a_benchmarks_prompts(tmp_path: Path) -> None:
    rows = [{"prompt": f"A text of {n} words", "length": n} for n in (300, 900, 2000)]
    data = tmp_path / "prompts.jsonl"
    data.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    tasks = longbench_write.tasks_in(data, 2)
    assert [task.required for task in tasks] == [300, 2000]
    found = await longbench_write.loop(tasks)
    assert (found.n, found.missed) == (2, 0)
    assert set(found.groups) == {"<500", "2000-4000", "en"}
    assert 70 < found.s_l < 100


async def test_tables_count_what_is_missing(tmp_path: Path) -> None:
    row = await unruly.run("auto", "en", "short", 300, seed=1)
    assert row.score >= 95
    none = unruly.Row("auto", "zh", "short", 300, 1, 0.0, 4)
    page = unruly.page([row, none], "command")
    assert f"| auto | 2 | {row.score / 2:.2f} | 0.0 | 1 | 1 | {(row.calls + 4) / 2:.1f} |" in page
    assert "| auto | zh | 0.0 (0.0) |" in page
    assert "- auto, zh, short, 300: 0.0" in page


@pytest.mark.verify  # 15 s each
@pytest.mark.parametrize("strategy", ["parallel", "agentwrite", "self_lengthen"])
async def test_no_vice_costs_a_strategy_its_length(strategy: str) -> None:
    kinds = [(language, mode) for language in unruly.LANGUAGES for mode in unruly.MODES]
    sizes = cycle((300, 2000, 800))
    rows = [await unruly.run(strategy, *kind, next(sizes), seed=7) for kind in kinds]
    assert fmean(row.score for row in rows) >= 98
    assert min(row.score for row in rows) >= 95


@pytest.mark.verify  # 10 s
async def test_calls_of_a_long_document_share_most_of_their_prompts(tmp_path: Path) -> None:
    async with desk(tmp_path, window=131_072, endpoint={"concurrency": 16}) as at:
        report = await at.write(words=20_000, strategy="parallel")
        found = cost(at.fake.calls, Server())
    assert report.length_score >= 98
    assert found.cacheable >= 0.7
    assert found.prompt_tokens < 1.6 * 20_000
