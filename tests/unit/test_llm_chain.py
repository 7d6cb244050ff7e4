"""Who is asked when an endpoint cannot be used: chains of real servers on this machine."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from core.errors import (
    AuthError,
    ContextOverflowError,
    EmptyAnswerError,
    FilteredError,
    LLMError,
    MalformedError,
    RateLimitError,
    UnavailableError,
)
from llm.chain import Chain, Link
from llm.endpoint import Endpoint
from llm.lines import Lines
from llm.types import Message, ModelRequest
from tests.clock import Clock
from tests.fakes.endpoint import FakeEndpoint
from tests.support import TOKENS

REQUEST = ModelRequest("first", (Message("user", "Write 60 words about bees."),))
GONE = "http://127.0.0.1:9/v1"


@pytest.fixture
async def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock.of_loop(monkeypatch)


@pytest.fixture
async def lines(clock: Clock) -> AsyncIterator[Lines]:
    lines = Lines(TOKENS, sleep=clock.sleep)
    yield lines
    await lines.close()


Serve = Callable[..., Any]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    async with AsyncExitStack() as stack:

        async def start(**options: Any) -> FakeEndpoint:
            return await stack.enter_async_context(FakeEndpoint(**options))

        yield start


def _always(fault: str) -> dict[int, str]:
    return dict.fromkeys(range(1, 100), fault)


def _link(name: str, at: FakeEndpoint | str, lines: Lines, absent: LLMError | None = None) -> Link:
    url = at if isinstance(at, str) else at.url
    return Link(Endpoint(name, url, f"model-{name}" if absent is None else ""), lines, absent)


@pytest.mark.parametrize(
    ("fault", "sent"),
    [("server_error", 4), ("proxy_page", 4), ("rate_limit", 4), ("accept_close", 4),
     ("redirect_307", 1), ("absurd_wait", 1), ("loading", 1), ("quota", 1), ("bad_key", 1),
     ("no_model", 1)],
)  # fmt: skip
async def test_the_next_is_asked_where_one_cannot_be_used(
    fault: str, sent: int, serve: Serve, lines: Lines
) -> None:
    first, second = await serve(faults=_always(fault)), await serve()
    chain = Chain([[_link("a", first, lines)], [_link("b", second, lines)]])
    answer = await chain.complete(REQUEST)
    assert (answer.endpoint, answer.model, answer.finish) == ("b", "model-b", "stop")
    assert [call.model for call in second.calls] == ["model-b"]
    assert {call.model for call in first.calls} == {"model-a"}
    assert len(first.calls) == sent
    assert answer.tries == sent + 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [("no_choices", MalformedError), ("null_content", EmptyAnswerError),
     ("filter", FilteredError), ("overflow", ContextOverflowError)],
)  # fmt: skip
async def test_a_bad_answer_is_no_reason_to_ask_another(
    fault: str, error: type[LLMError], serve: Serve, lines: Lines
) -> None:
    first, second = await serve(faults=_always(fault)), await serve()
    chain = Chain([[_link("a", first, lines), _link("b", second, lines)]])
    with pytest.raises(error):
        await chain.complete(REQUEST)
    assert second.calls == []


async def test_one_that_is_out_of_order_rests_and_is_looked_at_again(
    serve: Serve, lines: Lines, clock: Clock
) -> None:
    first = await serve(faults=dict.fromkeys(range(1, 9), "server_error"))
    second = await serve()
    chain = Chain([[_link("a", first, lines), _link("b", second, lines)]])
    asked = []
    for _ in range(6):
        before = len(first.calls)
        answer = await chain.complete(REQUEST)
        asked.append((answer.endpoint, len(first.calls) - before))
        clock.now += 4
    assert asked == [("b", 4), ("b", 0), ("b", 4), ("b", 0), ("b", 0), ("a", 1)]


async def test_where_none_can_be_used_the_first_error_is_raised(serve: Serve, lines: Lines) -> None:
    first, second = await serve(faults=_always("bad_key")), await serve(faults=_always("quota"))
    links = [_link("a", first, lines), _link("b", second, lines), _link("c", GONE, lines)]
    with pytest.raises(AuthError) as caught:
        await Chain([links]).complete(REQUEST)
    assert caught.value.tries == 1 + 1 + 3
    assert "a" in caught.value.message


async def test_a_lone_endpoint_is_asked_even_while_it_rests(serve: Serve, lines: Lines) -> None:
    only = await serve(faults=dict.fromkeys(range(1, 5), "server_error"))
    chain = Chain([[_link("a", only, lines)]])
    with pytest.raises(UnavailableError):
        await chain.complete(REQUEST)
    assert (await chain.complete(REQUEST)).endpoint == "a"


async def test_the_last_that_is_left_is_waited_for(
    serve: Serve, lines: Lines, clock: Clock
) -> None:
    loading = await serve(faults=dict.fromkeys(range(1, 30), "loading"))
    chain = Chain([[_link("a", GONE, lines), _link("b", loading, lines)]])
    answer = await chain.complete(REQUEST)
    assert answer.endpoint == "b"
    assert len(loading.calls) == 30
    assert max(clock.slept) <= 2


async def test_one_that_asked_for_patience_gets_it_where_no_other_can_be_used(
    serve: Serve, lines: Lines, clock: Clock
) -> None:
    busy = await serve(faults={1: "loading", 2: "loading"})
    chain = Chain([[_link("a", busy, lines), _link("b", GONE, lines)]])
    answer = await chain.complete(REQUEST)
    assert (answer.endpoint, answer.tries) == ("a", 1 + 3 + 2)
    dead = await serve(faults=_always("absurd_wait"))
    with pytest.raises(RateLimitError) as caught:
        await Chain([[_link("c", dead, lines), _link("b", GONE, lines)]]).complete(REQUEST)
    assert caught.value.tries == 1 + 3
    assert max(clock.slept) <= 60


async def test_who_stands_in_the_queue_of_one_that_fails_moves_on(
    serve: Serve, lines: Lines
) -> None:
    first, second = await serve(faults=_always("server_error")), await serve()
    slow = Endpoint("a", first.url, "fake", concurrency=1)
    chain = Chain([[Link(slow, lines), _link("b", second, lines)]])
    answers = await asyncio.gather(*(chain.complete(REQUEST) for _ in range(10)))
    assert {answer.endpoint for answer in answers} == {"b"}
    assert len(first.calls) < 4 * 10
    assert sum(answer.tries for answer in answers) == len(first.calls) + len(second.calls)


async def test_an_absent_one_is_found_when_it_is_back(
    serve: Serve, lines: Lines, clock: Clock
) -> None:
    late, second = await serve(models=["only"]), await serve()
    port = late.address.rpartition(":")[2]
    await late.__aexit__()
    absent = _link("a", late.url, lines, UnavailableError("not there"))
    chain = Chain([[absent], [_link("b", second, lines)]])
    assert chain.first.endpoint.name == "b"
    assert (await chain.complete(REQUEST)).endpoint == "b"
    clock.now += 5
    back = await serve(port=int(port), models=["only"], window=4096, publish="vllm")
    answer = await chain.complete(REQUEST)
    assert (answer.endpoint, answer.model) == ("a", "only")
    assert [call.model for call in back.calls] == ["only"]
    assert chain.first.endpoint.name == "a"
    assert chain.window == 4096


@asynccontextmanager
async def _breaks_off() -> AsyncIterator[str]:
    """A server that streams a few words and then says that they were too many."""
    text = {"choices": [{"delta": {"content": "Words that are taken back."}}]}
    refusal = {"error": {"message": "slow down", "code": 429}}
    body = "".join(f"data: {json.dumps(event)}\n\n" for event in (text, refusal))
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write((head + body).encode())
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"


async def test_what_one_has_shown_is_taken_back_before_the_next(serve: Serve, lines: Lines) -> None:
    shown: list[str] = []

    class Pane:
        def __call__(self, piece: str) -> None:
            shown.append(piece)

        def restart(self) -> None:
            shown.clear()

    second = await serve()
    async with _breaks_off() as first:
        chain = Chain([[_link("a", first, lines), _link("b", second, lines)]])
        answer = await chain.complete(REQUEST, on_text=Pane())
    assert answer.endpoint == "b"
    assert "".join(shown).strip() == answer.text
