"""Knows what llama.cpp and Ollama tell of their windows on routes of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import httpx2

from core.errors import LLMError
from llm.complaint import decoded
from llm.endpoint import Endpoint
from llm.faults import classify

_NUM_CTX = re.compile(r"^num_ctx\s{1,40}(\d{2,8})", re.MULTILINE)
_MOST = 10**8
_WRONG = (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError, ValueError)


class Served(NamedTuple):
    """A window in tokens, who said so, and whose make the server is; empty while unknown."""

    window: int | None = None
    source: str = ""
    server: str = ""


async def served(http: httpx2.AsyncClient, endpoint: Endpoint, model: str) -> Served:
    """The window from llama.cpp's `/props`, or from Ollama's `/api/ps` and `/api/show`.

    Args:
        http: carries the key.
        endpoint: whom to ask, at its origin.
        model: the one that is meant; empty: it is not known.
    """
    try:
        props = object_in(await get(http, f"{endpoint.origin}/props", endpoint))
        settings = props.get("default_generation_settings")
        window = window_in(settings, "n_ctx") if isinstance(settings, Mapping) else None
        if window:
            return Served(window, "props", "llama.cpp")
        version = object_in(await get(http, f"{endpoint.origin}/api/version", endpoint))
        if "version" not in version:
            return Served()
        window = await _ollama(http, endpoint, model)
        return Served(window, "ollama" if window else "", "ollama")
    except (*_WRONG, LLMError):
        return Served()


async def _ollama(http: httpx2.AsyncClient, endpoint: Endpoint, model: str) -> int | None:
    """Ollama's served window: of the loaded model, or as its file sets it; never the trained."""
    running = object_in(await http.get(f"{endpoint.origin}/api/ps")).get("models")
    for entry in running if isinstance(running, list) else []:
        if isinstance(entry, Mapping) and model in (entry.get("model"), entry.get("name")):
            window = window_in(entry, "context_length")
            if window:
                return window
    shown = object_in(await http.post(f"{endpoint.origin}/api/show", json={"model": model}))
    match = _NUM_CTX.search(str(shown.get("parameters", ""))[:10_000])
    return int(match[1]) if match else None


async def get(http: httpx2.AsyncClient, url: str, endpoint: Endpoint) -> httpx2.Response:
    """The answer to a GET; every failure to get one becomes an `LLMError`."""
    try:
        return await http.get(url)
    except _WRONG as error:
        raise classify(error, endpoint) from error


def object_in(answer: httpx2.Response) -> Mapping[str, Any]:
    """The JSON object in a successful answer, or an empty one."""
    value = decoded(answer.text) if answer.status_code == 200 else {}
    return value if isinstance(value, Mapping) else {}


def window_in(place: Mapping[str, Any], name: str) -> int | None:
    """The field of this name, if it can be a window."""
    value = place.get(name)
    sound = isinstance(value, int) and not isinstance(value, bool) and 0 < value < _MOST
    return int(value) if sound and isinstance(value, int) else None
