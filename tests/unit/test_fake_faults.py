"""The fake's faults on the wire."""

from typing import Any

import httpx2
import openai
import pytest

from tests.fakes.client import ENGLISH, ask, connected, until, whole, words
from tests.fakes.endpoint import FakeEndpoint
from tests.fakes.faults import FAULTS


@pytest.mark.parametrize(
    ("name", "status", "mark"),
    [
        ("rate_limit", 429, b"rate_limit_exceeded"),
        ("quota", 429, b"insufficient_quota"),
        ("server_error", 500, b"{}"),
        ("proxy_page", 502, b"<html>"),
        ("loading", 503, b"unavailable_error"),
        ("overflow_vllm", 400, b"maximum context length"),
        ("overflow_llamacpp", 400, b"n_ctx"),
        ("error_200", 200, b"exceed_context_size_error"),
        ("bad_key", 401, b"invalid_api_key"),
        ("no_model", 404, b"model_not_found"),
        ("empty", 200, b""),
        ("no_content_204", 204, b""),
        ("login_page", 200, b"<form>"),
        ("redirect_307", 307, b""),
    ],
)
@pytest.mark.parametrize("stream", [True, False])
async def test_faults_before_an_answer(name: str, status: int, mark: bytes, stream: bool) -> None:
    async with FakeEndpoint() as endpoint, httpx2.AsyncClient() as client:
        url = f"{endpoint.fault_url(name)}/chat/completions"
        reply = await client.post(url, json=ask(ENGLISH, stream=stream))
    assert (reply.status_code, endpoint.calls[0].fault) == (status, name)
    assert mark in reply.content


@pytest.mark.parametrize(
    ("name", "done", "finish"),
    [
        ("length", True, "length"),
        ("filter", True, "content_filter"),
        ("clean_early_end", False, None),
        ("done_without_finish", True, None),
        ("silent_overflow", True, "stop"),
        ("reasoning_split", True, "stop"),
        ("cut_event", False, None),
        ("error_event_named", False, None),
    ],
)
async def test_faults_inside_a_stream(name: str, done: bool, finish: str | None) -> None:
    async with FakeEndpoint() as endpoint, httpx2.AsyncClient() as client:
        url = f"{endpoint.fault_url(name)}/chat/completions"
        text = (await client.post(url, json=ask(ENGLISH, stream=True))).text
    assert text.endswith("data: [DONE]\n\n") == done
    for reason in ("stop", "length", "content_filter"):
        assert (f'"finish_reason": "{reason}"' in text) == (reason == finish)
    assert ("event: error" in text) == (name == "error_event_named")


@pytest.mark.parametrize("name", ["reset", "cut_chunk", "accept_close"])
@pytest.mark.parametrize("stream", [True, False])
async def test_faults_that_break_the_connection(name: str, stream: bool) -> None:
    async with FakeEndpoint() as endpoint, httpx2.AsyncClient() as client:
        with pytest.raises(httpx2.TransportError):
            await client.post(
                f"{endpoint.fault_url(name)}/chat/completions", json=ask(ENGLISH, stream=stream)
            )
        assert (await client.post(f"{endpoint.url}/chat/completions", json=ask("x"))).is_success


@pytest.mark.parametrize("name", ["stall", "slow_loris", "hang_after_accept"])
@pytest.mark.parametrize("stream", [True, False])
async def test_faults_without_end_stop_when_the_client_goes(name: str, stream: bool) -> None:
    async with FakeEndpoint() as endpoint:
        async with httpx2.AsyncClient(timeout=httpx2.Timeout(5, read=0.1)) as client:
            with pytest.raises(httpx2.ReadTimeout):
                await client.post(
                    f"{endpoint.fault_url(name)}/chat/completions", json=ask(ENGLISH, stream=stream)
                )
        await until(lambda: endpoint.in_flight == 0)
        assert endpoint.calls[0].status == 499


async def test_huge_answers() -> None:
    async with FakeEndpoint() as endpoint, httpx2.AsyncClient() as client:
        url = endpoint.fault_url
        bomb = await client.send(
            client.build_request("POST", f"{url('gzip_bomb')}/chat/completions", json=ask("x")),
            stream=True,
        )
        packed = b"".join([block async for block in bomb.aiter_raw()])
        huge = await client.post(f"{url('huge_json')}/chat/completions", json=ask("x"))
    assert bomb.headers["content-encoding"] == "gzip"
    assert len(packed) < 200_000
    assert len(huge.content) > 50_000_000


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("name", sorted(FAULTS))
async def test_every_fault_leaves_the_server_alive(name: str, stream: bool) -> None:
    if name in ("stall", "slow_loris", "hang_after_accept", "flood", "huge_json", "gzip_bomb"):
        return  # these have tests of their own, or the size of one
    async with FakeEndpoint(faults={1: name}) as endpoint, connected(endpoint) as client:
        try:
            reply = await client.chat.completions.create(**ask("Write 60 words", stream=stream))
            if stream:
                _ = [chunk async for chunk in reply]
        except (openai.APIError, httpx2.HTTPError, ValueError):
            pass  # which error it is, is the client's test
        assert words((await whole(client)).choices[0].message.content) == 450


async def test_lone_surrogates_and_nul_arrive() -> None:
    async with FakeEndpoint(faults={1: "bad_text"}) as endpoint, connected(endpoint) as client:
        text = (await whole(client)).choices[0].message.content
    assert all(mark in text for mark in ("\ud83d", "\x00", "\r\n"))


async def test_fault_rate_is_seeded() -> None:
    async def faults() -> list[str | None]:
        settings: dict[str, Any] = {"fault_rate": 0.3, "fault_names": ["server_error"], "seed": 5}
        async with FakeEndpoint(**settings) as endpoint, httpx2.AsyncClient() as client:
            for n in range(30):
                await client.post(f"{endpoint.url}/chat/completions", json=ask(f"{n} 20 words"))
        return [call.fault for call in endpoint.calls]

    first = await faults()
    assert 3 <= len([name for name in first if name]) <= 16
    assert first == await faults()


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ValueError, match="lazy"):
        FakeEndpoint(mode="lazy")
    with pytest.raises(ValueError, match="gremlin"):
        FakeEndpoint(faults={1: "gremlin"})
