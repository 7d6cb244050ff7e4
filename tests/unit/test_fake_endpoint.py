"""The fake endpoint's protocol: streams, usage, keys, windows, hooks, processes."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest

from tests.fakes.client import ENGLISH, ask, connected, streamed, until, whole, words
from tests.fakes.endpoint import Call, FakeEndpoint, run_in_thread

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("mode", ["obey", "reasoning", "reasoning_content", "broken_json"])
async def test_stream_is_the_whole_text(mode: str) -> None:
    async with FakeEndpoint(mode=mode) as endpoint, connected(endpoint) as client:
        message = (await whole(client)).choices[0].message
        thought = (message.model_extra or {}).get("reasoning_content") or ""
        assert await streamed(client) == (message.content, thought, "stop")
        assert bool(thought) == (mode == "reasoning_content")
        assert message.content.startswith("<think>") == (mode == "reasoning")


async def test_think_tags_are_split_over_deltas() -> None:
    async with FakeEndpoint(mode="reasoning") as endpoint, connected(endpoint) as client:
        stream = await client.chat.completions.create(**ask(ENGLISH, stream=True))
        deltas = [c.choices[0].delta.content or "" async for c in stream]
    assert "</think>" in "".join(deltas)
    assert not any("<think>" in d or "</think>" in d for d in deltas)


async def test_usage_is_streamed_when_asked_for() -> None:
    async with FakeEndpoint() as endpoint, connected(endpoint) as client:
        usage = (await whole(client)).usage
        options: Any = {"include_usage": True}
        stream = await client.chat.completions.create(
            **ask(ENGLISH, stream=True, stream_options=options)
        )
        last = [chunk async for chunk in stream][-1]
    assert (last.choices, last.usage) == ([], usage)
    assert usage.completion_tokens == 585


async def test_keys_and_models_are_checked() -> None:
    settings: dict[str, Any] = {"api_key": "secret", "strict_model": True}
    async with FakeEndpoint(**settings) as endpoint, connected(endpoint) as client:
        names = [model.id async for model in client.models.list()]
        assert words((await whole(client, model=names[-1])).choices[0].message.content)
        with pytest.raises(openai.NotFoundError) as missing:
            await whole(client, model="other")
        with pytest.raises(openai.AuthenticationError) as refused:
            await whole(client.with_options(api_key="wrong"))
    assert (missing.value.code, refused.value.code) == ("model_not_found", "invalid_api_key")


@pytest.mark.parametrize(
    ("publish", "code"), [(None, "context_length_exceeded"), ("vllm", "400"), ("llamacpp", "400")]
)
async def test_window_is_published_and_kept(publish: str | None, code: object) -> None:
    settings: dict[str, Any] = {"window": 500, "publish": publish}
    async with FakeEndpoint(**settings) as endpoint, connected(endpoint) as client:
        models = [model async for model in client.models.list()]
        async with httpx2.AsyncClient() as http:
            props = await http.get(f"{endpoint.address}/props")
        with pytest.raises(openai.BadRequestError, match="500") as caught:
            await whole(client, "word " * 600)
        reply = await whole(client)
    assert (models[0].model_extra or {}).get("max_model_len") == (
        500 if publish == "vllm" else None
    )
    assert props.status_code == (200 if publish == "llamacpp" else 404)
    assert caught.value.code == code
    assert reply.usage.total_tokens <= 500
    assert reply.choices[0].finish_reason == "length"


async def test_keep_alive_and_unknown_paths() -> None:
    async with FakeEndpoint() as endpoint, httpx2.AsyncClient() as client:
        assert (await client.head(endpoint.url)).status_code == 404
        assert (await client.get(f"{endpoint.url}/nothing")).json()["error"]["code"] == "not_found"
        url = f"{endpoint.url}/chat/completions"
        assert (await client.post(url, content=b"{")).status_code == 400
        assert (await client.post(url, json=ask(ENGLISH))).status_code == 200


async def test_a_broken_hook_is_not_hidden() -> None:
    async def on_call(call: Call) -> None:
        raise LookupError("hook")

    async def use() -> None:
        async with FakeEndpoint(on_call=on_call) as endpoint, httpx2.AsyncClient() as client:
            with pytest.raises(httpx2.TransportError):
                await client.post(f"{endpoint.url}/chat/completions", json=ask("x"))

    with pytest.raises(LookupError):
        await use()


@pytest.mark.parametrize(
    "body",
    [[], {}, {"messages": []}, {"messages": ["x"]}, {"messages": [{"role": "user", "content": 5}]}],
)
async def test_bodies_that_are_no_requests(body: object) -> None:
    async with FakeEndpoint() as endpoint, httpx2.AsyncClient() as client:
        reply = await client.post(f"{endpoint.url}/chat/completions", json=body)
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "invalid_body")


async def test_hooks_and_gates() -> None:
    seen: list[tuple[int, int]] = []

    async def on_call(call: Call) -> None:
        seen.append((call.n, call.in_flight))

    async with FakeEndpoint(on_call=on_call) as endpoint, connected(endpoint) as client:
        endpoint.pause()
        tasks = [asyncio.create_task(whole(client, f"{n}")) for n in range(3)]
        await until(lambda: len(seen) == 3)
        assert endpoint.in_flight == 3
        assert not any(task.done() for task in tasks)
        endpoint.resume()
        await asyncio.gather(*tasks)
    assert seen == [(1, 1), (2, 2), (3, 3)]


def test_serves_from_a_thread() -> None:
    with run_in_thread(mode="short") as endpoint, httpx2.Client() as client:
        reply = client.post(f"{endpoint.url}/chat/completions", json=ask(ENGLISH)).json()
        assert words(reply["choices"][0]["message"]["content"]) == 180
        assert endpoint.calls[0].asked == 450


def test_serves_as_a_process(tmp_path: Path) -> None:
    log = tmp_path / "calls.jsonl"
    command = [sys.executable, "-m", "tests.fakes.endpoint", "--mode", "short+noisy", "--seed", "7",
               "--fault", "2=quota", "--log", str(log)]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        with httpx2.Client() as client:
            replies = [client.post(f"{url}/chat/completions", json=ask(ENGLISH)) for _ in range(2)]
        process.terminate()
    assert process.returncode == 0
    assert [reply.status_code for reply in replies] == [200, 429]
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [(line["n"], line["fault"]) for line in lines] == [(1, None), (2, "quota")]
    assert 126 <= lines[0]["written"] <= 234
