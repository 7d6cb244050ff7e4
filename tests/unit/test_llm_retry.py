from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import (
    AuthError,
    ContextOverflowError,
    DegenerateError,
    EmptyAnswerError,
    FilteredError,
    LLMError,
    MalformedError,
    ModelNotFoundError,
    QuotaError,
    RateLimitError,
    TruncatedError,
    UnavailableError,
    UnsupportedError,
)
from llm.faults import LoadingError, OutOfRoomError, UnreachableError
from llm.retry import Retrying, RetryPolicy, warmer
from llm.types import Completion, Message, ModelRequest, StopWhen, TextSink

REQUEST = ModelRequest("m", (Message("user", "Write."),), 100, temperature=0.7, seed=5)
ANSWER = Completion("Text.", "stop")


class Scripted:
    """An LLM that plays what it is given, and notes what it was sent."""

    def __init__(self, *script: LLMError | Completion, then: LLMError | None = None) -> None:
        self._script = list(script)
        self._then = then
        self.requests: list[ModelRequest] = []

    async def complete(
        self,
        request: ModelRequest,
        *,
        on_text: TextSink | None = None,
        stop_when: StopWhen | None = None,
    ) -> Completion:
        self.requests.append(request)
        if on_text is not None:
            on_text("partial")
        step = self._script.pop(0) if self._script else self._then
        assert step is not None
        if isinstance(step, LLMError):
            raise step
        return step


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


def _retrying(inner: Scripted, time: Time, chance: float = 1.0) -> Retrying:
    return Retrying(
        inner, RetryPolicy(), sleep=time.sleep, chance=lambda: chance, clock=lambda: time.now
    )


async def test_a_passing_fault_costs_a_try_and_is_counted() -> None:
    time = Time()
    inner = Scripted(UnavailableError("500"), TruncatedError("cut"), ANSWER)
    answer = await _retrying(inner, time).complete(REQUEST)
    assert answer == replace(ANSWER, tries=3)
    assert time.pauses == [0.5, 1.0]
    assert inner.requests == [REQUEST] * 3


async def test_at_most_four_tries() -> None:
    time = Time()
    inner = Scripted(then=UnavailableError("500"))
    with pytest.raises(UnavailableError):
        await _retrying(inner, time).complete(REQUEST)
    assert len(inner.requests) == 4
    assert time.pauses == [0.5, 1.0, 2.0]


@pytest.mark.parametrize(
    "error",
    [AuthError("x"), QuotaError("x"), ModelNotFoundError("x"), ContextOverflowError("x"),
     UnsupportedError("x"), FilteredError("x"), RateLimitError("x", after=61.0),
     RateLimitError("x", after=86_400.0)],
)  # fmt: skip
async def test_what_cannot_succeed_is_sent_once(error: LLMError) -> None:
    time = Time()
    inner = Scripted(then=error)
    with pytest.raises(type(error)):
        await _retrying(inner, time).complete(REQUEST)
    assert len(inner.requests) == 1
    assert time.pauses == []


async def test_an_instance_can_forbid_a_retry() -> None:
    error = MalformedError("too large")
    error.retry = False
    inner = Scripted(then=error)
    with pytest.raises(MalformedError):
        await _retrying(inner, Time()).complete(REQUEST)
    assert len(inner.requests) == 1


async def test_the_endpoint_s_wait_is_honoured() -> None:
    time = Time()
    inner = Scripted(RateLimitError("x", after=30.0), ANSWER)
    await _retrying(inner, time).complete(REQUEST)
    assert time.pauses == [30.0]


async def test_an_unreachable_endpoint_is_reported_soon() -> None:
    time = Time()
    inner = Scripted(then=UnreachableError("refused"))
    with pytest.raises(UnreachableError):
        await _retrying(inner, time).complete(REQUEST)
    assert len(inner.requests) == 3
    assert sum(time.pauses) <= 2.0


async def test_loading_is_waited_for_but_not_for_ever() -> None:
    time = Time()
    inner = Scripted(*[LoadingError("x")] * 50, ANSWER)
    answer = await _retrying(inner, time).complete(REQUEST)
    assert answer.tries == 51
    time = Time()
    with pytest.raises(LoadingError):
        await _retrying(Scripted(then=LoadingError("x")), time).complete(REQUEST)
    assert 295 <= time.now <= 305


