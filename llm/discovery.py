"""Knows how to find out what stands at an address: which server, models, and window."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import httpx2

from core.errors import (
    LLMError,
    MalformedError,
    RateLimitError,
    SettingsError,
    UnavailableError,
)
from llm.complaint import decoded, legible
from llm.endpoint import Endpoint
from llm.faults import LoadingError, UnreachableError, classify, from_status
from llm.routes import get, object_in, served, window_in
from llm.transport import strict_http

_WINDOW_KEYS = (
    "max_model_len", "loaded_context_length", "context_length", "context_window", "n_ctx",
)  # fmt: skip
_LISTED = 10
_NAME = 100
"""Characters of a model's name in a message."""
_PAUSES = (0.2, 0.6)
"""Seconds before the further tries to get the list, where the fault may pass."""


@dataclass(frozen=True)
class EndpointFacts:
    """What a probe found."""

    reachable: bool
    models: tuple[str, ...] = ()
    window: int | None = None
    """Tokens of prompt and answer together, as served."""
    window_source: str = ""
    """Who said so: `settings`, `models`, `props` or `ollama`; empty while unknown."""
    error: LLMError | None = None
    """Why there are no models."""
    barred: bool = False
    """Whether calls must fail too, with that error: nobody answers, or the key is unknown."""
    server: str = ""
    """`vllm`, `llama.cpp`, `ollama`, `lmstudio` or empty."""
    base_url: str = ""
    """The address that answered: the endpoint's, or the same with `/v1`."""


async def probe(endpoint: Endpoint, *, seconds: float = 5.0) -> EndpointFacts:
    """Ask an endpoint about itself, for at most `seconds`; its faults are facts, not raised.

    Its models come from `/models` (also tried below `/v1`), its window from there, from
    llama.cpp's `/props` or from Ollama's `/api/show` and `/api/ps`. A fault that may pass gets two
    further tries.
    """
    headers = {"Authorization": f"Bearer {endpoint.api_key}"} if endpoint.api_key else {}
    async with strict_http(endpoint.name, httpx2.Timeout(seconds)) as http:
        http.headers.update(headers)
        facts = EndpointFacts(reachable=False, base_url=endpoint.base_url)
        try:
            async with asyncio.timeout(seconds):
                facts = await _patiently(http, endpoint)
                return facts if facts.error else await _windowed(http, endpoint, facts)
        except TimeoutError as error:
            if facts.reachable:
                return facts
            return replace(facts, error=classify(error, endpoint), barred=True)


async def resolve_model(endpoint: Endpoint) -> Endpoint:
    """The endpoint with its model, window and working address filled in.

    A model that is named but not in the list is left to the first call, which reports it, and so
    is one where there is no list: many servers have none, or not for every key. A server that is
    still loading needs no name: it has one model, and the first call waits for it.

    Raises:
        AuthError: if the key is unknown.
        UnavailableError: if nothing answers.
        SettingsError: if no model is named and there is not exactly one.
        LLMError: if no model is named and it does not tell its models.
    """
    return settled(endpoint, await probe(endpoint))


def settled(endpoint: Endpoint, facts: EndpointFacts) -> Endpoint:
    """The endpoint with what was found filled in; raises as `resolve_model`.

    The window is the one that the user has set; else the one that a test measured, where the
    server cuts prompts; else the one that the server states. What a test found of another model
    is dropped.
    """
    loading = isinstance(facts.error, LoadingError)
    if facts.error is not None and (facts.barred or not (endpoint.model or loading)):
        raise facts.error
    model = endpoint.model or ("" if loading else _only(facts, endpoint))
    profile = endpoint.profile
    if profile is not None and profile.model not in ("", model):
        profile = None
    tested = profile.window if profile else None
    stated = tested if profile and profile.truncates else facts.window or tested
    return replace(
        endpoint,
        base_url=facts.base_url or endpoint.base_url,
        model=model,
        window=endpoint.window or stated,
        stated=endpoint.declared is None,
        profile=profile,
    )


