"""The look at an endpoint before a run begins: one bad answer does not keep the run from it."""

from collections.abc import AsyncIterator, Callable

import pytest

from core.errors import (
    AuthError,
    LLMError,
    ModelNotFoundError,
    RateLimitError,
    UnavailableError,
)
from llm.discovery import probe, resolve_model
from llm.endpoint import Endpoint
from llm.faults import LoadingError
from llm.lines import Lines
from llm.openai_client import OpenAIClient
from llm.probe import examine
from llm.tokens import Tokens
from llm.types import Message, ModelRequest
from tests.fakes.raw import Asked, reply, serving, whole
from tests.support import TOKENS, at_once

LISTING = reply(200, {"data": [{"id": "only", "max_model_len": 3000}]})
LOADING = reply(
    503, {"error": {"message": "Loading model", "type": "unavailable_error", "code": 503}}
)
REQUEST = ModelRequest("", (Message("user", "Write about bees."),), 50)

Respond = Callable[[Asked], bytes]


def _listing(*answers: bytes, chat: bytes | None = None) -> tuple[Respond, list[str]]:
    """A server that gives these answers to requests for models, the last one for ever."""
    asked: list[str] = []

    def respond(request: Asked) -> bytes:
        if not request.path.endswith("/models"):
            return chat or whole("Bees fly.")
        asked.append(request.path)
        return answers[min(len(asked), len(answers)) - 1]

    return respond, asked


def _refusal(status: int, message: str = "no such route") -> bytes:
    return reply(status, {"error": {"message": message}})


@pytest.fixture
async def lines() -> AsyncIterator[Lines]:
    opened = Lines(TOKENS, sleep=at_once)
    yield opened
    await opened.close()


@pytest.mark.parametrize("model", ["only", ""])
@pytest.mark.parametrize("status", [429, 503])
async def test_a_hiccup_is_asked_past(status: int, model: str) -> None:
    respond, asked = _listing(_refusal(status, "busy"), _refusal(status, "busy"), LISTING)
    async with serving(respond) as url:
        endpoint = await resolve_model(Endpoint("home", url, model))
    assert (endpoint.model, endpoint.window) == ("only", 3000)
    assert len(asked) == 3


@pytest.mark.parametrize("status", [403, 404, 429, 501, 503])
async def test_a_named_model_is_used_without_a_list(status: int, lines: Lines) -> None:
    respond, asked = _listing(_refusal(status, "Missing scopes: api.model.read"))
    async with serving(respond) as url:
        endpoint = await resolve_model(Endpoint("home", url, "m", api_key="restricted"))
        assert (endpoint.model, endpoint.base_url) == ("m", url)
        assert (await lines.to(endpoint).llm.complete(REQUEST)).text == "Bees fly."
    assert len(asked) <= 3


@pytest.mark.parametrize(
    ("status", "kind"),
    [(403, AuthError), (429, RateLimitError), (501, UnavailableError)],
)
async def test_without_a_name_there_is_nothing_to_ask_for(
    status: int, kind: type[LLMError]
) -> None:
    respond, _ = _listing(_refusal(status))
    async with serving(respond) as url:
        with pytest.raises(kind):
            await resolve_model(Endpoint("home", url))


async def test_an_unknown_key_is_told_at_once() -> None:
    respond, asked = _listing(_refusal(401, "bad key"))
    async with serving(respond) as url:
        with pytest.raises(AuthError):
            await resolve_model(Endpoint("home", url, "m", api_key="wrong"))
    assert len(asked) == 1


@pytest.mark.parametrize("model", ["m", ""])
async def test_a_server_that_loads_is_waited_for_by_the_call(model: str, lines: Lines) -> None:
    tries = 0

    def respond(request: Asked) -> bytes:
        nonlocal tries
        if request.path.endswith("/models"):
            return LOADING
        tries += 1
        return whole("Bees fly.") if tries > 20 else LOADING

    async with serving(respond) as url:
        facts = await probe(Endpoint("home", url))
        endpoint = await resolve_model(Endpoint("home", url, model))
        answer = await lines.to(endpoint).llm.complete(REQUEST)
    assert isinstance(facts.error, LoadingError)
    assert endpoint.model == model
    assert (answer.text, answer.tries) == ("Bees fly.", 21)


async def test_a_test_of_a_server_that_loads_says_so() -> None:
    respond, _ = _listing(LISTING, chat=LOADING)
    async with serving(respond) as url:
        report = await examine(Endpoint("home", url), TOKENS)
    assert isinstance(report.error, LoadingError)


# Models on offer, as a refusal names them


async def _remedy(listing: bytes, tokens: Tokens = TOKENS) -> str:
    missing = reply(404, {"error": {"message": "no such model", "code": "model_not_found"}})
    respond, _ = _listing(listing, chat=missing)
    async with serving(respond) as url:
        client = OpenAIClient(Endpoint("home", url, "m", api_key="CANARY-KEY-1"), tokens=tokens)
        with pytest.raises(ModelNotFoundError) as caught:
            await client.complete(REQUEST)
        await client.close()
    return caught.value.remedy


@pytest.mark.parametrize(
    "body", [[], None, "x", 5, {"data": 5}, {"data": [1, None, "x"]}, b"", b"<"]
)
async def test_a_strange_list_of_models_does_not_hide_the_refusal(body: object) -> None:
    assert await _remedy(reply(200, body)) == "check --model"


async def test_models_on_offer_are_shown_bounded_and_without_keys() -> None:
    names = ["CANARY-KEY-1", "A" * 1_000_000, "\x1b[2Jq\ud800", *(f"model-{n}" for n in range(9))]
    remedy = await _remedy(reply(200, {"data": [{"id": name} for name in names]}))
    assert "CANARY" not in remedy
    assert remedy.isprintable()
    assert len(remedy) < 400
    assert remedy.endswith("model-6 and 2 more")
