"""Knows how to find out what stands at an address: which server, models, and window."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import httpx2

from core.errors import AuthError, LLMError, MalformedError, SettingsError, UnavailableError
from llm.endpoint import Endpoint
from llm.faults import classify, from_status
from llm.transport import strict_http

_WINDOW_KEYS = (
    "max_model_len", "loaded_context_length", "context_length", "context_window", "n_ctx",
)  # fmt: skip
_NUM_CTX = re.compile(r"^num_ctx\s{1,40}(\d{2,8})", re.MULTILINE)
_LISTED = 10
_MOST = 10**8
_WRONG = (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError, ValueError)


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
    server: str = ""
    """`vllm`, `llama.cpp`, `ollama`, `lmstudio` or empty."""
    base_url: str = ""
    """The address that answered: the endpoint's, or the same with `/v1`."""


async def probe(endpoint: Endpoint, *, seconds: float = 5.0) -> EndpointFacts:
    """Ask an endpoint about itself, for at most `seconds`; its faults are facts, not raised.

    Its models come from `/models` (also tried below `/v1`), its window from there, from
    llama.cpp's `/props` or from Ollama's `/api/show` and `/api/ps`.
    """
    headers = {"Authorization": f"Bearer {endpoint.api_key}"} if endpoint.api_key else {}
    async with strict_http(endpoint.name, httpx2.Timeout(seconds)) as http:
        http.headers.update(headers)
        facts = EndpointFacts(reachable=False, base_url=endpoint.base_url)
        try:
            async with asyncio.timeout(seconds):
                facts = await _models(http, endpoint)
                return await _windowed(http, endpoint, facts)
        except LLMError as error:
            return replace(facts, error=error, reachable=not isinstance(error, UnavailableError))
        except TimeoutError as error:
            if facts.reachable:
                return facts
            return replace(facts, error=classify(error, endpoint))


async def resolve_model(endpoint: Endpoint) -> Endpoint:
    """The endpoint with its model, window and working address filled in.

    A model that is named but not in the list is left to the first call, which reports it.

    Raises:
        AuthError: if the key is refused.
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
    if facts.error is not None and not (endpoint.model and _tolerable(facts.error)):
        raise facts.error
    model = endpoint.model or _only(facts, endpoint)
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
        profile=profile,
    )


def _tolerable(error: LLMError) -> bool:
    """Whether a named model may still work: many servers have no list of models."""
    return not isinstance(error, UnavailableError | AuthError)


def _only(facts: EndpointFacts, endpoint: Endpoint) -> str:
    """The one model on offer."""
    names = facts.models
    if len(names) == 1:
        return names[0]
    if not names:
        raise SettingsError(f"{endpoint.name} offers no model", "load one, or name it with --model")
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    raise SettingsError(
        f"{endpoint.name} offers {len(names)} models and none is named",
        f"choose one with --model: {', '.join(names[:_LISTED])}{more}",
    )


async def _models(http: httpx2.AsyncClient, endpoint: Endpoint) -> EndpointFacts:
    """What the list of models says; raises where there is none."""
    base = endpoint.base_url
    answer = await _get(http, f"{base}/models", endpoint)
    if answer.status_code == 404 and not base.endswith("/v1"):
        base = f"{base}/v1"
        answer = await _get(http, f"{base}/models", endpoint)
    if answer.status_code != 200:
        raise from_status(answer.status_code, answer.text, answer.headers, endpoint)
    entries = _entries(_object(answer))
    if entries is None:
        raise MalformedError(
            f"{endpoint.name} did not send a list of models",
            f"check that {endpoint.base_url} is an OpenAI-compatible address",
        )
    window = endpoint.window or _stated(entries, endpoint.model)
    source = "settings" if endpoint.window else "models" if window else ""
    names = tuple(entry["id"] for entry in entries)
    return EndpointFacts(True, names, window, source, None, _server(entries), base)


async def _get(http: httpx2.AsyncClient, url: str, endpoint: Endpoint) -> httpx2.Response:
    """The answer to a GET; every failure to get one becomes an `LLMError`."""
    try:
        return await http.get(url)
    except _WRONG as error:
        raise classify(error, endpoint) from error


def _object(answer: httpx2.Response) -> Mapping[str, Any]:
    """The JSON object in a successful answer, or an empty one."""
    try:
        value = json.loads(answer.text) if answer.status_code == 200 else {}
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, Mapping) else {}


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
                if _is_window(place.get(key)):
                    return int(place[key])
    return None


def _is_window(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < _MOST


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
    try:
        props = _object(await http.get(f"{endpoint.origin}/props"))
        settings = props.get("default_generation_settings")
        stated = settings.get("n_ctx") if isinstance(settings, Mapping) else None
        if _is_window(stated):
            return replace(facts, window=stated, window_source="props", server="llama.cpp")
        version = _object(await http.get(f"{endpoint.origin}/api/version"))
        if "version" not in version:
            return facts
        window = await _ollama(http, endpoint, facts)
        source = "ollama" if window else ""
        return replace(facts, window=window, window_source=source, server="ollama")
    except (*_WRONG, LLMError):
        return facts


async def _ollama(http: httpx2.AsyncClient, endpoint: Endpoint, facts: EndpointFacts) -> int | None:
    """Ollama's served window: of the loaded model, or as its file sets it; never the trained."""
    model = endpoint.model or (facts.models[0] if len(facts.models) == 1 else "")
    running = _object(await http.get(f"{endpoint.origin}/api/ps")).get("models")
    for entry in running if isinstance(running, list) else []:
        named = isinstance(entry, Mapping) and model in (entry.get("model"), entry.get("name"))
        if named and _is_window(entry.get("context_length")):
            return int(entry["context_length"])
    shown = _object(await http.post(f"{endpoint.origin}/api/show", json={"model": model}))
    match = _NUM_CTX.search(str(shown.get("parameters", ""))[:10_000])
    return int(match[1]) if match else None
