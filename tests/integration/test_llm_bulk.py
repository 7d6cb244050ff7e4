"""Answers had whole over aiohttp: the same as over httpx2, and the same errors for every fault."""

from __future__ import annotations

import socket

import pytest

from core.errors import LLMError
from llm.endpoint import Endpoint
from llm.faults import UnreachableError
from llm.openai_client import OpenAIClient
from llm.types import Completion, Message, ModelRequest
from tests.fakes.endpoint import FakeEndpoint
from tests.fakes.faults import FAULTS
from tests.support import TOKENS

SILENT = {"stall", "hang_after_accept", "slow_loris"}
REQUEST = ModelRequest(
    "fake", (Message("user", "Heading: Tides\nLength: about 120 words."),), max_tokens=800
)


async def asked(url: str, *, bulk: bool, watched: bool = False) -> Completion | LLMError:
    """What comes of one request."""
    client = OpenAIClient(Endpoint("e", url, "fake"), tokens=TOKENS, bulk=bulk)
    try:
        return await client.complete(REQUEST, on_text=(lambda _: None) if watched else None)
    except LLMError as error:
        return error
    finally:
        await client.close()


async def test_an_answer_is_the_same_and_comes_whole_though_it_is_watched() -> None:
    async with FakeEndpoint() as fake:
        found = [await asked(fake.url, bulk=bulk, watched=True) for bulk in (True, False)]
        assert isinstance(found[0], Completion)
        assert isinstance(found[1], Completion)
        assert (found[0].text, found[0].usage) == (found[1].text, found[1].usage)
        assert [call.stream for call in fake.calls] == [False, True]


@pytest.mark.parametrize("name", sorted(FAULTS.keys() - SILENT))
async def test_a_fault_means_the_same(name: str) -> None:
    async with FakeEndpoint() as fake:
        url = fake.fault_url(name)
        bulk, plain = await asked(url, bulk=True), await asked(url, bulk=False)
    assert type(bulk) is type(plain), (bulk, plain)
    if isinstance(bulk, LLMError) and isinstance(plain, LLMError):
        assert (bulk.retry, bulk.pauses) == (plain.retry, plain.pauses)


async def test_nobody_there_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = await asked(f"http://127.0.0.1:{port}/v1", bulk=True)
    assert isinstance(found, UnreachableError)


async def test_connections_are_kept_and_closed() -> None:
    async with FakeEndpoint() as fake:
        endpoint = Endpoint("e", fake.url, "fake")
        client = OpenAIClient(endpoint, tokens=TOKENS, bulk=True)
        for _ in range(5):
            await client.complete(REQUEST)
        assert len(fake._connections) == 1
        await client.close()
