"""An endpoint that falls silent in the middle of an answer gets fewer calls at once."""

from collections.abc import AsyncIterator

import pytest

from core.errors import TruncatedError
from llm.endpoint import Endpoint
from llm.lines import Line, Lines
from llm.openai_client import Timeouts
from llm.retry import RetryPolicy
from llm.types import Message, ModelRequest
from tests.fakes.endpoint import FakeEndpoint
from tests.support import TOKENS, at_once

PROSE = ModelRequest(
    "fake", (Message("user", "Write 200 words about bees."),), 600, partial_ok=True
)
WHOLE = ModelRequest("fake", PROSE.messages, 600)


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    times = Timeouts(idle=1.0)
    lines = Lines(TOKENS, timeouts=times, policy=RetryPolicy(tries=1), sleep=at_once)
    async with FakeEndpoint(faults={1: "stall", 2: "stall"}) as fake:
        yield lines.to(Endpoint("home", fake.url, "fake", concurrency=8, stream=True))
        await lines.close()


async def test_silence_after_text_is_an_overload(line: Line) -> None:
    answer = await line.llm.complete(PROSE)
    assert answer.finish == "cut"
    assert line.gate.limiter.congestion.allowed == 4
    with pytest.raises(TruncatedError):
        await line.llm.complete(WHOLE)
    assert line.gate.limiter.congestion.allowed == 2
    assert (await line.llm.complete(WHOLE)).finish == "stop"
    assert line.gate.limiter.congestion.allowed == 2
