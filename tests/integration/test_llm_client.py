"""The client against real HTTP: every fault, every cut, what it learns, and the whole line."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

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
from llm.endpoint import Endpoint
from llm.faults import LoadingError, OverloadedError, UnreachableError
from llm.lines import Lines
from llm.openai_client import OpenAIClient, Timeouts
from llm.profile import Profile
from llm.retry import RetryPolicy
from llm.tokens import Tokens
from llm.types import Completion, Message, ModelRequest
from tests.fakes.endpoint import FakeEndpoint
from tests.fakes.faults import FAULTS

PATIENT = Timeouts()
QUICK = Timeouts(first=0.5, idle=0.5, total=1.0)
SILENT = {"stall", "hang_after_accept", "slow_loris"}
REQUEST = ModelRequest("fake", (Message("user", "Write 60 words about bees."),))
SENSIBLE = {"json_for_stream", "reasoning_split", "bad_text", "bad_bytes", "split_utf8",
            "duplicated_chunk", "text_after_done", "bad_usage"}  # fmt: skip

LIMITED = {"length", "stub"}

EXPECTED: dict[str, type[LLMError] | tuple[type[LLMError], type[LLMError]]] = {
    "rate_limit": RateLimitError,
    "quota": QuotaError,
    "absurd_wait": RateLimitError,
    "server_error": UnavailableError,
    "proxy_page": UnavailableError,
    "loading": LoadingError,
    "overflow": ContextOverflowError,
    "overflow_vllm": ContextOverflowError,
    "overflow_llamacpp": ContextOverflowError,
    "error_200": ContextOverflowError,
    "bad_key": AuthError,
    "no_model": ModelNotFoundError,
    "redirect_307": UnavailableError,
    "header_flood": UnavailableError,
    "empty": MalformedError,
    "no_content_204": MalformedError,
    "login_page": MalformedError,
    "cut_json": MalformedError,
    "no_choices": MalformedError,
    "null_content": EmptyAnswerError,
    "silent_overflow": EmptyAnswerError,
    "filter": FilteredError,
    "withheld": FilteredError,
    "clean_early_end": TruncatedError,
    "done_without_finish": TruncatedError,
    "reset": (UnavailableError, TruncatedError),
    "accept_close": UnavailableError,
    "cut_chunk": (UnavailableError, TruncatedError),
    "cut_event": (MalformedError, TruncatedError),
    "error_event": (UnavailableError, TruncatedError),
    "error_event_named": (UnavailableError, TruncatedError),
    "stall": (OverloadedError, TruncatedError),
    "hang_after_accept": OverloadedError,
    "slow_loris": OverloadedError,
    "flood": (MalformedError, DegenerateError),
    "huge_json": MalformedError,
    "gzip_bomb": MalformedError,
    "reasoning_unclosed": EmptyAnswerError,
    "reasoning_only": EmptyAnswerError,
}
"""By fault: the error, or the errors of a whole and of a streamed answer."""


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    return Tokens(tmp_path_factory.mktemp("tokens"))


Connect = Callable[..., OpenAIClient]


@pytest.fixture
async def connect(tokens: Tokens) -> AsyncIterator[Connect]:
    opened: list[OpenAIClient] = []

    def to(url: str, timeouts: Timeouts = PATIENT, **settings: Any) -> OpenAIClient:
        endpoint = Endpoint("home", url, "fake", **settings)
        opened.append(OpenAIClient(endpoint, tokens=tokens, timeouts=timeouts))
        return opened[-1]

    yield to
    for client in opened:
        await client.close()


def _times(fault: str) -> Timeouts:
    return QUICK if fault in SILENT else PATIENT


def _ignore(piece: str) -> None:
    pass


@asynccontextmanager
async def _serving(respond: Callable[[dict[str, Any]], bytes]) -> AsyncIterator[str]:
    """A server whose answer is the bytes that `respond` makes of the request's JSON."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").lower().split("\r\n")
        sizes = [int(line[15:]) for line in lines if line.startswith("content-length:")]
        body = await reader.readexactly(sizes[0]) if sizes else b"{}"
        writer.write(respond(json.loads(body)))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"


