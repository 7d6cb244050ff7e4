"""Answers cut at any byte: continued or refused, and never taken for complete."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from core.errors import LLMError
from llm.endpoint import Endpoint
from llm.openai_client import OpenAIClient
from llm.types import Completion, Message, ModelRequest
from tests.fakes.calls import Call
from tests.fakes.endpoint import FakeEndpoint
from tests.support import TOKENS, check_document, desk, user_text

STREAM_CUTS = 500
WHOLE_CUTS = 200
WORDS = 120


def request(*, partial_ok: bool) -> ModelRequest:
    text = f"Write {WORDS} words about bees."
    return ModelRequest("fake", (Message("user", text),), partial_ok=partial_ok)


class Cutter:
    """A server that plays a recorded response up to a byte, then closes the connection."""

    def __init__(self) -> None:
        self.recorded = b""
        self.cut = 0
        self.url = ""

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Cutter]:
        async with await asyncio.start_server(self._serve, "127.0.0.1", 0) as server:
            self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
            yield self

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        size = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        assert size
        await reader.readexactly(int(size[1]))
        writer.write(self.recorded[: self.cut])
        await writer.drain()
        writer.close()


async def recorded(*, streamed: bool, mode: str = "obey") -> tuple[bytes, str]:
    """The bytes of an answer of the fake's, head and framing included, and its text."""
    sent: list[bytes] = []

    async def keep(_: Call, data: bytes) -> None:
        sent.append(data)

    async with FakeEndpoint(on_sent=keep, mode=mode) as fake:
        client = OpenAIClient(Endpoint("home", fake.url, "fake", stream=streamed), tokens=TOKENS)
        answer = await client.complete(request(partial_ok=False))
        await client.close()
    return b"".join(sent), answer.text


async def taken(client: OpenAIClient, *, partial_ok: bool) -> Completion | LLMError:
    try:
        return await client.complete(request(partial_ok=partial_ok))
    except LLMError as error:
        return error


def cuts(data: bytes, number: int) -> list[int]:
    """So many bytes at which to cut, spread over the whole, its first and last ones with them."""
    ends = [*range(10), *range(len(data) - 40, len(data))]
    middle = random.Random(7).sample(range(10, len(data) - 40), number - len(ends))
    return sorted([*ends, *middle])


def judge(came: Completion | LLMError, text: str, *, finished: bool, partial_ok: bool) -> None:
    """A cut answer is an error with its beginning, or that beginning, marked as cut."""
    if isinstance(came, LLMError):
        assert not finished
        assert came.retry
        assert came.remedy
        assert text.startswith(came.partial)
        return
    assert came.finish == ("stop" if finished else "cut")
    assert came.text == text if finished else text.startswith(came.text)
    assert partial_ok or finished


@pytest.mark.parametrize("mode", ["obey", "reasoning"])
@pytest.mark.parametrize("partial_ok", [False, True], ids=["all or nothing", "partial ok"])
async def test_a_stream_cut_at_any_byte_is_not_complete(partial_ok: bool, mode: str) -> None:
    data, text = await recorded(streamed=True, mode=mode)
    end = b'"finish_reason": "stop"}]}'
    said = data.index(end) + len(end)
    async with Cutter().serving() as cutter:
        cutter.recorded = data
        client = OpenAIClient(Endpoint("home", cutter.url, "fake", stream=True), tokens=TOKENS)
        for cutter.cut in cuts(data, STREAM_CUTS):
            came = await taken(client, partial_ok=partial_ok)
            judge(came, text, finished=cutter.cut >= said, partial_ok=partial_ok)
        await client.close()


@pytest.mark.parametrize("partial_ok", [False, True], ids=["all or nothing", "partial ok"])
async def test_a_whole_answer_cut_at_any_byte_is_an_error(partial_ok: bool) -> None:
    data, text = await recorded(streamed=False)
    async with Cutter().serving() as cutter:
        cutter.recorded = data
        client = OpenAIClient(Endpoint("home", cutter.url, "fake"), tokens=TOKENS)
        for cutter.cut in cuts(data, WHOLE_CUTS):
            came = await taken(client, partial_ok=partial_ok)
            assert isinstance(came, LLMError)
            assert came.retry
            assert came.partial == ""
        cutter.cut = len(data)
        judge(await taken(client, partial_ok=partial_ok), text, finished=True, partial_ok=False)
        await client.close()


@pytest.mark.parametrize("fault", ["clean_early_end", "cut_chunk", "reset", "cut_event"])
async def test_what_came_of_a_cut_section_is_kept_and_continued(tmp_path: Path, fault: str) -> None:
    async with desk(tmp_path, faults={2: fault}) as at:
        report = await at.write(words=600, strategy="agentwrite")
        document = await at.document(report)
        journal = {call.step: call for call in await at.journal(report.run_id)}
        texts = [user_text(call) for call in at.fake.calls]
    assert report.status == "done"
    assert report.length_score >= 97
    check_document(document, report)
    first, more = journal["section/1/write/1"], journal["section/1/write/1/continue/1"]
    assert first.finish == "cut"
    assert first.text
    kept = first.text[: max(first.text.rfind(mark) for mark in ".!?") + 1]
    assert document.sections[0].text.startswith(kept)
    assert kept in user_text(more)
    assert texts.count(user_text(first)) == 1, "what came was thrown away and asked for again"
