"""Limits, fleets and chains on the wire: bounds hold, and nothing is lost."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
import structlog

from llm.endpoint import Endpoint
from llm.lines import Lines
from llm.roles import build_models
from llm.types import Completion, Message, ModelRequest
from tests.clock import Clock
from tests.fakes.calls import Call
from tests.fakes.client import until
from tests.fakes.endpoint import FakeEndpoint
from tests.support import TOKENS, at_once


def _requests(count: int) -> list[ModelRequest]:
    return [
        ModelRequest("", (Message("user", f"Write {20 + n} words about bees."),))
        for n in range(count)
    ]


async def _complete(
    fakes: dict[str, FakeEndpoint], setting: str | Sequence[str], count: int, concurrency: int = 16
) -> list[Completion]:
    """Answers to `count` calls at once, each of a document of its own."""
    endpoints = {
        name: Endpoint(name, fake.url, "fake", concurrency=concurrency)
        for name, fake in fakes.items()
    }
    models = build_models(endpoints, {}, setting, TOKENS, lines=(lines := _lines()))
    try:
        return await asyncio.gather(
            *(
                models.for_document(f"doc_{n}").llm("writer").complete(request)
                for n, request in enumerate(_requests(count))
            )
        )
    finally:
        await lines.close()


def _lines() -> Lines:
    return Lines(TOKENS, sleep=at_once)


@pytest.mark.parametrize("seed", range(4))
async def test_a_bad_day_at_sixteen_at_once_loses_nothing(seed: int) -> None:
    async with FakeEndpoint(fault_rate=0.07, seed=seed) as fake:
        answers = await _complete({"a": fake}, "a", 160)
        faults = [call for call in fake.calls if call.fault]
    assert [answer.finish for answer in answers] == ["stop"] * 160
    assert max(answer.tries for answer in answers) <= 4
    assert sum(answer.tries for answer in answers) == len(fake.calls) == 160 + len(faults)
    assert len(faults) >= 5
    assert max(call.in_flight for call in fake.calls) <= 16


async def test_one_of_two_dies_and_nothing_is_lost() -> None:
    ended: list[asyncio.Task[None]] = []

    async def dies(call: Call) -> None:
        if call.n == 12:
            ended.append(asyncio.create_task(first.__aexit__()))

    first = FakeEndpoint(on_call=dies)
    async with first, FakeEndpoint() as second:
        with structlog.testing.capture_logs() as logs:
            answers = await _complete({"a": first, "b": second}, "a + b", 60, concurrency=4)
        await asyncio.gather(*ended)
    assert {answer.finish for answer in answers} == {"stop"}
    assert {answer.endpoint for answer in answers} == {"a", "b"}
    moved = [answer for answer in answers if answer.endpoint == "b" and answer.tries > 1]
    given_up = [log for log in logs if log["log_level"] == "warning"]
    assert 1 <= len(given_up) <= 4 < len(moved)  # who stood in the queue then just moved on
    assert all(log["event"] == "passed_over" and log["endpoint"] == "a" for log in given_up)


async def test_a_slow_endpoint_gets_fewer_at_once() -> None:
    at_once: list[int] = []

    async def gather(call: Call) -> None:
        """Hold the first calls of each round until no more come."""
        if call.n in (1, 9):
            await until(lambda: fake.in_flight >= (8 if call.n == 1 else 4))
            for _ in range(500):
                await asyncio.sleep(0)
            at_once.append(fake.in_flight)
            held[call.n].set()
        await held[1 if call.n <= 8 else 9].wait()

    held = {1: asyncio.Event(), 9: asyncio.Event()}
    faults = dict.fromkeys(range(1, 9), "rate_limit")
    async with FakeEndpoint(on_call=gather, faults=faults) as fake:
        await _complete({"a": fake}, "a", 24, concurrency=8)
    assert at_once == [8, 4]


async def test_requests_and_tokens_a_minute_hold_on_the_wire(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock.of_loop(monkeypatch)

    async def sleep(seconds: float) -> None:
        await until(lambda: lines.gate(endpoint).limiter.running == 0)
        await clock.sleep(seconds)

    lines = Lines(TOKENS, sleep=sleep)
    async with FakeEndpoint(fault_rate=0.1, seed=2) as fake:
        endpoint = Endpoint("a", fake.url, "fake", requests_per_minute=9, tokens_per_minute=900)
        models = build_models({"a": endpoint}, {}, "a", TOKENS, lines=lines)
        calls = [replace(request, max_tokens=120) for request in _requests(40)]
        await asyncio.gather(*map(models.llm("writer").complete, calls))
        await lines.close()
    for last in fake.calls:
        minute = [call for call in fake.calls if 0 <= last.started - call.started < 60]
        assert len(minute) <= 9
        assert sum(call.prompt_tokens + call.completion_tokens for call in minute) <= 900
    assert len(fake.calls) > 40
    assert fake.calls[-1].started - fake.calls[0].started >= 4 * 60
