"""What is estimated before a run is what the run then takes."""

from pathlib import Path
from typing import Any

import pytest

from agents.strategies.registry import STRATEGIES
from domain.length.spread import Spread
from domain.request import make_request
from services.forecast.estimates import Estimate, Estimates
from services.runs.reports import RunReport
from tests.door import door
from tests.support import TOKENS, TOPICS, Desk, desk


async def estimated(place: Desk, words: int, language: str = "en", **request: Any) -> Estimate:
    fields = {"prompt": TOPICS[language], "words": words, **request}
    models = await place.services.endpoints.models()
    return await Estimates(place.services.db, TOKENS).estimate(make_request(fields), models)


def check(estimate: Estimate, report: RunReport) -> None:
    assert report.done
    assert estimate.sections.holds(report.sections)
    assert estimate.calls.holds(report.calls), (estimate.calls, report.calls)
    assert estimate.prompt_tokens.holds(report.prompt_tokens)
    assert estimate.completion_tokens.holds(report.completion_tokens)


async def compare(
    tmp_path: Path, words: int, *, mode: str = "obey", **request: Any
) -> tuple[Estimate, RunReport]:
    async with desk(tmp_path, mode=mode, seed=3) as place:
        estimate = await estimated(place, words, **request)
        assert not place.fake.calls
        report = await place.write(words=words, **request)
    check(estimate, report)
    return estimate, report


@pytest.mark.parametrize(
    ("words", "request_"),
    [
        (300, {"rounds": 0}),
        (1000, {"rounds": 2, "strategy": "self_lengthen"}),
        (2000, {"rounds": 1, "strategy": "agentwrite", "language": "zh"}),
    ],
)
async def test_a_run_takes_what_was_estimated(
    tmp_path: Path, words: int, request_: dict[str, Any]
) -> None:
    await compare(tmp_path, words, mode="noisy", **request_)


@pytest.mark.verify
@pytest.mark.parametrize("mode", ["noisy", "unfinished"])
@pytest.mark.parametrize("strategy", STRATEGIES)
async def test_every_strategy_takes_what_was_estimated(
    tmp_path: Path, strategy: str, mode: str
) -> None:
    """About six seconds each."""
    for words, rounds in ((300, 1), (700, 0), (3000, 1), (10_000, 0)):
        await compare(tmp_path / str(words), words, mode=mode, strategy=strategy, rounds=rounds)


async def test_a_range_is_of_some_use(tmp_path: Path) -> None:
    async with desk(tmp_path) as place:
        small = await estimated(place, 300, rounds=0)
        large = await estimated(place, 10_000, rounds=0)
        deep = await estimated(place, 10_000, rounds=0, strategy="agentwrite")
    assert small.calls.high < large.calls.low
    assert large.prompt_tokens.likely < deep.prompt_tokens.likely / 3
    assert large.completion_tokens.high < 8 * large.completion_tokens.low
    assert large.seconds.likely < deep.seconds.likely


async def test_past_runs_make_it_closer(tmp_path: Path) -> None:
    async with desk(tmp_path) as place:
        before = await estimated(place, 1200, rounds=0)
        assert before.past_runs == 0
        assert "no finished run" in before.basis
        report = await place.write(words=1200)
        after = await estimated(place, 1200, rounds=0)
        other = await Estimates(place.services.db, TOKENS, "other").estimate(
            make_request({"prompt": "x", "words": 1200}), await place.services.endpoints.models()
        )
    assert after.past_runs == 1
    assert "1 of your runs" in after.basis
    assert other.past_runs == 0
    assert after.calls.holds(report.calls)
    assert after.calls.high < before.calls.high
    assert after.seconds.likely < before.seconds.likely


async def test_a_request_that_leaves_the_strategy_open_is_told_which(tmp_path: Path) -> None:
    async with desk(tmp_path) as place:
        estimate = await estimated(place, 800, strategy="auto")
    assert estimate.strategy == "agentwrite"
    assert "one section after the other" in estimate.strategy_why


async def test_cost_goes_by_the_endpoints_prices(tmp_path: Path) -> None:
    prices = {"price_prompt": 2.0, "price_completion": 10.0}
    async with desk(tmp_path, endpoint=prices) as place:
        estimate = await estimated(place, 2000)
    likely = estimate.prompt_tokens.likely * 2e-6 + estimate.completion_tokens.likely * 1e-5
    assert estimate.cost.likely == pytest.approx(likely)
    assert estimate.to_dict()["cost"]["low"] > 0


async def test_a_very_small_model_makes_no_draft_and_no_verdict(tmp_path: Path) -> None:
    async with desk(tmp_path, endpoint={"compact": True}) as place:
        estimate = await estimated(place, 900, strategy="self_lengthen", rounds=2)
        report = await place.write(words=900, strategy="self_lengthen", rounds=2)
    assert {stage.role for stage in estimate.stages} == {"planner", "writer", "editor"}
    check(estimate, report)


def test_spreads_keep_their_order() -> None:
    one = Spread(1, 2, 4).per(Spread(1, 2, 4))
    assert (one.low, one.likely, one.high) == (0.25, 1, 4)
    assert Spread(1, 2, 3).larger(Spread(2, 2, 2)) == Spread(2, 2, 3)
    assert not Spread(1, 2, 3).holds(3.5)


async def test_an_estimate_over_http(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        body = {"prompt": "A report on tides", "words": "about 2,000 words", "strategy": "auto"}
        reply = await http.post("/api/v1/estimates", json=body)
        assert reply.status_code == 200, reply.text
        told = reply.json()
        assert told["target"] == 2000
        assert told["strategy"] == "self_lengthen"
        assert told["calls"]["low"] <= told["calls"]["likely"] <= told["calls"]["high"]
        assert {stage["name"] for stage in told["stages"]} >= {"planning", "writing"}
        for wrong in ({}, {"prompt": " "}, {"prompt": "x", "strategy": "none"}):
            refused = await http.post("/api/v1/estimates", json=wrong)
            assert refused.status_code == 422, refused.text
        assert not made.place.fake.calls
