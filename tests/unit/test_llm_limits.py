import asyncio
from collections.abc import Awaitable, Callable

import pytest

from core.errors import RateLimitError
from llm.limits import Limited, Limiter, in_background
from llm.types import Completion, Message, ModelRequest, StopWhen, TextSink

REQUEST = ModelRequest("m", (Message("user", "x"),))


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


class Inner:
    def __init__(self, step: Callable[[], Awaitable[Completion]]) -> None:
        self._step = step

    async def complete(
        self,
        request: ModelRequest,
        *,
        on_text: TextSink | None = None,
        stop_when: StopWhen | None = None,
    ) -> Completion:
        return await self._step()


async def test_a_named_wait_holds_all_calls_of_the_endpoint_back() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def refuse() -> Completion:
        raise RateLimitError("x", after=3600.0)

    async def answer() -> Completion:
        return Completion("Text.", "stop")

    limiter = Limiter(1, sleep=sleep)
    with pytest.raises(RateLimitError):
        await Limited(Inner(refuse), limiter).complete(REQUEST)
    assert (await Limited(Inner(answer), limiter).complete(REQUEST)).text == "Text."
    assert len(slept) == 1
    assert 55 < slept[0] <= 60
    assert limiter.running == 0


async def test_a_refusal_without_a_wait_holds_nobody_back() -> None:
    async def never(seconds: float) -> None:
        raise AssertionError(seconds)

    async def refuse() -> Completion:
        raise RateLimitError("x")

    limited = Limited(Inner(refuse), Limiter(1, sleep=never))
    for _ in range(2):
        with pytest.raises(RateLimitError):
            await limited.complete(REQUEST)
