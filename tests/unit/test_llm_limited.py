"""What the limiter learns from how calls end."""

import asyncio

import pytest

from core.errors import LLMError, QuotaError, RateLimitError, TruncatedError, UnavailableError
from llm.faults import LoadingError, OverloadedError, UnreachableError
from llm.limits import Limited, Limiter
from llm.rates import Rates
from llm.types import Completion, Message, ModelRequest, StopWhen, TextSink, Usage
from tests.clock import Clock

REQUEST = ModelRequest("m", (Message("user", "x"),))
ANSWER = Completion("Text.", "stop")


@pytest.fixture
async def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock.of_loop(monkeypatch)


class Scripted:
    """An LLM that plays what it is given."""

    def __init__(self, *script: LLMError | Completion) -> None:
        self._script = list(script)

    async def complete(
        self,
        request: ModelRequest,
        *,
        on_text: TextSink | None = None,
        stop_when: StopWhen | None = None,
    ) -> Completion:
        step = self._script.pop(0)
        if isinstance(step, LLMError):
            raise step
        return step


async def _fail(limiter: Limiter, error: LLMError) -> None:
    with pytest.raises(type(error)):
        await Limited(Scripted(error), limiter).complete(REQUEST)


async def test_a_named_wait_holds_all_calls_of_the_endpoint_back(time: Clock) -> None:
    limiter = Limiter(1, sleep=time.sleep, longest_cooling=60)
    await _fail(limiter, RateLimitError("x", after=3600.0))
    assert (await Limited(Scripted(ANSWER), limiter).complete(REQUEST)).text == "Text."
    assert time.slept == [60]
    assert limiter.running == 0


async def test_a_wait_that_grows_meanwhile_is_kept(time: Clock) -> None:
    limiter = Limiter(2, sleep=time.sleep)
    async with limiter.slot():
        limiter.cool(10)
        waits = asyncio.create_task(Limited(Scripted(ANSWER), limiter).complete(REQUEST))
        await asyncio.sleep(0)
        limiter.cool(25)
        await waits
    assert time.slept == [10, 15]


async def test_a_refusal_without_a_wait_holds_nobody_back(time: Clock) -> None:
    limiter = Limiter(1, sleep=time.sleep)
    for _ in range(2):
        await _fail(limiter, RateLimitError("x"))
    assert time.slept == []


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [(RateLimitError, 4), (OverloadedError, 4), (UnavailableError, 8), (UnreachableError, 8),
     (LoadingError, 8), (TruncatedError, 8), (QuotaError, 8)],
)  # fmt: skip
async def test_only_an_overload_makes_it_fewer(kind: type[LLMError], allowed: int) -> None:
    limiter = Limiter(8)
    await _fail(limiter, kind("x"))
    assert limiter.congestion.allowed == allowed


async def test_answers_make_it_more_again() -> None:
    limiter = Limiter(8)
    await _fail(limiter, OverloadedError("x"))
    limited = Limited(Scripted(*[ANSWER] * 50), limiter)
    seen = []
    for _ in range(50):
        await limited.complete(REQUEST)
        seen.append(limiter.congestion.allowed)
    assert seen == sorted(seen)
    assert seen.count(4) >= 4  # slowly: one more for as many answers as calls at once
    assert seen[-1] == 8


async def test_usage_replaces_the_estimate(time: Clock) -> None:
    answers = [Completion("Text.", "stop", usage) for usage in (Usage(10, 20), Usage(), Usage(1))]

    async def weigh(request: ModelRequest) -> int:
        return 60

    limiter = Limiter(8, rates=Rates(tokens=100), sleep=time.sleep)
    limited = Limited(Scripted(*answers), limiter, weigh)
    await limited.complete(REQUEST)
    await limited.complete(REQUEST)
    assert time.slept == []
    await limited.complete(REQUEST)  # 30 used, and 60 where the endpoint did not say
    assert time.slept == [60]


async def test_a_failure_keeps_its_estimate_and_tells_its_time_in_the_queue(time: Clock) -> None:
    async def weigh(request: ModelRequest) -> int:
        return 60

    limiter = Limiter(1, rates=Rates(tokens=100), sleep=time.sleep)
    for waited in (0, 60):
        error = UnavailableError("x")
        with pytest.raises(UnavailableError):
            await Limited(Scripted(error), limiter, weigh).complete(REQUEST)
        assert error.waited == waited


@pytest.mark.parametrize(
    ("cause", "allowed"),
    [(OverloadedError, 4), (RateLimitError, 4), (UnavailableError, 8), (None, 8)],
)
async def test_an_overload_in_the_middle_of_an_answer_makes_it_fewer(
    cause: type[LLMError] | None, allowed: int
) -> None:
    broke = cause("x") if cause else None
    limiter = Limiter(8)
    cut = TruncatedError("x")
    cut.__cause__ = broke
    await _fail(limiter, cut)
    assert limiter.congestion.allowed == allowed
    limiter = Limiter(8)
    await Limited(Scripted(Completion("Te", "cut", broke=broke)), limiter).complete(REQUEST)
    assert limiter.congestion.allowed == allowed


async def test_a_wait_that_is_named_in_the_middle_of_an_answer_is_kept(time: Clock) -> None:
    limiter = Limiter(1, sleep=time.sleep)
    cut = Completion("Te", "cut", broke=RateLimitError("x", after=7.0))
    limited = Limited(Scripted(cut, ANSWER), limiter)
    await limited.complete(REQUEST)
    await limited.complete(REQUEST)
    assert time.slept == [7]
