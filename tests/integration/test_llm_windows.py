"""Whose word on the window holds: the user's, then what shows, then the server's."""

from dataclasses import replace

import pytest
import structlog

from core.errors import ContextOverflowError
from llm.discovery import resolve_model
from llm.endpoint import Endpoint
from llm.openai_client import OpenAIClient
from llm.types import Message, ModelRequest
from tests.fakes.raw import Asked, reply, serving, whole
from tests.support import TOKENS

LONG = ModelRequest("m", (Message("user", "The bees fly over the hill to the mill. " * 2000),), 100)
"""About 18,000 tokens."""
OVERFLOW = "This model's maximum context length is {} tokens. However, you requested 99999 tokens."


async def _windows(endpoint: Endpoint, *read: tuple[int, int]) -> list[tuple[int | None, bool]]:
    """What is known after each answer, whose usage is told so: tokens of prompt and answer."""
    told = iter(read)

    def respond(request: Asked) -> bytes:
        prompt, answer = next(told)
        return whole("Bees fly.", usage={"prompt_tokens": prompt, "completion_tokens": answer})

    found = []
    async with serving(respond) as url:
        client = OpenAIClient(replace(endpoint, base_url=url), tokens=TOKENS)
        with structlog.testing.capture_logs() as logs:
            for _ in read:
                await client.complete(LONG)
                found.append((client.profile.window, client.profile.truncates is True))
        await client.close()
    assert [entry["log_level"] for entry in logs] == ["warning"]
    return found


def _endpoint(window: int | None = None, *, stated: bool = False) -> Endpoint:
    return Endpoint("home", "http://127.0.0.1:9/v1", "m", window=window, stated=stated)


async def test_no_count_overrules_a_declared_window() -> None:
    assert await _windows(_endpoint(32_768), (10, 2000)) == [(32_768, False)]
    cached = await _windows(_endpoint(131_072), (18_000, 20), (1500, 20), (4000, 20))
    assert cached == [(131_072, False)] * 3


@pytest.mark.parametrize("endpoint", [_endpoint(), _endpoint(32_768, stated=True)])
async def test_a_cut_shows_what_a_server_did_not_say(endpoint: Endpoint) -> None:
    assert await _windows(endpoint, (3900, 60)) == [(3960, True)]


async def test_an_answer_s_tokens_make_no_window_of_a_strange_count() -> None:
    assert await _windows(_endpoint(), (10, 2000)) == [(None, False)]
    assert await _windows(_endpoint(), (9000, 20), (10, 20)) == [(9020, True), (9020, True)]


async def test_only_what_the_server_says_is_its_word() -> None:
    listing = reply(200, {"data": [{"id": "m", "max_model_len": 3000}]})
    async with serving(lambda _: listing) as url:
        stated = await resolve_model(Endpoint("home", url))
        again = await resolve_model(stated)
        declared = await resolve_model(Endpoint("home", url, window=2000))
    assert (stated.window, stated.declared, again.declared) == (3000, None, None)
    assert (declared.window, declared.declared) == (2000, 2000)


@pytest.mark.parametrize(
    ("endpoint", "named", "windows"),
    [
        (_endpoint(8192), ["131072", "4096", "131072"], [8192, 4096, 4096]),
        (_endpoint(8192), ["few"], [8192]),
        (_endpoint(8192, stated=True), ["16384", "few"], [16_384, 16_384]),
        (_endpoint(), ["few", "4096"], [None, 4096]),
    ],
)
async def test_a_refusal_narrows_a_declared_window_and_never_widens_it(
    endpoint: Endpoint, named: list[str], windows: list[int | None]
) -> None:
    refusals = iter(named)

    def respond(request: Asked) -> bytes:
        return reply(400, {"error": {"message": OVERFLOW.format(next(refusals))}})

    found = []
    async with serving(respond) as url:
        client = OpenAIClient(replace(endpoint, base_url=url), tokens=TOKENS)
        for _ in named:
            with pytest.raises(ContextOverflowError):
                await client.complete(LONG)
            found.append(client.profile.window)
        await client.close()
    assert found == windows
