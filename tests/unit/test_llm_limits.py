"""The queue before an endpoint: order, bounds, rates."""

import asyncio
from contextlib import nullcontext

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from llm.limits import Limiter, in_background
from llm.rates import Rates
from tests.clock import Clock


async def _settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


class Gate:
    """Calls that hold a place until they are let go, noted in the order in which they began."""

    def __init__(self, limiter: Limiter) -> None:
        self.limiter = limiter
        self.began: list[str] = []
        self.most = 0
        self._leave: dict[str, asyncio.Event] = {}

    def start(self, name: str) -> asyncio.Task[None]:
        self._leave[name] = asyncio.Event()
        return asyncio.create_task(self._call(name))

    def leave(self, name: str) -> None:
        self._leave[name].set()

    async def _call(self, name: str) -> None:
        async with self.limiter.slot():
            self.began.append(name)
            self.most = max(self.most, self.limiter.running)
            await self._leave[name].wait()


async def test_calls_wait_in_order_and_never_exceed_the_bound() -> None:
    gate = Gate(Limiter(2))
    names = ["a", "b", "c", "d", "e"]
    tasks = [gate.start(name) for name in names]
    await _settle()
    assert gate.began == ["a", "b"]
    assert gate.limiter.waiting == 3
    for name in names:
        gate.leave(name)
        await _settle()
    await asyncio.gather(*tasks)
    assert gate.began == names
    assert gate.most == 2
    assert gate.limiter.running == 0


async def test_interactive_calls_go_before_batch_calls() -> None:
    gate = Gate(Limiter(1))
    tasks = [gate.start("first")]
    await _settle()
    with in_background():
        tasks += [gate.start("batch 1"), gate.start("batch 2")]
        await _settle()
    tasks.append(gate.start("person"))
    await _settle()
    for name in ("first", "person", "batch 1", "batch 2"):
        gate.leave(name)
        await _settle()
    await asyncio.gather(*tasks)
    assert gate.began == ["first", "person", "batch 1", "batch 2"]


async def test_in_the_background_a_lower_rank_goes_first() -> None:
    gate = Gate(Limiter(1))
    tasks = [gate.start("first")]
    await _settle()
    for rank, name in ((2, "late"), (0, "early"), (1, "middle"), (0, "early too")):
        with in_background(rank):
            tasks.append(gate.start(name))
        await _settle()
    for name in ("first", "early", "early too", "middle", "late"):
        gate.leave(name)
        await _settle()
    await asyncio.gather(*tasks)
    assert gate.began == ["first", "early", "early too", "middle", "late"]


async def test_a_cancelled_call_gives_its_place_back() -> None:
    gate = Gate(Limiter(1))
    first, second, third = gate.start("a"), gate.start("b"), gate.start("c")
    await _settle()
    second.cancel()
    await _settle()
    first.cancel()
    await _settle()
    assert gate.began == ["a", "c"]
    gate.leave("c")
    await third
    assert gate.limiter.running == 0


async def test_a_call_cancelled_just_as_it_got_its_place_gives_it_back() -> None:
    gate = Gate(Limiter(1))
    first, second = gate.start("a"), gate.start("b")
    await _settle()
    gate.leave("a")
    while gate.limiter.waiting:
        await asyncio.sleep(0)
    second.cancel()
    await asyncio.gather(first, second, return_exceptions=True)
    assert gate.limiter.running == 0
    third = gate.start("c")
    gate.leave("c")
    await third


async def test_fewer_at_once_after_an_overload_and_more_with_each_success() -> None:
    gate = Gate(Limiter(4))
    tasks = [gate.start(str(n)) for n in range(8)]
    await _settle()
    gate.limiter.congestion.overloaded(0)
    for n in range(3):
        gate.leave(str(n))
    await _settle()
    assert gate.began == ["0", "1", "2", "3", "4"]
    assert gate.limiter.running == 2
    for _ in range(20):
        gate.limiter.congestion.eased()
    for n in range(3, 8):
        gate.leave(str(n))
    await asyncio.gather(*tasks)
    assert gate.most == 4


@pytest.fixture
async def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock.of_loop(monkeypatch)


async def test_a_person_goes_before_batch_calls_that_wait_for_their_rate(time: Clock) -> None:
    gate = Gate(Limiter(8, rates=Rates(requests=2), sleep=time.sleep))
    with in_background():
        tasks = [gate.start(f"batch {n}") for n in range(3)]
        while len(gate.began) < 2:
            await asyncio.sleep(0)
    tasks.append(gate.start("person"))
    for name in ("batch 0", "batch 1", "batch 2", "person"):
        gate.leave(name)
    await asyncio.gather(*tasks)
    assert gate.began == ["batch 0", "batch 1", "person", "batch 2"]
    assert time.now == 1060


async def test_a_call_cancelled_while_it_waits_holds_nobody_up(time: Clock) -> None:
    gate = Gate(Limiter(8, rates=Rates(tokens=100), sleep=time.sleep))
    async with gate.limiter.slot(100):
        large = asyncio.create_task(_hold(gate.limiter, 90))
        await _settle()
        small = asyncio.create_task(_hold(gate.limiter, 10))
        large.cancel()
        await small
    assert time.now == 1060
    assert gate.limiter.running == gate.limiter.waiting == 0


async def test_a_call_cancelled_just_as_its_turn_came_gives_back_its_rate(time: Clock) -> None:
    limiter = Limiter(1, rates=Rates(requests=2), sleep=time.sleep)
    async with limiter.slot():
        call = asyncio.create_task(_hold(limiter, 0))
        await _settle()
    assert limiter.running == 1  # the place is the second call's, which has not gone on yet
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    assert await _hold(limiter, 0) == 0
    assert time.slept == []


async def test_who_comes_to_stand_first_waits_no_longer_than_its_own_time(time: Clock) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.Event().wait()

    limiter = Limiter(8, rates=Rates(tokens=100), sleep=sleep)
    await _hold(limiter, 50)
    time.now += 30
    await _hold(limiter, 50)
    large, small = (asyncio.create_task(_hold(limiter, tokens)) for tokens in (100, 50))
    await _settle()
    large.cancel()
    await _settle()
    assert waits == [60, 30]
    small.cancel()


async def _hold(limiter: Limiter, tokens: int) -> float:
    async with limiter.slot(tokens) as place:
        return place.waited


_CALLS = st.lists(st.tuples(st.booleans(), st.integers(0, 40)), min_size=1, max_size=40)


@given(st.integers(1, 8), st.integers(1, 20), st.integers(40, 90), _CALLS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
async def test_no_limit_is_exceeded_and_everyone_goes(
    time: Clock, concurrency: int, requests: int, tokens: int, calls: list[tuple[bool, int]]
) -> None:
    limiter = Limiter(concurrency, rates=Rates(requests, tokens), sleep=time.sleep)
    went: list[tuple[float, int]] = []

    async def call(amount: int) -> None:
        async with limiter.slot(amount):
            assert limiter.running <= concurrency
            went.append((time.now, amount))
            await asyncio.sleep(0)

    time.slept.clear()
    tasks = []
    for batch, amount in calls:
        with in_background() if batch else nullcontext():
            tasks.append(asyncio.create_task(call(amount)))
    await asyncio.gather(*tasks)
    for end, _ in went:
        minute = [amount for moment, amount in went if end < moment + 60 and moment <= end]
        assert len(minute) <= requests
        assert sum(minute) <= tokens
    assert max(time.slept, default=0) <= 60
    assert limiter.running == limiter.waiting == 0
