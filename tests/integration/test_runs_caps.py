"""Spending caps: a run pauses before it exceeds them, and goes on when they are raised."""

from pathlib import Path

import pytest

from core.errors import LimitExceededError, RequestError
from domain.request import make_request
from domain.run_options import Caps, Redo, RunOptions
from storage.ledger import totals
from tests.support import Desk, check_document, desk


async def capped(at: Desk, caps: Caps, words: int = 2000) -> str:
    """A run with these caps that has not begun."""
    models = await at.services.endpoints.models()
    request = make_request({"prompt": "A report on tides", "words": words})
    return await at.services.runs.start(request, models, RunOptions(caps))


@pytest.mark.parametrize("calls", [1, 3])
async def test_a_run_makes_no_more_calls_than_allowed(tmp_path: Path, calls: int) -> None:
    async with desk(tmp_path) as at:
        run_id = await capped(at, Caps(calls=calls))
        paused = await at.carry_out(run_id)
        assert len(at.fake.calls) == calls == paused.calls
        again = await at.carry_out(run_id)
        assert again.calls == calls
        await at.services.runs.set_caps(run_id, Caps(calls=50))
        report = await at.carry_out(run_id)
        document = await at.document(report)
    assert (paused.status, paused.reason_kind, paused.exit_code) == (
        "paused", "limit_exceeded", 7,
    )  # fmt: skip
    assert f"{calls} calls" in paused.reason
    assert "--max-calls" in paused.why
    assert (report.status, report.exit_code) == ("done", 0)
    check_document(document, report)


async def test_tokens_are_capped_with_what_is_in_flight(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        paused = await at.carry_out(await capped(at, Caps(tokens=3500)))
        spent = paused.prompt_tokens + paused.completion_tokens
        await at.services.runs.set_caps(paused.run_id, Caps(tokens=100_000))
        report = await at.carry_out(paused.run_id)
    assert paused.status == "paused"
    assert 1000 < spent <= 3500
    assert 0 < paused.sections_written < paused.sections
    assert report.status == "done"


@pytest.mark.parametrize("fault", ["server_error", "filter", "reset", "empty"])
async def test_every_request_counts_also_those_that_fail(tmp_path: Path, fault: str) -> None:
    faults = dict.fromkeys(range(3, 200), fault)
    async with desk(tmp_path, faults=faults) as at:
        report = await at.carry_out(await capped(at, Caps(calls=6)))
        assert len(at.fake.calls) == report.calls == 6
        assert (report.status, report.reason_kind) == ("paused", "limit_exceeded")
        faults.clear()
        await at.services.runs.set_caps(report.run_id, Caps(calls=60))
        assert (await at.carry_out(report.run_id)).status == "done"


async def test_answers_that_cannot_be_used_cost_what_they_cost(tmp_path: Path) -> None:
    faults = dict.fromkeys(range(2, 200), "reasoning_only")
    async with desk(tmp_path, faults=faults) as at:
        report = await at.carry_out(await capped(at, Caps(tokens=9000)))
        used = sum(call.prompt_tokens + call.completion_tokens for call in at.fake.calls)
    assert report.status == "paused"
    assert report.prompt_tokens + report.completion_tokens == pytest.approx(used, rel=0.1)
    assert 4000 < used < 9000 * 1.2  # more room than asked for is given to a model that thinks


async def test_calls_that_wait_since_a_pause_are_expected_to_cost_too(tmp_path: Path) -> None:
    faults = dict.fromkeys(range(2, 60), "quota")
    async with desk(tmp_path, faults=faults) as at:
        paused = await at.carry_out(await capped(at, Caps(tokens=60_000), words=3000))
        assert paused.reason_kind == "quota"
        faults.clear()
        await at.services.runs.set_caps(paused.run_id, Caps(tokens=3000))
        report = await at.carry_out(paused.run_id)
    assert (report.status, report.reason_kind) == ("paused", "limit_exceeded")
    assert report.prompt_tokens + report.completion_tokens <= 3000


async def test_a_cap_below_the_first_call_leaves_nothing(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        with pytest.raises(LimitExceededError, match="50 tokens"):
            await at.carry_out(await capped(at, Caps(tokens=50)))
        assert await at.services.runs.newest() == []
        assert at.fake.calls == []


async def test_cost_is_counted_by_the_prices_of_the_endpoint(tmp_path: Path) -> None:
    prices = {"price_prompt": 2.0, "price_completion": 8.0}
    async with desk(tmp_path, endpoint=prices) as at:
        paused = await at.carry_out(await capped(at, Caps(cost=0.02)))
        cost = 2e-6 * paused.prompt_tokens + 8e-6 * paused.completion_tokens
        spent = await at.services.db.run(lambda s: totals(s, paused.run_id), write=False)
    assert paused.status == "paused"
    assert spent.cost == pytest.approx(cost)
    assert 0 < cost <= 0.02


def test_caps_say_which_is_exceeded() -> None:
    caps = Caps(calls=3, tokens=100, cost=1.5)
    assert caps.exceeded(3, 100, 1.5) == ""
    assert caps.exceeded(4, 0, 0) == "3 calls"
    assert caps.exceeded(0, 101, 0) == "100 tokens"
    assert caps.exceeded(0, 0, 2) == "a cost of 1.50"
    assert Caps(tokens=7).over(caps) == Caps(calls=3, tokens=7, cost=1.5)
    for bad in ({"calls": 0}, {"tokens": -1}, {"cost": float("nan")}, {"cost": float("inf")}):
        with pytest.raises(RequestError):
            Caps(**bad)


def test_options_survive_being_stored() -> None:
    for options in (RunOptions(), RunOptions(Caps(calls=2), Redo("2.1", "shorter"))):
        assert RunOptions.from_dict(options.to_dict()) == options
    assert RunOptions.from_dict({}) == RunOptions()
