"""Testing endpoints of every habit over real HTTP, and using what was found."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
import structlog

from core.errors import AuthError, LLMError, ModelNotFoundError, SettingsError, UnavailableError
from llm.call import Call
from llm.discovery import settled
from llm.endpoint import Endpoint
from llm.neighbours import discover
from llm.openai_client import OpenAIClient
from llm.probe import CALLS, QUIET, ProbeReport, examine
from llm.profile import Profile
from llm.tokens import Tokens
from llm.truncation import Truncations
from llm.types import Message, ModelRequest, Usage
from tests.fakes.endpoint import FakeEndpoint


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    return Tokens(tmp_path_factory.mktemp("tokens"))


def _profile(report: ProbeReport) -> Profile:
    assert report.profile is not None, report.error
    assert report.calls <= CALLS
    return report.profile


async def test_a_plain_server_is_known_after_four_calls(tokens: Tokens) -> None:
    async with FakeEndpoint(models=("only",), publish="vllm", window=8192) as fake:
        report = await examine(Endpoint("home", fake.address), tokens)
    assert _profile(report) == Profile(
        8192, schema=True, streams=True, usage=True, truncates=False, model="only"
    )
    assert (report.endpoint.base_url, report.endpoint.model) == (fake.url, "only")
    assert report.calls == len(fake.calls) == 4
    assert all(call.request["max_tokens"] < 200 for call in fake.calls)
    assert sum(call.prompt_tokens for call in fake.calls) < 10_000


@pytest.mark.parametrize(
    ("fake", "found"),
    [
        ({"quirks": ("no_temperature", "no_max_tokens")},
         {"temperature": False, "max_tokens_name": "max_completion_tokens"}),
        ({"quirks": ("no_top_p",)}, {"refused": frozenset({"top_p"})}),
        ({"quirks": ("no_stream",)}, {"streams": False}),
        ({"quirks": ("whole",)}, {"streams": False}),
        ({"quirks": ("no_usage",)}, {"usage": False, "truncates": False}),
        ({"mode": "no_schema"}, {"schema": False}),
        ({"mode": "broken_json"}, {"schema": False}),
        ({"mode": "reasoning"}, {"thinking": "tags", "quiet": {}}),
        ({"mode": "reasoning_content"}, {"thinking": "field", "quiet": {}}),
        ({"mode": "reasoning", "quirks": ("switchable",)},
         {"thinking": "tags", "quiet": QUIET[0]}),
        ({"mode": "reasoning_content", "quirks": ("no_chat_template_kwargs",)},
         {"thinking": "field", "quiet": {}}),
        ({"truncates": 4096}, {"truncates": True}),
        ({"truncates": 2048, "quirks": ("no_usage",)}, {"truncates": None, "usage": False}),
        ({"publish": "llamacpp", "window": 2048}, {"window": 2048, "truncates": False}),
        ({"window": 3000}, {"window": 3000, "truncates": False}),
    ],
    ids=str,
)  # fmt: skip
async def test_a_habit_is_found(
    fake: dict[str, Any], found: dict[str, Any], tokens: Tokens
) -> None:
    async with FakeEndpoint(**fake) as server:
        report = await examine(Endpoint("home", server.url, "fake"), tokens)
    profile = _profile(report)
    assert {name: getattr(profile, name) for name in found} == found


async def test_the_window_behind_a_cut_prompt_is_about_what_it_is(tokens: Tokens) -> None:
    async with FakeEndpoint(truncates=2048) as fake:
        told = await examine(Endpoint("home", fake.url, "fake", window=16_384), tokens)
        report = await examine(Endpoint("home", fake.url, "fake"), tokens)
    window = _profile(report).window
    assert window is not None
    assert 1800 < window < 2300
    assert settled(report.endpoint, report.facts).window is None
    again = Endpoint("home", fake.url, "fake", profile=_profile(report))
    assert settled(again, report.facts).window == window
    assert (_profile(told).truncates, _profile(told).window) == (True, 16_384)


async def test_a_small_window_gets_a_small_question(tokens: Tokens) -> None:
    async with FakeEndpoint(publish="vllm", window=1500) as fake:
        report = await examine(Endpoint("home", fake.url, "fake"), tokens)
    assert _profile(report).truncates is False
    assert {call.status for call in fake.calls} == {200}


@pytest.mark.parametrize(
    ("fault", "kind"),
    [("bad_key", AuthError), ("no_model", ModelNotFoundError), ("server_error", UnavailableError),
     ("redirect_307", UnavailableError), ("login_page", LLMError), ("silent_overflow", LLMError),
     ("null_content", LLMError), ("no_choices", LLMError), ("huge_json", LLMError),
     ("gzip_bomb", LLMError), ("error_200", LLMError), ("reset", LLMError)],
)  # fmt: skip
async def test_an_endpoint_that_does_not_answer_has_no_profile(
    fault: str, kind: type[LLMError], tokens: Tokens
) -> None:
    async with FakeEndpoint() as fake:
        endpoint = Endpoint("home", fake.fault_url(fault), "fake", api_key="sk-secret-of-ours")
        report = await examine(endpoint, tokens)
    assert isinstance(report.error, kind)
    assert report.profile is None
    assert report.calls == len(fake.calls) == 1
    assert "secret" not in repr(report) + report.error.message + report.error.remedy


async def test_a_server_that_is_known_to_refuse_gets_no_long_prompt(tokens: Tokens) -> None:
    async with FakeEndpoint(publish="llamacpp", window=8192) as fake:
        report = await examine(Endpoint("home", fake.url, "fake"), tokens)
    assert _profile(report).truncates is False
    assert max(call.prompt_tokens for call in fake.calls) < 100


async def test_a_question_that_fails_stays_open(tokens: Tokens) -> None:
    async with FakeEndpoint(faults={2: "server_error", 3: "reset"}) as fake:
        profile = _profile(await examine(Endpoint("home", fake.url, "fake"), tokens))
    assert (profile.schema, profile.streams, profile.truncates) == (None, None, False)
    async with FakeEndpoint(faults={2: "rate_limit"}) as fake:
        profile = _profile(await examine(Endpoint("home", fake.url, "fake"), tokens))
    assert (profile.usage, profile.schema, profile.streams) == (True, None, None)
    assert len(fake.calls) == 2, "a busy endpoint is left alone"


async def test_no_server_makes_it_ask_more_than_eight_times(tokens: Tokens) -> None:
    quirks = ("no_max_tokens", "no_temperature", "no_top_p", "no_chat_template_kwargs",
              "no_reasoning_effort")  # fmt: skip
    async with FakeEndpoint(mode="reasoning", quirks=quirks) as fake:
        profile = _profile(await examine(Endpoint("home", fake.url, "fake"), tokens))
    assert len(fake.calls) == CALLS
    assert (profile.schema, profile.streams) == (True, True)
    assert profile.truncates is None


async def test_silence_ends_the_test(tokens: Tokens) -> None:
    async with FakeEndpoint() as fake:
        endpoint = Endpoint("home", fake.fault_url("hang_after_accept"), "fake")
        report = await examine(endpoint, tokens, seconds=0.5)
    assert isinstance(report.error, UnavailableError)
    async with FakeEndpoint(faults={2: "hang_after_accept"}) as fake:
        profile = _profile(await examine(Endpoint("home", fake.url, "fake"), tokens, seconds=5))
    assert (profile.usage, profile.schema) == (True, None)


async def test_nobody_there_and_no_choice_of_models(tokens: Tokens) -> None:
    report = await examine(Endpoint("home", "http://127.0.0.1:9/v1", "m"), tokens)
    assert isinstance(report.error, UnavailableError)
    assert report.calls == 0
    async with FakeEndpoint(models=("a", "b")) as fake:
        with pytest.raises(SettingsError, match="2 models"):
            await examine(Endpoint("home", fake.url), tokens)


# What the client makes of it


async def test_the_client_keeps_to_the_profile(tokens: Tokens) -> None:
    quirks = ("no_temperature", "no_max_tokens", "no_stream", "switchable")
    async with FakeEndpoint(mode="reasoning+no_schema", quirks=quirks) as fake:
        found = await examine(Endpoint("home", fake.url, "fake"), tokens)
        before = len(fake.calls)
        endpoint = Endpoint(
            "home", fake.url, "fake", thinking=False, profile=Profile.from_dict(
                json.loads(json.dumps(_profile(found).to_dict()))
            )
        )  # fmt: skip
        client = OpenAIClient(endpoint, tokens=tokens)
        request = ModelRequest("fake", (Message("user", "Write 20 words."),), 90, 0.5)
        pieces: list[str] = []
        answer = await client.complete(request, on_text=pieces.append)
        await client.close()
    [call] = fake.calls[before:]
    assert call.status == 200
    assert not call.stream
    assert call.request["chat_template_kwargs"]["enable_thinking"] is False
    assert "".join(pieces) == answer.text


async def test_a_profile_of_another_model_is_not_used() -> None:
    profile = Profile(window=999, model="small", truncates=True)
    async with FakeEndpoint(models=("large",)) as fake:
        facts = (await examine(Endpoint("home", fake.url), Tokens(Path("/nowhere")))).facts
    assert settled(Endpoint("home", fake.url, profile=profile), facts).profile is None
    kept = settled(Endpoint("home", fake.url, "small", profile=profile), facts)
    assert (kept.profile, kept.window) == (profile, 999)


async def test_a_cut_prompt_is_said_once_and_remembered(tokens: Tokens) -> None:
    text = "The old road runs along the river and turns north at the mill. " * 300
    request = ModelRequest("fake", (Message("user", text + "Write 30 words."),), 100)
    small = ModelRequest("fake", (Message("user", "Write 30 words."),), 100)
    async with FakeEndpoint(truncates=2048) as fake:
        client = OpenAIClient(Endpoint("home", fake.url, "fake", api_key="sk-1"), tokens=tokens)
        with structlog.testing.capture_logs() as logs:
            for each in (small, request, request, small):
                assert (await client.complete(each)).text
        await client.close()
    [event] = logs
    assert event["log_level"] == "warning"
    assert client.profile.truncates
    assert 1800 < (client.profile.window or 0) < 2300
    assert event["window"] == client.profile.window


async def test_a_strange_count_of_a_short_prompt_shrinks_no_window(tokens: Tokens) -> None:
    text = "The old road runs along the river and turns north at the mill. " * 100
    async with FakeEndpoint(truncates=300) as fake:
        client = OpenAIClient(Endpoint("home", fake.url, "fake", window=8192), tokens=tokens)
        request = ModelRequest("fake", (Message("user", text + "Write 30 words."),), 100)
        assert (await client.complete(request)).text
        await client.close()
    assert client.profile.window == 8192


async def test_a_count_without_what_was_cached_is_no_window(tokens: Tokens) -> None:
    text = "The old road runs along the river and turns north at the mill. "
    long = Message("user", text * 300 + "Write 30 words.")
    call = Call(ModelRequest("m", (long,)), Endpoint("home", "http://127.0.0.1:9/v1"), tokens)
    truncations, profile = Truncations(), Profile(window=8192)
    whole = tokens.of_messages((long,))
    assert truncations.noticed(profile, call, Usage(whole, 40)) == profile
    with structlog.testing.capture_logs():
        later = truncations.noticed(profile, call, Usage(1500, 40))
    assert later.window == whole
    assert truncations.noticed(profile, call, Usage(10, 40, cached_tokens=whole)) == profile


# Redirects, proxies, other people's variables


async def test_nothing_goes_anywhere_else(tokens: Tokens, monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeEndpoint() as elsewhere, FakeEndpoint(api_key="right") as fake:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
            monkeypatch.setenv(name, elsewhere.address)
        monkeypatch.setenv("OPENAI_BASE_URL", elsewhere.url)
        endpoint = Endpoint("home", fake.url, "fake", api_key="right")
        report = await examine(endpoint, tokens)
        client = OpenAIClient(report.endpoint, tokens=tokens)
        assert (await client.complete(ModelRequest("", (Message("user", "Hi."),)))).text
        await client.close()
    assert _profile(report).usage
    assert elsewhere.calls == []


async def test_a_redirect_is_not_followed(tokens: Tokens) -> None:
    heard: list[bytes] = []

    async def elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readline())
        writer.close()

    async with await asyncio.start_server(elsewhere, "127.0.0.1", 0) as there:
        to = f"http://127.0.0.1:{there.sockets[0].getsockname()[1]}/v1/models"

        async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(f"HTTP/1.1 308 X\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode())
            await writer.drain()
            writer.close()

        async with await asyncio.start_server(redirect, "127.0.0.1", 0) as here:
            port = here.sockets[0].getsockname()[1]
            endpoint = Endpoint("home", f"http://127.0.0.1:{port}/v1", "m", api_key="sk-1")
            report = await examine(endpoint, tokens)
            assert port not in await discover([port])
    assert report.error is not None
    assert "redirect" in report.error.message
    assert heard == []


async def test_no_variable_of_openai_s_is_sent_along(
    tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 401 X\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        await writer.drain()
        writer.close()

    for name in ("ORG_ID", "PROJECT_ID", "API_KEY", "ADMIN_KEY"):
        monkeypatch.setenv(f"OPENAI_{name}", f"canary-{name}")
    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        client = OpenAIClient(Endpoint("home", f"127.0.0.1:{port}/v1", "m"), tokens=tokens)
        with pytest.raises(AuthError):
            await client.complete(ModelRequest("", (Message("user", "Hi."),)))
        await client.close()
    assert heads
    assert not [head for head in heads if b"canary" in head]


# Who is there


async def test_neighbours_are_found_by_port() -> None:
    async with FakeEndpoint(models=("one",)) as open_one, FakeEndpoint(api_key="k") as locked:
        ports = [int(fake.address.rpartition(":")[2]) for fake in (open_one, locked)]
        found = await discover([*ports, 9])
    assert found[ports[0]].models == ("one",)
    assert isinstance(found[ports[1]].error, AuthError)
    assert 9 not in found