def _reply(status: int, body: object, kind: str = "application/json") -> bytes:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\n\r\n"
    return head.encode() + data


def _whole(text: str, finish: str = "stop") -> bytes:
    message = {"role": "assistant", "content": text}
    return _reply(200, {"choices": [{"message": message, "finish_reason": finish}]})


def _events(*deltas: str, finish: str = "stop") -> bytes:
    chunks = [{"choices": [{"delta": {"content": d}, "finish_reason": None}]} for d in deltas]
    chunks.append({"choices": [{"delta": {}, "finish_reason": finish}]})
    lines = [f"data: {json.dumps(chunk)}\n\n".encode() for chunk in chunks]
    return b"".join([*lines, b"data: [DONE]\n\n"])


def test_every_fault_of_the_fake_has_an_expectation() -> None:
    assert set(FAULTS) == set(EXPECTED) | SENSIBLE | LIMITED


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("fault", sorted(EXPECTED))
async def test_a_fault_is_its_error_and_never_text(
    fault: str, streamed: bool, connect: Connect
) -> None:
    expected = EXPECTED[fault]
    kind = expected[streamed] if isinstance(expected, tuple) else expected
    async with FakeEndpoint(window=4096) as fake:
        client = connect(fake.fault_url(fault), _times(fault), api_key="sk-secret-of-ours")
        with pytest.raises(LLMError) as caught:
            await client.complete(REQUEST, on_text=_ignore if streamed else None)
    error = caught.value
    assert type(error) is kind
    assert "home" in error.message
    assert "secret" not in error.message + error.remedy
    assert error.remedy
    if kind is ContextOverflowError:
        assert client.profile.window == 4096
    if kind is TruncatedError:
        assert len(error.partial) > 20


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("fault", sorted(SENSIBLE))
async def test_an_odd_but_sound_answer_is_taken(
    fault: str, streamed: bool, connect: Connect
) -> None:
    async with FakeEndpoint() as fake:
        client = connect(fake.fault_url(fault))
        answer = await client.complete(REQUEST, on_text=_ignore if streamed else None)
    assert answer.finish == "stop"
    assert "think" not in answer.text
    assert "too late" not in answer.text
    assert answer.text.encode()
    assert answer.usage.completion_tokens > 0


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("fault", sorted(LIMITED))
async def test_a_limit_is_told(fault: str, streamed: bool, connect: Connect) -> None:
    async with FakeEndpoint() as fake:
        client = connect(fake.fault_url(fault))
        answer = await client.complete(REQUEST, on_text=_ignore if streamed else None)
    assert answer.finish == "length"


@pytest.mark.parametrize("fault", ["reset", "cut_chunk", "cut_event", "error_event", "stall",
                                   "clean_early_end", "done_without_finish"])  # fmt: skip
async def test_prose_that_broke_off_is_kept_as_such(fault: str, connect: Connect) -> None:
    request = ModelRequest(
        "fake", (Message("user", "Write 300 words about bees."),), partial_ok=True
    )
    async with FakeEndpoint() as fake:
        answer = await connect(fake.fault_url(fault), _times(fault)).complete(
            request, on_text=_ignore
        )
    assert answer.finish == "cut"


async def test_what_is_streamed_is_what_is_returned(connect: Connect) -> None:
    pieces: list[str] = []
    async with FakeEndpoint(mode="reasoning") as fake:
        client = connect(fake.url)
        streamed = await client.complete(REQUEST, on_text=pieces.append)
        whole = await client.complete(REQUEST)
    assert "".join(pieces).strip() == streamed.text
    assert streamed.first_token_seconds is not None
    assert whole.first_token_seconds is None
    assert whole.seconds > 0
    assert fake.calls[0].stream
    assert not fake.calls[1].stream


