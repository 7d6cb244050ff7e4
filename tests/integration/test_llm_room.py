"""A larger limit for an answer that had no room: within the window, and only ours if refused."""

import math
from dataclasses import replace
from typing import Any

import pytest

from core.errors import (
    ContextOverflowError,
    LLMError,
    QuotaError,
    UnavailableError,
    UnsupportedError,
)
from llm.endpoint import Endpoint
from llm.faults import OutOfRoomError
from llm.lines import Lines
from llm.retry import Retrying
from llm.types import Completion, Message, ModelRequest
from tests.fakes.raw import Asked, reply, serving, whole
from tests.support import TOKENS, at_once

ANSWER = Completion("Text.", "stop")
REQUEST = ModelRequest("m", (Message("user", "Write about bees."),), 1500)


class Scripted:
    """An LLM that plays what it is given, and notes the limits that it was sent."""

    def __init__(self, *script: LLMError | Completion) -> None:
        self._script = list(script)
        self.limits: list[int | None] = []

    async def complete(self, request: ModelRequest, **_: Any) -> Completion:
        self.limits.append(request.max_tokens)
        step = self._script.pop(0)
        if isinstance(step, LLMError):
            raise step
        return step


@pytest.mark.parametrize("refusal", [ContextOverflowError, UnsupportedError])
async def test_a_refused_larger_limit_is_not_what_is_told(refusal: type[LLMError]) -> None:
    first = OutOfRoomError("no room", "raise max_tokens")
    inner = Scripted(UnavailableError("500"), first, UnavailableError("500"), refusal("too long"))
    with pytest.raises(OutOfRoomError) as caught:
        await Retrying(inner, sleep=at_once).complete(REQUEST)
    assert caught.value is first
    assert caught.value.tries == 4
    assert inner.limits == [1500, 1500, 6000, 6000]


async def test_other_errors_of_the_larger_try_are_told() -> None:
    inner = Scripted(OutOfRoomError("no room"), QuotaError("out of credit"))
    with pytest.raises(QuotaError) as caught:
        await Retrying(inner, sleep=at_once).complete(REQUEST)
    assert caught.value.tries == 2


async def test_an_overflow_of_the_request_as_asked_is_told() -> None:
    with pytest.raises(ContextOverflowError):
        await Retrying(Scripted(ContextOverflowError("too long")), sleep=at_once).complete(REQUEST)


@pytest.mark.parametrize(
    ("room", "limits"),
    [(math.inf, [1500, 6000]), (3700, [1500, 3700]), (1500, [1500]), (9, [1500])],
)
async def test_no_more_is_asked_for_than_there_is(room: float, limits: list[int]) -> None:
    inner = Scripted(OutOfRoomError("no room"), ANSWER)
    retrying = Retrying(inner, room=lambda request: room, sleep=at_once)
    if len(limits) > 1:
        assert await retrying.complete(REQUEST) == replace(ANSWER, tries=2)
    else:
        with pytest.raises(OutOfRoomError):
            await retrying.complete(REQUEST)
    assert inner.limits == limits


@pytest.mark.parametrize("window", [4096, None])
async def test_a_line_asks_for_what_the_window_has(window: int | None) -> None:
    """A model that thinks all its room away, behind a server that refuses what does not fit."""
    asked: list[int] = []

    def respond(request: Asked) -> bytes:
        asked.append(request.body["max_tokens"])
        if asked[-1] + 100 > 4096:
            text = "This model's maximum context length is 4096 tokens."
            return reply(400, {"error": {"message": text}})
        return whole("", "length")

    async with serving(respond) as url:
        lines = Lines(TOKENS, sleep=at_once)
        endpoint = Endpoint("home", url, "m", window=window)
        with pytest.raises(OutOfRoomError, match="token limit"):
            await lines.to(endpoint).llm.complete(REQUEST)
        await lines.close()
    first, larger = asked
    assert first == 1500
    assert larger == 6000 if window is None else 3900 < larger < 4096