async def test_no_try_begins_after_the_total() -> None:
    time = Time()
    inner = Scripted(then=RateLimitError("x", after=59.0))
    time.now = -1000.0

    async def slow(seconds: float) -> None:
        time.pauses.append(seconds)
        time.now += 560.0

    retrying = Retrying(inner, RetryPolicy(), sleep=slow, clock=lambda: time.now)
    with pytest.raises(RateLimitError):
        await retrying.complete(REQUEST)
    assert len(inner.requests) == 2


async def test_time_in_our_own_queue_does_not_count() -> None:
    time = Time()

    class Queued(Scripted):
        async def complete(self, *args: Any, **kwargs: Any) -> Completion:
            time.now += 3600
            try:
                return await super().complete(*args, **kwargs)
            except LLMError as error:
                error.waited = 3600
                raise

    inner = Queued(*[UnavailableError("500")] * 3, ANSWER)
    assert (await _retrying(inner, time).complete(REQUEST)).tries == 4
    with pytest.raises(LoadingError):
        await _retrying(Queued(then=LoadingError("x")), time).complete(REQUEST)


async def test_what_is_given_up_says_how_often_it_was_sent() -> None:
    error = UnavailableError("500")
    with pytest.raises(UnavailableError):
        await _retrying(Scripted(then=error), Time()).complete(REQUEST)
    assert error.tries == 4


@pytest.mark.parametrize("error", [LoadingError("x"), RateLimitError("x", after=10.0)])
async def test_a_call_that_another_endpoint_could_take_does_not_wait(error: LLMError) -> None:
    time = Time()
    inner = Scripted(then=error)
    retrying = Retrying(
        inner, RetryPolicy().hurried, sleep=time.sleep, chance=lambda: 1.0, clock=lambda: time.now
    )
    with pytest.raises(type(error)):
        await retrying.complete(REQUEST)
    assert (len(inner.requests), time.pauses) == (1, [])


async def test_a_thinking_model_gets_more_room_once() -> None:
    inner = Scripted(OutOfRoomError("x"), ANSWER)
    answer = await _retrying(inner, Time()).complete(REQUEST)
    assert [request.max_tokens for request in inner.requests] == [100, 400]
    assert answer.tries == 2
    inner = Scripted(then=OutOfRoomError("x"))
    with pytest.raises(OutOfRoomError):
        await _retrying(inner, Time()).complete(REQUEST)
    assert len(inner.requests) == 2


async def test_an_empty_answer_gets_one_more_try() -> None:
    for error, request in (
        (EmptyAnswerError("x"), REQUEST),
        (OutOfRoomError("x"), replace(REQUEST, max_tokens=None)),
    ):
        inner = Scripted(then=error)
        with pytest.raises(EmptyAnswerError):
            await _retrying(inner, Time()).complete(request)
        assert len(inner.requests) == 2


async def test_a_loop_is_sampled_anew_twice() -> None:
    inner = Scripted(then=DegenerateError("x"))
    with pytest.raises(DegenerateError):
        await _retrying(inner, Time()).complete(REQUEST)
    drawn = [(request.seed, request.temperature) for request in inner.requests]
    assert drawn == [(5, 0.7), (6, 0.8), (7, 0.9)]


def test_warmer_without_settings_and_at_the_top() -> None:
    open_request = replace(REQUEST, seed=None, temperature=None)
    assert warmer(open_request).seed is None
    assert warmer(open_request).temperature == 0.8
    assert warmer(replace(REQUEST, temperature=1.45)).temperature == 1.5
    assert warmer(replace(REQUEST, temperature=1.9)).temperature == 1.9


async def test_a_sink_that_can_forget_hears_of_a_new_try() -> None:
    heard: list[str] = []

    class Pane:
        def __call__(self, piece: str) -> None:
            heard.append(piece)

        def restart(self) -> None:
            heard.append("restart")

    inner = Scripted(TruncatedError("cut"), ANSWER)
    await _retrying(inner, Time()).complete(REQUEST, on_text=Pane())
    assert heard == ["partial", "restart", "partial"]


_ERRORS = st.sampled_from(
    [UnavailableError, TruncatedError, MalformedError, EmptyAnswerError, OutOfRoomError,
     DegenerateError, UnreachableError, RateLimitError]
)  # fmt: skip


@given(st.lists(_ERRORS, max_size=20), st.floats(0, 1))
async def test_any_course_of_faults_is_bounded(kinds: list[type[LLMError]], chance: float) -> None:
    time = Time()
    inner = Scripted(*[kind("x") for kind in kinds], then=UnavailableError("x"))
    with pytest.raises(LLMError):
        await _retrying(inner, time, chance).complete(REQUEST)
    assert len(inner.requests) <= 4 + 1 + 2
    assert time.now <= 600
