"""What goes over the wire: every event's shape, errors, silence, odd addresses."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.door import chat, door, events_of
from tests.fakes.calls import Call

CHAT = "/v1/chat/completions"
HEAD = {"id", "object", "created", "model", "system_fingerprint"}


async def test_each_event_of_a_chat(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as client:
        body = chat(60, stream=True, stream_options={"include_usage": True})
        answer = await client.post(CHAT, json=body)
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert answer.headers["cache-control"] == "no-cache"
        assert answer.headers["x-longleaf-run"].startswith("run_")
        assert answer.text.isascii()
        *chunks, done = events_of(answer.text)
        assert done == "[DONE]"
        assert all(chunk.keys() > HEAD for chunk in chunks)
        assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
        assert len({chunk["id"] for chunk in chunks}) == 1
        first, *between, last, usage = chunks
        assert first["choices"][0]["delta"] == {"role": "assistant", "content": ""}
        assert all(set(chunk["choices"][0]["delta"]) == {"content"} for chunk in between)
        assert last["choices"][0] == {
            "index": 0, "delta": {}, "finish_reason": "stop", "logprobs": None,
        }  # fmt: skip
        assert usage["choices"] == []
        assert usage["usage"]["total_tokens"] > 0
        assert usage["longleaf"] == last["longleaf"]


async def test_a_text_with_odd_line_ends_stays_in_its_lines(tmp_path: Path) -> None:
    """Some clients split lines at U+2028 and U+0085, and refuse lines of 64 KiB."""
    from api.openai.events import event, slices

    text = "one\u2028two\x85three\nfour\r" + "long " * 30_000
    told = [event({"text": bit}) for bit in slices(text)]
    assert all(line.isascii() and line.count("\n") == 2 and len(line) < 20_000 for line in told)
    assert "".join(json.loads(line[6:])["text"] for line in told) == text


async def test_silence_is_filled_and_progress_is_told(tmp_path: Path) -> None:
    """Comments always; `reasoning_content` for those who ask for it."""
    going = asyncio.Event()

    async def hold(_: Call) -> None:
        await going.wait()

    settings = {"api": {"keep_alive": 0.01}}
    async with door(tmp_path, settings, on_call=hold) as made, made.raw() as client:
        body = chat(60, stream=True, longleaf={"rounds": 0, "progress": True})
        async with client.stream("POST", CHAT, json=body) as answer:
            lines = []
            async for line in answer.aiter_lines():
                lines.append(line)
                if line == ": keep-alive":
                    going.set()
        assert ": keep-alive" in lines
        events = events_of("\n".join(lines))
        deltas = [e["choices"][0]["delta"] for e in events[:-1]]
        told = "".join(delta.get("reasoning_content", "") for delta in deltas)
        assert told.endswith("\n")
        assert all(f": {line}" in lines for line in told.splitlines())
        assert not any({"content", "reasoning_content"} <= delta.keys() for delta in deltas)


async def test_the_base_url_may_be_odd(tmp_path: Path) -> None:
    """An error is enough to know who answers."""
    async with door(tmp_path) as made, made.raw() as client:
        for base in ("/v1", "", "/v1/v1", "/v1/chat/completions"):
            for end in ("", "/"):
                answer = await client.post(
                    f"{base}/chat/completions{end}", json=chat(60, model="gpt")
                )
                assert answer.status_code == 404
                assert answer.json()["error"]["code"] == "model_not_found"
                models = await client.get(f"{base}/models{end}")
                assert models.json()["object"] == "list"


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no messages": ({"messages": []}, "messages"),
    "n": ({"n": 2}, "n"),
    "a picture": (
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]},
        "messages[0].content[0]",
    ),
    "a role": ({"messages": [{"role": "tool", "content": "x"}]}, "messages[0].role"),
    "nothing asked": ({"messages": [{"role": "user", "content": " "}]}, ""),
    "an unknown option": ({"longleaf": {"word": 100}}, "longleaf.word"),
    "a strategy": ({"longleaf": {"strategy": "magic"}}, ""),
    "too short": ({"words": 3}, ""),
    "too long": ({"words": 10**12}, ""),
    "a huge prompt": ({"messages": [{"role": "user", "content": "x " * 60_000}]}, ""),
    "JSON": ({"response_format": {"type": "json_object"}}, "response_format"),
}


async def test_what_is_wrong_is_said_as_openai_would(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as client:
        for name, (fields, param) in WRONG.items():
            body = {**chat(60, stream=True), "longleaf": None, **fields}
            answer = await client.post(CHAT, json=body)
            told = answer.json()["error"]
            assert answer.status_code == 400, name
            assert told["type"] == "invalid_request_error", name
            assert (told["param"] or "") == param, name
            assert len(told["message"]) < 500, name
        for prompt in (["a", "b"], [1, 2, 3], [[1]]):
            body = {"model": "longleaf-auto", "prompt": prompt}
            assert (await client.post("/v1/completions", json=body)).status_code == 400
        for more in ({"previous_response_id": "resp_1"}, {"background": True},
                     {"text": {"format": {"type": "json_schema"}}}):  # fmt: skip
            body = {"model": "longleaf-auto", "input": "x", **more}
            assert (await client.post("/v1/responses", json=body)).status_code == 400
        for garbage in (b"", b"[]", b"{", b"\xff\xfe", b'{"model": 1}'):
            answer = await client.post(CHAT, content=garbage)
            assert answer.status_code == 400
            assert answer.json()["error"]["type"] == "invalid_request_error"
        assert await made.runs() == []


@pytest.mark.parametrize("stream", [False, True])
async def test_an_endpoint_that_is_down_is_no_prose(tmp_path: Path, stream: bool) -> None:
    """It answers until the plan is there: the run pauses, and says how to go on with it."""
    async with (
        door(tmp_path, faults=dict.fromkeys(range(2, 200), "quota")) as made,
        made.raw() as client,
    ):
        answer = await client.post(CHAT, json=chat(300, stream=stream))
        (run_id,) = await made.runs()
        if stream:
            *begun, told = events_of(answer.text)
            assert all("error" not in event for event in begun)
            assert not any(e["choices"][0]["delta"].get("content") for e in begun)
        else:
            assert answer.status_code == 503
            assert answer.headers["x-should-retry"] == "false"
            told = answer.json()
        assert answer.headers["x-longleaf-run"] == run_id
        assert told["error"]["type"] == "server_error"
        assert told["error"]["code"] == "quota"
        assert f"/api/v1/runs/{run_id}/resume" in told["error"]["message"]
        report = await made.place.services.runs.report(run_id)
        assert report.status == "paused"


async def test_a_failed_response_ends_as_responses_do(tmp_path: Path) -> None:
    async with (
        door(tmp_path, faults=dict.fromkeys(range(2, 200), "quota")) as made,
        made.raw() as client,
    ):
        body = {"model": "longleaf-auto", "input": "Write 300 words", "stream": True}
        told = events_of((await client.post("/v1/responses", json=body)).text)[-1]
        assert told["type"] == "response.failed"
        assert told["response"]["status"] == "failed"
        assert told["response"]["error"]["code"] == "quota"


async def test_a_run_without_usable_texts_is_the_models_failure(tmp_path: Path) -> None:
    async with door(tmp_path, mode="refuse", tries=3) as made, made.raw() as client:
        answer = await client.post("/v1/chat/completions", json=chat(300))
        assert answer.status_code == 502, answer.text
        assert "resume" in answer.json()["error"]["message"]
