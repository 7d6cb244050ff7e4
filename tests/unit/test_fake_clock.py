"""The fake's virtual time and its slots."""

import asyncio
from typing import Any

import httpx2
import pytest

from tests.fakes.client import ENGLISH, ask, connected, streamed, until, whole
from tests.fakes.endpoint import FakeEndpoint


async def test_slots_in_virtual_time() -> None:
    settings: dict[str, Any] = {
        "tokens_per_second": 130,
        "first_token_seconds": 0.5,
        "slots": 2,
        "speedup": 1e4,
    }
    async with FakeEndpoint(**settings) as endpoint, connected(endpoint) as client:
        endpoint.pause()
        texts = [f"{n}\nLength: 100 words" for n in range(6)]
        tasks = [asyncio.create_task(whole(client, text)) for text in texts]
        await until(lambda: endpoint.in_flight == 6)
        endpoint.resume()
        await asyncio.gather(*tasks)
    spans = [(call.virtual_started, call.virtual_finished) for call in endpoint.calls]
    assert sorted(end for _, end in spans if end) == pytest.approx([1.5, 1.5, 3, 3, 4.5, 4.5])
    for moment in (0.7, 2.2, 3.7):
        assert sum(start < moment < (end or 0) for start, end in spans) == 2


async def test_virtual_time_follows_what_a_client_waits_for() -> None:
    settings: dict[str, Any] = {"tokens_per_second": 130, "speedup": 1e4}
    async with FakeEndpoint(**settings) as endpoint, connected(endpoint) as client:
        for _ in range(3):
            await whole(client, "Length: 100 words")
            await streamed(client)
    ends = [call.virtual_finished for call in endpoint.calls]
    assert ends == pytest.approx([1, 5.5, 6.5, 11, 12, 16.5])


@pytest.mark.parametrize("stream", [True, False])
async def test_a_client_that_leaves_frees_its_slot(stream: bool) -> None:
    settings: dict[str, Any] = {"tokens_per_second": 20, "slots": 1, "delta_words": 40}
    async with FakeEndpoint(**settings) as endpoint:
        url = f"{endpoint.url}/chat/completions"
        async with httpx2.AsyncClient(timeout=httpx2.Timeout(5, read=0.1)) as client:
            with pytest.raises(httpx2.ReadTimeout):
                await client.post(url, json=ask(ENGLISH, stream=stream))
        async with httpx2.AsyncClient() as client:
            assert (await client.post(url, json=ask(ENGLISH, max_tokens=2))).is_success
        assert [call.status for call in endpoint.calls] == [499, 200]