def _only(facts: EndpointFacts, endpoint: Endpoint) -> str:
    """The one model on offer."""
    names = facts.models
    if len(names) == 1:
        return names[0]
    if not names:
        raise SettingsError(f"{endpoint.name} offers no model", "load one, or name it with --model")
    raise SettingsError(
        f"{endpoint.name} offers {len(names)} models and none is named",
        f"choose one with --model: {on_offer(facts, endpoint)}",
    )


def on_offer(facts: EndpointFacts, endpoint: Endpoint) -> str:
    """The first ten models, as they may be shown, and how many more there are."""
    names = ", ".join(legible(name, endpoint, _NAME) for name in facts.models[:_LISTED])
    more = len(facts.models) - _LISTED
    return f"{names} and {more} more" if more > 0 else names


async def _patiently(http: httpx2.AsyncClient, endpoint: Endpoint) -> EndpointFacts:
    """What the list of models says, or why there is none; asked up to three times."""
    facts = await _look(http, endpoint)
    for pause in _PAUSES:
        if not _passing(facts.error):
            break
        await asyncio.sleep(pause)
        facts = await _look(http, endpoint)
    return facts


def _passing(error: LLMError | None) -> bool:
    """Whether another try may fare better within seconds."""
    if not isinstance(error, UnavailableError | RateLimitError):
        return False
    return error.retry and not isinstance(error, UnreachableError | LoadingError)


async def _look(http: httpx2.AsyncClient, endpoint: Endpoint) -> EndpointFacts:
    """The same, asked once."""
    try:
        return await _models(http, endpoint)
    except LLMError as error:
        return EndpointFacts(
            reachable=not isinstance(error, UnavailableError),
            error=error,
            barred=isinstance(error, UnreachableError) or error.status == 401,
            base_url=endpoint.base_url,
        )


async def _models(http: httpx2.AsyncClient, endpoint: Endpoint) -> EndpointFacts:
    """What the list of models says; raises where there is none."""
    base = endpoint.base_url
    answer = await get(http, f"{base}/models", endpoint)
    if answer.status_code == 404 and not base.endswith("/v1"):
        base = f"{base}/v1"
        answer = await get(http, f"{base}/models", endpoint)
    if answer.status_code != 200:
        raise from_status(answer.status_code, decoded(answer.text), answer.headers, endpoint)
    entries = _entries(object_in(answer))
    if entries is None:
        raise MalformedError(
            f"{endpoint.name} did not send a list of models",
            f"check that {endpoint.base_url} is an OpenAI-compatible address",
        )
    window = endpoint.window or _stated(entries, endpoint.model)
    source = "settings" if endpoint.window else "models" if window else ""
    names = tuple(entry["id"] for entry in entries)
    return EndpointFacts(True, names, window, source, server=_server(entries), base_url=base)


def _entries(body: Mapping[str, Any]) -> list[Mapping[str, Any]] | None:
    """The models in the list that have an id, or None if it is no such list."""
    data = body.get("data")
    if not isinstance(data, list):
        return None
    return [e for e in data if isinstance(e, Mapping) and isinstance(e.get("id"), str)]


def _stated(entries: list[Mapping[str, Any]], model: str) -> int | None:
    """The window that the list gives for the model (or for the only one)."""
    chosen = [e for e in entries if e["id"] == model] or (entries if len(entries) == 1 else [])
    for entry in chosen:
        meta = entry.get("meta")
        for place in (entry, meta if isinstance(meta, Mapping) else {}):
            for key in _WINDOW_KEYS:
                window = window_in(place, key)
                if window:
                    return window
    return None


def _server(entries: list[Mapping[str, Any]]) -> str:
    """The server's kind by whom it calls the owner of its models."""
    owners = {"vllm": "vllm", "llamacpp": "llama.cpp", "organization_owner": "lmstudio"}
    found = (owners.get(str(entry.get("owned_by"))) for entry in entries)
    return next((name for name in found if name), "")


async def _windowed(
    http: httpx2.AsyncClient, endpoint: Endpoint, facts: EndpointFacts
) -> EndpointFacts:
    """The facts with the window from a server's own routes, where the list has none."""
    if facts.window is not None:
        return facts
    model = endpoint.model or (facts.models[0] if len(facts.models) == 1 else "")
    found = await served(http, endpoint, model)
    return replace(
        facts,
        window=found.window,
        window_source=found.source,
        server=found.server or facts.server,
    )
