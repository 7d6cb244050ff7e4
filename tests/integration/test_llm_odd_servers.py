"""Servers that answer in forms of their own, over real HTTP: sound text is taken, once."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from core.errors import LLMError, MalformedError, RateLimitError, TruncatedError, UnsupportedError
from llm.discovery import probe
from llm.endpoint import Endpoint
from llm.limits import Limited, Limiter
from llm.openai_client import OpenAIClient, Timeouts
from llm.probe import examine
from llm.profile import Profile
from llm.tokens import Tokens
from llm.types import Message, ModelRequest
from tests.fakes.raw import (
    Asked,
    address_of,
    chunk,
    events,
    received,
    reply,
    serving,
    stream,
    whole,
)

MARK = b"\xef\xbb\xbf"
CODECS = ("zlib", "bz2", "hex", "base64", "uu", "quopri", "rot13", "utf-16", "nonsense")
REQUEST = ModelRequest("m", (Message("user", "Write about bees."),), 50, 0.7, 0.9, 1)
PROSE = [
    f"Sentence {n} tells of bee {n * 37 % 101} and of flower {n * 53 % 97}. " for n in range(9)
]

Connect = Callable[..., OpenAIClient]


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    return Tokens(tmp_path_factory.mktemp("tokens"))


@pytest.fixture
async def connect(tokens: Tokens) -> AsyncIterator[Connect]:
    opened: list[OpenAIClient] = []

    def to(url: str, **times: float) -> OpenAIClient:
        endpoint = Endpoint("home", url, "m")
        opened.append(OpenAIClient(endpoint, tokens=tokens, timeouts=Timeouts(**times)))
        return opened[-1]

    yield to
    for client in opened:
        await client.close()


def _ignore(piece: str) -> None:
    pass


@pytest.mark.parametrize("codec", CODECS)
async def test_the_charset_of_an_answer_means_nothing(
    codec: str, connect: Connect, tokens: Tokens
) -> None:
    kind = f"application/json; charset={codec}"
    refusal = reply(400, {"error": {"message": "It is broken."}}, kind)
    listing = {"data": [{"id": "m"}]}
    answers = [reply(200, listing, kind), refusal]

    def respond(asked: Asked) -> bytes:
        return answers[asked.path != "/v1/models"]

    async with serving(respond) as url:
        assert (await probe(Endpoint("home", url))).models == ("m",)
        report = await examine(Endpoint("home", url), tokens)
        assert report.error is not None
        for caught in (report.error, await _failure(connect(url))):
            assert (caught.kind, "It is broken." in caught.message) == ("unsupported", True)
        answers[:] = [refusal, reply(200, _body("Bees. 海."), kind)]
        assert (await probe(Endpoint("home", url))).error is not None
        assert (await connect(url).complete(REQUEST)).text == "Bees. 海."


async def _failure(client: OpenAIClient) -> LLMError:
    with pytest.raises(LLMError) as caught:
        await client.complete(REQUEST)
    return caught.value


def _body(text: str) -> dict[str, Any]:
    return {"choices": [{"message": {"content": text}, "finish_reason": "stop"}]}


async def test_a_byte_order_mark_costs_nothing(connect: Connect, tokens: Tokens) -> None:
    streamed = stream(MARK, chunk("One. "), chunk("Two."), chunk(finish="stop"))
    listing = reply(200, MARK + json.dumps({"data": [{"id": "m"}]}).encode())
    for answer in (streamed, reply(200, MARK + json.dumps(_body("One. Two.")).encode())):
        async with serving(lambda _, answer=answer: answer) as url:
            done = await connect(url).complete(REQUEST, on_text=_ignore)
        assert (done.text, done.finish) == ("One. Two.", "stop")
    async with serving(lambda _: listing) as url:
        assert (await probe(Endpoint("home", url))).models == ("m",)


@pytest.mark.parametrize("last", [{"delta": {}}, {"delta": None}, {}], ids=str)
async def test_a_stream_that_ends_with_the_whole_text_is_read_once(
    last: dict[str, Any], connect: Connect
) -> None:
    summary = chunk(finish="stop", message={"role": "assistant", "content": "One. Two."})
    del summary["choices"][0]["delta"]
    summary["choices"][0].update(last)
    shown: list[str] = []
    async with serving(lambda _: stream(chunk("One. "), chunk("Two."), summary)) as url:
        done = await connect(url).complete(REQUEST, on_text=shown.append)
    assert (done.text, "".join(shown), done.finish) == ("One. Two.", "One. Two.", "stop")


async def test_a_stream_of_one_message_or_of_pieces_of_it_is_read(connect: Connect) -> None:
    def message(text: str, finish: str | None = None) -> dict[str, Any]:
        return {"choices": [{"message": {"content": text}, "finish_reason": finish}]}

    for payloads in ([message("One. Two.", "stop")], [message("One. "), message("Two.", "stop")]):
        async with serving(lambda _, payloads=payloads: stream(*payloads)) as url:
            assert (await connect(url).complete(REQUEST, on_text=_ignore)).text == "One. Two."


@pytest.mark.parametrize(
    ("said", "finish"),
    [(said, "stop") for said in ("eos", "eos_token", "end_turn", "STOP", "stop_sequence",
                                 "COMPLETE", "Stop")]
    + [(said, "length") for said in ("max_tokens", "model_length", "MAX_TOKENS")],
)  # fmt: skip
async def test_other_words_for_the_end_are_understood(
    said: str, finish: str, connect: Connect
) -> None:
    for answer in (whole("Bees.", said), stream(chunk("Bees."), chunk(finish=said))):
        async with serving(lambda _, answer=answer: answer) as url:
            assert (await connect(url).complete(REQUEST, on_text=_ignore)).finish == finish


async def test_an_end_of_no_known_reason_is_none(connect: Connect) -> None:
    async with serving(lambda _: whole("Bees.", "eosx")) as url:
        assert isinstance(error := await _failure(connect(url)), TruncatedError)
    assert "finish_reason is eosx" in error.message


@pytest.mark.parametrize(
    ("event", "cause"),
    [
        ({"error": {"message": "slow down", "code": 429}}, RateLimitError),
        (b'data: {"choices": [{"del\n\n', MalformedError),
        ([1], MalformedError),
        ({"choices": [5]}, MalformedError),
    ],
    ids=str,
)
async def test_text_before_a_fault_is_not_lost(
    event: object, cause: type[LLMError], connect: Connect
) -> None:
    request = ModelRequest("m", REQUEST.messages, partial_ok=True)
    async with serving(lambda _: stream(*map(chunk, PROSE), event)) as url:
        client = connect(url)
        done = await client.complete(request, on_text=_ignore)
        with pytest.raises(cause) as caught:
            await client.complete(REQUEST, on_text=_ignore)
    assert (done.text, done.finish) == ("".join(PROSE).strip(), "cut")
    assert caught.value.partial == done.text
    assert isinstance(done.broke, cause)


async def test_a_rate_limit_within_an_answer_slows_the_next_calls(connect: Connect) -> None:
    busy = {"error": {"message": "slow down", "code": 429}}
    request = ModelRequest("m", REQUEST.messages, partial_ok=True)
    limiter = Limiter(8)
    async with serving(lambda _: stream(*map(chunk, PROSE), busy)) as url:
        limited = Limited(connect(url), limiter)
        assert (await limited.complete(request, on_text=_ignore)).finish == "cut"
        assert limiter.congestion.allowed == 4
        with pytest.raises(RateLimitError):
            await limited.complete(REQUEST, on_text=_ignore)
    assert limiter.congestion.allowed == 2


async def test_a_server_that_goes_on_after_the_end_is_left(connect: Connect) -> None:
    left = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await received(reader)
        writer.write(b"HTTP/1.1 200 X\r\nContent-Type: text/event-stream\r\n\r\n")
        writer.write(events(chunk("Bees."), chunk(finish="stop")))
        for _ in range(30_000):  # at one a turn of the loop, this takes far longer than the grace
            if writer.is_closing():
                left.set()
                break
            writer.write(events({}))
            await asyncio.sleep(0)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        client = connect(address_of(server), idle=0.05)
        done = await client.complete(REQUEST, on_text=_ignore)
        async with asyncio.timeout(60):
            await left.wait()
    assert (done.text, done.finish) == ("Bees.", "stop")


async def test_five_parameters_refused_one_at_a_time_are_all_learnt(connect: Connect) -> None:
    seen: list[dict[str, Any]] = []

    def respond(asked: Asked) -> bytes:
        seen.append(asked.body)
        for name in ("max_tokens", "temperature", "top_p", "seed", "stream_options"):
            if name in asked.body:
                message = f"Unsupported parameter: {name}"
                return reply(400, {"error": {"message": message, "param": name}})
        return stream(chunk("Fine."), chunk(finish="stop"))

    async with serving(respond) as url:
        client = connect(url)
        for _ in range(2):
            assert (await client.complete(REQUEST, on_text=_ignore)).text == "Fine."
    assert len(seen) == 7
    refused = frozenset({"top_p", "seed", "stream_options"})
    assert client.profile == Profile(None, "max_completion_tokens", None, False, refused)


async def test_a_server_that_refuses_everything_is_given_up(connect: Connect) -> None:
    async with serving(lambda asked: reply(400, {"error": {"message": str(asked.body)}})) as url:
        assert isinstance(await _failure(connect(url)), UnsupportedError)
