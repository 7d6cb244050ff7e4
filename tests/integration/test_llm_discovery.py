"""Probing servers of every make over real HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from core.errors import (
    AuthError,
    LLMError,
    MalformedError,
    ModelNotFoundError,
    SettingsError,
    UnavailableError,
)
from llm.discovery import probe, resolve_model
from llm.endpoint import Endpoint
from tests.fakes.endpoint import FakeEndpoint

Pages = dict[str, object]


@asynccontextmanager
async def _server(pages: Pages, drop: str = "") -> AsyncIterator[str]:
    """Serves JSON by path, 404 elsewhere; hangs up at the path `drop`."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split(" ")[1]
        if path != drop:
            status = 200 if path in pages else 404
            page = pages.get(path, {})
            body = page if isinstance(page, bytes) else json.dumps(page).encode()
            lines = (
                f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            )
            writer.write(lines.encode() + body)
            await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def _listed(*entries: dict[str, object]) -> Pages:
    return {"/v1/models": {"data": list(entries)}}


async def test_vllm_tells_its_window_in_the_list() -> None:
    async with FakeEndpoint(models=("only",), window=3000, publish="vllm") as fake:
        facts = await probe(Endpoint("home", fake.url))
        endpoint = await resolve_model(Endpoint("home", fake.url))
    assert facts.reachable
    assert (facts.window, facts.window_source, facts.models) == (3000, "models", ("only",))
    assert (endpoint.model, endpoint.window) == ("only", 3000)


async def test_llama_cpp_tells_its_window_in_props() -> None:
    async with FakeEndpoint(models=("only",), window=2048, publish="llamacpp") as fake:
        facts = await probe(Endpoint("home", fake.url))
    assert (facts.window, facts.window_source, facts.server) == (2048, "props", "llama.cpp")


@pytest.mark.parametrize(
    ("pages", "window"),
    [
        ({"/api/ps": {"models": [{"name": "m", "context_length": 8192}]}}, 8192),
        ({"/api/ps": {"models": ["odd", {"name": "n", "context_length": 1}]},
          "/api/show": {"parameters": "stop x\nnum_ctx    16384"}}, 16_384),
        ({"/api/show": {"model_info": {"x.context_length": 131_072}}}, None),
        ({}, None),
    ],
)  # fmt: skip
async def test_ollama_tells_the_window_that_it_serves(pages: Pages, window: int | None) -> None:
    pages = _listed({"id": "m", "owned_by": "library"}) | {"/api/version": {"version": "1"}} | pages
    async with _server(pages) as url:
        facts = await probe(Endpoint("home", f"{url}/v1"))
    assert (facts.window, facts.server) == (window, "ollama")
    assert facts.window_source == ("ollama" if window else "")


@pytest.mark.parametrize(
    ("entry", "window"),
    [
        ({"context_length": 4096}, 4096),
        ({"meta": {"n_ctx": 2048, "n_ctx_train": 9}}, 2048),
        ({"meta": {"n_ctx_train": 8192}}, None),
        ({"max_model_len": True}, None),
        ({"max_model_len": -5}, None),
        ({"max_model_len": "many", "meta": "x"}, None),
    ],
)
async def test_windows_are_read_where_they_make_sense(
    entry: dict[str, object], window: int | None
) -> None:
    async with _server(_listed({"id": "m", "owned_by": "vllm", **entry})) as url:
        facts = await probe(Endpoint("home", f"{url}/v1"))
    assert (facts.window, facts.server) == (window, "vllm")


async def test_the_window_is_the_named_model_s() -> None:
    pages = _listed({"id": "a", "max_model_len": 100}, {"id": "b", "max_model_len": 200})
    async with _server(pages) as url:
        assert (await probe(Endpoint("home", f"{url}/v1", "b"))).window == 200
        assert (await probe(Endpoint("home", f"{url}/v1"))).window is None
        said = await probe(Endpoint("home", f"{url}/v1", "b", window=50))
    assert (said.window, said.window_source) == (50, "settings")


async def test_an_address_without_v1_is_completed() -> None:
    async with _server(_listed({"id": "m"})) as url:
        endpoint = await resolve_model(Endpoint("home", url))
    assert (endpoint.base_url, endpoint.model) == (f"{url}/v1", "m")


async def test_one_model_is_taken_and_of_several_one_must_be_named() -> None:
    many = [{"id": f"model-{n}"} for n in range(12)]
    async with _server(_listed(*many)) as url:
        with pytest.raises(SettingsError) as caught:
            await resolve_model(Endpoint("home", f"{url}/v1"))
        named = await resolve_model(Endpoint("home", f"{url}/v1", "not-in-the-list"))
    assert "model-9 and 2 more" in caught.value.remedy
    assert named.model == "not-in-the-list"
    async with _server(_listed()) as url:
        with pytest.raises(SettingsError):
            await resolve_model(Endpoint("home", f"{url}/v1"))


async def test_a_refused_key_is_told() -> None:
    async with FakeEndpoint(api_key="right") as fake:
        facts = await probe(Endpoint("home", fake.url, api_key="wrong"))
        assert facts.reachable
        assert isinstance(facts.error, AuthError)
        with pytest.raises(AuthError):
            await resolve_model(Endpoint("home", fake.url, "fake", api_key="wrong"))
        right = await resolve_model(Endpoint("home", fake.url, "fake", api_key="right"))
    assert right.model == "fake"


async def test_nobody_there_is_told() -> None:
    server = await asyncio.start_server(lambda r, w: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    endpoint = Endpoint("home", f"127.0.0.1:{port}/v1", "m")
    facts = await probe(endpoint)
    assert not facts.reachable
    with pytest.raises(UnavailableError, match=str(port)):
        await resolve_model(endpoint)


@pytest.mark.parametrize(
    ("pages", "kind"),
    [
        ({}, ModelNotFoundError),
        ({"/v1/models": b"<html>"}, MalformedError),
        ({"/v1/models": b"[" * 100_000}, MalformedError),
        ({"/v1/models": []}, MalformedError),
        ({"/v1/models": {"data": "x"}}, MalformedError),
    ],
)
async def test_without_a_list_only_a_named_model_will_do(
    pages: Pages, kind: type[LLMError]
) -> None:
    async with _server(pages) as url:
        with pytest.raises(kind):
            await resolve_model(Endpoint("home", f"{url}/v1"))
        named = await resolve_model(Endpoint("home", f"{url}/v1", "m"))
    assert named.model == "m"


@pytest.mark.parametrize("path", ["/props", "/api/version"])
async def test_a_server_that_hangs_up_on_other_routes_is_still_known(path: str) -> None:
    async with _server(_listed({"id": "m"}), drop=path) as url:
        facts = await probe(Endpoint("home", f"{url}/v1"))
    assert (facts.models, facts.error, facts.window) == (("m",), None, None)


async def test_silence_is_bounded() -> None:
    release = asyncio.Event()
    listing = json.dumps({"data": [{"id": "m"}]}).encode()
    head = f"HTTP/1.1 200 X\r\nContent-Length: {len(listing)}\r\n\r\n".encode()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = await reader.readuntil(b"\r\n\r\n")
        if b"/talks/models" in line:
            writer.write(head + listing)
            await writer.drain()
        await release.wait()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        silent = await probe(Endpoint("home", f"127.0.0.1:{port}/v1"), seconds=0.3)
        talks = await probe(Endpoint("home", f"127.0.0.1:{port}/talks"), seconds=2)
        release.set()
    assert not silent.reachable
    assert isinstance(silent.error, UnavailableError)
    assert talks.models == ("m",)
