import asyncio
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import behaviour, prose
from tests.fakes.endpoint import Call, FakeEndpoint, run_in_thread
from tests.fakes.faults import FAULTS

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = "Outline:\n1. Tides (300 words)\n\nHeading: The Old Harbour\nLength: about 450 words."
CHINESE = "大纲：一、海港\n标题：海港的历史\n语言：中文\nLength: about 450字."
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "sections": {
            "type": "array",
            "minItems": 2,
            "maxItems": 10,
            "items": {"$ref": "#/$defs/section"},
        },
    },
    "$defs": {
        "section": {
            "type": "object",
            "properties": {
                "heading": {"type": "string"},
                "points": {"type": "array", "items": {"type": "string"}, "minItems": 2},
                "target_words": {"type": "integer", "minimum": 50},
                "weight": {"type": "number", "minimum": 1, "maximum": 2},
                "kind": {"enum": ["part", "chapter"]},
                "note": {"anyOf": [{"type": "null"}, {"type": "boolean"}]},
            },
        }
    },
}
FORM: Any = {"type": "json_schema", "json_schema": {"name": "outline", "schema": SCHEMA}}


def ask(text: str, **options: Any) -> dict[str, Any]:
    return {"model": "fake", "messages": [{"role": "user", "content": text}], **options}


def words(text: str) -> int:
    return len(text.split())


@asynccontextmanager
async def connected(endpoint: FakeEndpoint) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(
        base_url=endpoint.url, api_key="secret", max_retries=0, timeout=20
    ) as client:
        yield client


async def whole(client: openai.AsyncOpenAI, text: str = ENGLISH, **options: Any) -> Any:
    return await client.chat.completions.create(**ask(text, **options))


async def said(text: str = ENGLISH, *, settings: dict[str, Any] | None = None, **more: Any) -> str:
    async with FakeEndpoint(**(settings or {})) as endpoint, connected(endpoint) as client:
        return str((await whole(client, text, **more)).choices[0].message.content)


async def streamed(client: openai.AsyncOpenAI, **options: Any) -> tuple[str, str, str | None]:
    text, thought, finish = "", "", None
    stream = await client.chat.completions.create(**ask(ENGLISH, stream=True, **options))
    async for chunk in stream:
        for choice in chunk.choices:
            text += choice.delta.content or ""
            thought += (choice.delta.model_extra or {}).get("reasoning_content") or ""
            finish = choice.finish_reason or finish
    return text, thought, finish


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):  # only so that a failure ends
        while not condition():
            await asyncio.sleep(0)


@given(st.integers(0, 400), st.integers())
def test_prose_has_exactly_the_size_asked(size: int, seed: int) -> None:
    english = prose.english(random.Random(seed), size, ["harbour"])
    chinese = prose.chinese(random.Random(seed), size, ["海港", "图书馆"])
    assert words(english) == size
    assert len(prose.han(chinese)) == size
    assert english.endswith("." if size else "")
    assert chinese.endswith("。" if size else "")
    assert not set(english) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ., \n")


def test_prose_repeats_no_run_of_eight() -> None:
    runs: Counter[tuple[str, ...]] = Counter()
    for seed in (1, 2):
        plain = prose.english(random.Random(seed), 30_000, ["harbour"]).lower()
        said = plain.replace(",", "").replace(".", "").split()
        runs.update(tuple(said[i : i + 8]) for i in range(len(said) - 7))
    assert sum(count > 1 for count in runs.values()) <= 1


def test_paragraphs_have_three_to_six_sentences() -> None:
    text = prose.english(random.Random(3), 2_000, [])
    assert {p.count(".") for p in text.split("\n\n")} <= {3, 4, 5, 6}


@pytest.mark.parametrize(
    ("prompt", "amount", "in_chinese"),
    [
        (ENGLISH, 450, False),
        (CHINESE, 450, True),
        ("First 300 words, then write 1,200 more words", 1200, False),
        ("A 90-word note", 90, False),
        ("写600个字", 600, True),
        ("800 words in Chinese", 800, True),
        ("Tell me a story", 200, False),
    ],
)
def test_length_and_language_are_read(prompt: str, amount: int, in_chinese: bool) -> None:
    read = behaviour.read(ask(prompt))
    assert (read.amount, read.in_chinese) == (amount, in_chinese)


async def test_exact_words_in_both_languages() -> None:
    assert words(await said(ENGLISH)) == 450
    assert len(prose.han(await said(CHINESE))) == 450


async def test_text_takes_up_its_heading() -> None:
    assert "harbour" in (await said("Heading: The Old Harbour\nLength: 900 words")).lower()


async def test_same_request_same_bytes_and_another_request_another_text() -> None:
    async with FakeEndpoint(seed=3) as endpoint, httpx2.AsyncClient() as client:
        url = f"{endpoint.url}/chat/completions"
        bodies = [ask(ENGLISH), ask(ENGLISH), ask(ENGLISH, seed=2), ask(ENGLISH + " ")]
        texts = [(await client.post(url, json=body)).content for body in bodies]
        assert texts[0] == texts[1]
        assert len(set(texts)) == 3
        assert endpoint.calls[0].request_hash == endpoint.calls[1].request_hash
    assert await said() != await said(settings={"seed": 4})


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