async def test_a_stream_is_closed_when_there_is_enough(connect: Connect) -> None:
    request = ModelRequest("fake", (Message("user", "Write 5000 words about bees."),))
    async with FakeEndpoint() as fake:
        client = connect(fake.url)
        answer = await client.complete(request, stop_when=lambda text: len(text) > 1000)
    assert answer.finish == "full"
    assert 1000 < len(answer.text) < 1300


async def test_a_model_that_loops_is_stopped(connect: Connect) -> None:
    request = ModelRequest(
        "fake", (Message("user", "Write 200 words about bees."),), partial_ok=True
    )
    async with FakeEndpoint(mode="loop") as fake:
        client = connect(fake.url)
        answer = await client.complete(request, on_text=_ignore)
    assert answer.finish == "loop"


STREAM = _events("<think>a plan</think>", "The first. ", "The second 海 one. ", "The end.")
_POSITIONS = sorted({*range(0, len(STREAM), max(1, len(STREAM) // 60)), len(STREAM) - 1})
_FINISHED = STREAM.index(b'"finish_reason": "stop"}]}') + len(b'"finish_reason": "stop"}]}')


@pytest.mark.parametrize("framed", [False, True], ids=["until close", "with length"])
async def test_a_stream_cut_anywhere_is_never_complete(framed: bool, connect: Connect) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
    head += f"Content-Length: {len(STREAM)}\r\n\r\n".encode() if framed else b"\r\n"
    cut = [0]
    async with _serving(lambda _: head + STREAM[: cut[0]]) as url:
        client = connect(url)
        for position in _POSITIONS:
            cut[0] = position
            if position >= _FINISHED:
                answer = await client.complete(REQUEST, on_text=_ignore)
                assert answer.text == "The first. The second 海 one. The end."
                continue
            with pytest.raises((TruncatedError, UnavailableError, MalformedError)) as caught:
                await client.complete(REQUEST, on_text=_ignore)
            assert caught.value.retry
            assert "The first. The second 海 one. The end.".startswith(caught.value.partial)


def _refusing(complaint: str, forbidden: str) -> Callable[[dict[str, Any]], bytes]:
    def respond(body: dict[str, Any]) -> bytes:
        if forbidden in body:
            return _reply(400, {"error": {"message": complaint, "param": forbidden}})
        return _whole("Fine.")

    return respond


@pytest.mark.parametrize(
    ("forbidden", "complaint", "profile"),
    [
        ("max_tokens", "Unsupported parameter. Use 'max_completion_tokens' instead.",
         Profile(max_tokens_name="max_completion_tokens")),
        ("temperature", "Only the default (1) is supported.", Profile(temperature=False)),
        ("seed", "Extra inputs are not permitted", Profile(refused=frozenset({"seed"}))),
    ],
)  # fmt: skip
async def test_a_refused_parameter_is_left_out_for_good(
    forbidden: str, complaint: str, profile: Profile, connect: Connect
) -> None:
    seen: list[dict[str, Any]] = []
    refuse = _refusing(complaint, forbidden)

    def respond(body: dict[str, Any]) -> bytes:
        seen.append(body)
        return refuse(body)

    request = ModelRequest("m", REQUEST.messages, 50, temperature=0.5, seed=1)
    async with _serving(respond) as url:
        client = connect(url)
        for _ in range(2):
            assert (await client.complete(request)).text == "Fine."
    assert client.profile == profile
    assert [forbidden in body for body in seen] == [True, False, False]
    if forbidden == "max_tokens":
        assert seen[1]["max_completion_tokens"] == 50


async def test_a_parameter_that_does_not_help_is_not_learnt(connect: Connect) -> None:
    refusal = {"error": {"message": "temperature and max_tokens are not supported"}}
    async with _serving(lambda _: _reply(400, refusal)) as url:
        client = connect(url)
        with pytest.raises(UnsupportedError):
            await client.complete(REQUEST)
    assert client.profile == Profile()


async def test_an_endless_refusal_ends(connect: Connect) -> None:
    names = "unsupported max_tokens temperature top_p seed stream_options"
    count = [0]

    def respond(_: dict[str, Any]) -> bytes:
        count[0] += 1
        return _reply(400, {"error": {"message": names}})

    async with _serving(respond) as url:
        with pytest.raises(UnsupportedError):
            await connect(url).complete(REQUEST, on_text=_ignore)
    assert count[0] <= 6


async def test_a_refused_schema_is_remembered_and_not_sent_again(connect: Connect) -> None:
    request = ModelRequest("fake", REQUEST.messages, schema={"type": "object"})
    async with FakeEndpoint(mode="no_schema") as fake:
        client = connect(fake.url)
        for _ in range(2):
            with pytest.raises(UnsupportedError):
                await client.complete(request)
    assert len(fake.calls) == 1
    assert client.profile.schema is False


async def test_the_request_is_sent_as_asked(connect: Connect) -> None:
    seen: list[dict[str, Any]] = []

    def respond(body: dict[str, Any]) -> bytes:
        seen.append(body)
        return _whole("Fine.")

    messages = (*REQUEST.messages, Message("user", "a lone \ud83d half"))
    request = ModelRequest("", messages, top_p=0.9, schema={"type": "object"}, schema_name="plan")
    async with _serving(respond) as url:
        client = connect(
            url, defaults={"temperature": 0.3, "top_p": 0.1}, extra_body={"dry_multiplier": 0.8}
        )
        await client.complete(request)
    assert seen[0] == {
        "model": "fake",
        "messages": [
            {"role": "user", "content": "Write 60 words about bees."},
            {"role": "user", "content": "a lone ? half"},
        ],
        "stream": False,
        "temperature": 0.3,
        "top_p": 0.9,
        "dry_multiplier": 0.8,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "plan", "schema": {"type": "object"}, "strict": True},
        },
    }
    assert client.profile.schema is True


async def test_an_unknown_model_names_those_on_offer(connect: Connect) -> None:
    async with FakeEndpoint(models=[f"model-{n}" for n in range(12)]) as fake:
        client = connect(fake.fault_url("no_model"))
        with pytest.raises(ModelNotFoundError) as caught:
            await client.complete(REQUEST)
    assert "model-0, model-1" in caught.value.remedy
    assert "model-10" not in caught.value.remedy


async def test_an_unknown_model_without_a_list_keeps_the_remedy(connect: Connect) -> None:
    refusal = _reply(404, {"error": {"message": "no such model"}})
    for listing in (_reply(500, {}), _reply(200, {"data": 1}), _reply(200, {"data": []})):
        async with _serving(lambda body, other=listing: refusal if body else other) as url:
            with pytest.raises(ModelNotFoundError) as caught:
                await connect(url).complete(REQUEST)
        assert caught.value.remedy == "check --model"


async def test_nobody_there_is_told_at_once(connect: Connect) -> None:
    server = await asyncio.start_server(lambda r, w: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    with pytest.raises(UnreachableError) as caught:
        await connect(f"127.0.0.1:{port}/v1").complete(REQUEST)
    assert f"127.0.0.1:{port}" in caught.value.message
    assert "doctor" in caught.value.remedy


async def test_a_named_error_event_without_error_inside_is_an_error(connect: Connect) -> None:
    stream = b'event: error\ndata: {"message": "died", "code": 500}\n\n'
    async with _serving(lambda _: _reply(200, stream, "text/event-stream")) as url:
        with pytest.raises(UnavailableError, match="died"):
            await connect(url).complete(REQUEST, on_text=_ignore)


@pytest.mark.parametrize(
    "stream",
    [
        b"data: {broken}\n\n" + STREAM,
        b"data: " + b"[" * 200_000 + b"\n\n",
        b'data: "text"\n\n',
    ],
)
async def test_a_broken_event_is_malformed(stream: bytes, connect: Connect) -> None:
    async with _serving(lambda _: _reply(200, stream, "text/event-stream")) as url:
        with pytest.raises(MalformedError):
            await connect(url).complete(REQUEST, on_text=_ignore)


async def test_comments_and_unknown_fields_are_passed_over(connect: Connect) -> None:
    stream = b": ping\r\n\r\nid: 3\nretry: 9\ndata:\n\n" + STREAM.replace(b"\n", b"\r\n")
    async with _serving(lambda _: _reply(200, stream, "text/event-stream")) as url:
        answer = await connect(url).complete(REQUEST, on_text=_ignore)
    assert answer.text.endswith("The end.")


async def test_a_stream_that_ends_without_closing_is_complete(connect: Connect) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 99999\r\n\r\n"
    release = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head + STREAM.removesuffix(b"data: [DONE]\n\n"))
        await writer.drain()
        await release.wait()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        answer = await connect(f"127.0.0.1:{port}/v1", Timeouts(idle=0.5)).complete(
            REQUEST, on_text=_ignore
        )
        release.set()
    assert answer.finish == "stop"


async def test_cancelling_a_call_closes_its_connection(connect: Connect) -> None:
    async with FakeEndpoint() as fake:
        client = connect(fake.fault_url("stall"))
        came = asyncio.Event()
        call = asyncio.create_task(client.complete(REQUEST, on_text=lambda _: came.set()))
        await came.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        while fake.in_flight:
            await asyncio.sleep(0)
    assert fake.calls[0].status == 499


async def test_an_error_of_the_sink_is_not_taken_for_the_endpoint_s(connect: Connect) -> None:
    def broken(piece: str) -> None:
        raise OSError("the pipe is closed")

    async with FakeEndpoint() as fake:
        with pytest.raises(OSError, match="pipe"):
            await connect(fake.url).complete(REQUEST, on_text=broken)


async def _no_wait(seconds: float) -> None:
    pass


@asynccontextmanager
async def _line(
    fake: FakeEndpoint, tokens: Tokens, concurrency: int = 8
) -> AsyncIterator[Callable[[ModelRequest], Awaitable[Completion]]]:
    lines = Lines(tokens, policy=RetryPolicy(), sleep=_no_wait)
    try:
        yield lines.to(Endpoint("home", fake.url, "fake", concurrency=concurrency)).llm.complete
    finally:
        await lines.close()


async def test_a_line_retries_and_bounds(tokens: Tokens) -> None:
    faults = {1: "rate_limit", 2: "reset", 3: "no_choices"}
    async with FakeEndpoint(faults=faults) as fake, _line(fake, tokens, 1) as complete:
        answer = await complete(REQUEST)
    assert answer.tries == 4
    assert answer.finish == "stop"
    assert len(fake.calls) == 4


async def test_many_calls_of_a_line_stay_within_its_bound(tokens: Tokens) -> None:
    async with FakeEndpoint() as fake, _line(fake, tokens, 3) as complete:
        requests = [
            ModelRequest("fake", (Message("user", f"Write {n} words about bees."),))
            for n in range(20, 40)
        ]
        answers = await asyncio.gather(*map(complete, requests))
    assert max(call.in_flight for call in fake.calls) <= 3
    assert len({answer.text for answer in answers}) == len(answers)


async def test_a_bad_day_loses_nothing(tokens: Tokens) -> None:
    async with FakeEndpoint(fault_rate=0.2, seed=3) as fake, _line(fake, tokens, 4) as complete:
        requests = [
            ModelRequest("fake", (Message("user", f"Write {n} words about bees."),))
            for n in range(20, 60)
        ]
        answers = await asyncio.gather(*map(complete, requests))
    assert all(answer.finish == "stop" for answer in answers)
    assert sum(answer.tries for answer in answers) == len(fake.calls) > 40