async def test_schema_is_obeyed() -> None:
    prompt = "Plan a history of harbours in 4 sections, 2,000 words in all."
    plan = json.loads(await said(prompt, response_format=FORM))
    assert len(plan["sections"]) == 4
    assert sum(s["target_words"] for s in plan["sections"]) == pytest.approx(2000, rel=0.1)
    assert len({s["heading"] for s in plan["sections"]}) == 4
    for section in plan["sections"]:
        assert section["heading"].istitle()
        assert section["kind"] in ("part", "chapter")
        assert 1 <= section["weight"] <= 2
        assert isinstance(section["note"], bool)
        assert len(section["points"]) >= 2


async def test_schema_is_obeyed_in_chinese_and_clamped() -> None:
    plan = json.loads(await said("用中文写，共99节，5000字", response_format=FORM))
    assert len(plan["sections"]) == 10
    assert all(prose.han(s["heading"]) for s in plan["sections"])


async def test_one_line_per_section() -> None:
    lines = (await said("5 sections, 1,000 words, one line per section")).splitlines()
    assert [line.split(".")[0] for line in lines] == ["1", "2", "3", "4", "5"]
    assert all(150 < int(line.split(" | ")[2]) < 250 for line in lines)


@pytest.mark.parametrize(
    ("mode", "least", "most"),
    [
        ("obey", 1000, 1000),
        ("short", 400, 400),
        ("long", 2500, 2500),
        ("ceiling", 700, 700),
        ("noisy", 700, 1300),
        ("deaf", 320, 380),
        ("short+noisy", 280, 520),
    ],
)
async def test_lengths_of_modes(mode: str, least: int, most: int) -> None:
    text = await said("Length: about 1,000 words.", model=f"fake-{mode}")
    assert least <= words(text) <= most
    assert (words(text) == 1000) == (mode == "obey")


async def test_noise_differs_between_requests() -> None:
    sizes = {words(await said(f"{n}\nLength: 1000 words", model="fake-noisy")) for n in range(4)}
    assert len(sizes) == 4


async def test_max_tokens_cuts() -> None:
    async with FakeEndpoint() as endpoint, connected(endpoint) as client:
        reply = await whole(client, max_tokens=130)
        chinese = await whole(client, CHINESE, max_completion_tokens=100)
    assert reply.choices[0].finish_reason == "length"
    assert words(reply.choices[0].message.content) == 100
    assert len(prose.han(chinese.choices[0].message.content)) == 100


async def test_loop_ends_after_its_tries() -> None:
    settings: dict[str, Any] = {"mode": "loop", "loop_tries": 1}
    async with FakeEndpoint(**settings) as endpoint, connected(endpoint) as client:
        first = (await whole(client, max_tokens=2000)).choices[0]
        second = (await whole(client, max_tokens=2000)).choices[0]
    assert first.finish_reason == "length"
    assert Counter(first.message.content.split(". ")).most_common(1)[0][1] > 20
    assert (second.finish_reason, words(second.message.content)) == ("stop", 450)


@pytest.mark.parametrize(
    ("mode", "mark"),
    [
        ("scaffold", "Sure! Here is the section:\n\n## The Old Harbour\n\n"),
        ("refuse", "I'm sorry"),
        ("heading_echo", "## The Old Harbour\n\n"),
    ],
)
async def test_marks_of_modes(mode: str, mark: str) -> None:
    assert (await said(model=f"fake-{mode}")).startswith(mark)


async def test_spoiled_texts() -> None:
    assert prose.han(await said(model="fake-wrong_language"))
    assert (await said(model="fake-unfinished"))[-1].isalpha()
    paragraphs = (await said(model="fake-repeats")).split("\n\n")
    assert paragraphs[0] == paragraphs[-1]


async def test_tries_let_a_repair_succeed() -> None:
    settings: dict[str, Any] = {"mode": "scaffold", "tries": 2}
    async with FakeEndpoint(**settings) as endpoint, connected(endpoint) as client:
        texts = [(await whole(client)).choices[0].message.content for _ in range(3)]
        other = (await whole(client, "Heading: Tides\n90 words")).choices[0].message.content
    assert [t.startswith("Sure!") for t in texts] == [True, True, False]
    assert other.startswith("Sure!")


async def test_broken_json_is_broken_in_several_ways() -> None:
    texts = [
        await said("Plan 3 sections", response_format=FORM, model="fake-broken_json", seed=n)
        for n in range(12)
    ]
    for text in texts:
        with pytest.raises(ValueError, match=r"."):
            json.loads(text)
    assert len({(t[:2], t[-1]) for t in texts}) >= 3
    settings: dict[str, Any] = {"mode": "broken_json", "hopeless_json": True}
    assert "{" not in await said("Plan", response_format=FORM, settings=settings)


async def test_no_schema_refuses_a_response_format() -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        await said("Plan", response_format=FORM, model="fake-no_schema")
    assert caught.value.param == "response_format"
    assert words(await said(model="fake-no_schema")) == 450


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
