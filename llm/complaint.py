"""Knows how an endpoint's own words are told: in one bounded line, without keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from core.logging import SHORTEST_SECRET
from llm.endpoint import Endpoint

_DETAIL = 300
_BODY = 4000
_DEEPEST = 6
_TELLING = (
    "code", "type", "status", "reason", "error", "errors", "detail", "msg", "message", "metadata",
    "raw",
)  # fmt: skip
"""Fields that are about the error; the last two carry what a router heard from the server."""
_KEYLIKE = re.compile(r"\b(?:sk|pk|key)-[A-Za-z0-9_*.-]{6,200}|Bearer \S{1,400}")


def body_of(error: BaseException) -> object:
    """The whole body of a refused request; the SDK's `body` attribute drops the outer object."""
    return decoded(getattr(getattr(error, "response", None), "text", ""))


def decoded(text: str) -> object:
    """The JSON value of a refused request's body; the text itself where it is none."""
    try:
        return json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return text


def words_of(body: object) -> str:
    """Codes, types and messages of a body, in lower case and bounded, for looking up phrases.

    The request that some servers repeat in their refusals is not among them.
    """
    return " ".join(_told(body, _DEEPEST))[:_BODY].lower()


def _told(body: object, levels: int) -> Iterator[str]:
    """Every text in the body that is about the error, down to so many levels."""
    if isinstance(body, str | int):
        yield str(body)[:_BODY]
    elif levels and isinstance(body, list):
        for item in body[:5]:
            yield from _told(item, levels - 1)
    elif levels and isinstance(body, Mapping):
        if isinstance(body.get("n_ctx"), int):
            yield f"n_ctx: {body['n_ctx']}"
        for name in _TELLING:
            yield from _told(body.get(name), levels - 1)


def said_in(body: object, endpoint: Endpoint) -> str:
    """`: ` and what the endpoint said, in one bounded line without keys; a page says nothing."""
    inner = body.get("error", body) if isinstance(body, Mapping) else body
    try:
        text = _sentence(inner) if isinstance(inner, Mapping) else inner
    except RecursionError:
        return ""
    if not isinstance(text, str) or text.lstrip().startswith("<"):
        return ""
    line = legible(text, endpoint)
    return f": {line}" if line else ""


def legible(text: str, endpoint: Endpoint, longest: int = _DETAIL) -> str:
    """What an endpoint said, as it may be shown and stored.

    Returns:
        One line of at most `longest` characters, all of them printable, without keys.
    """
    kept = "".join(c for c in text[:_BODY] if c.isprintable() or c.isspace())
    line = " ".join(kept.split())
    if len(endpoint.api_key) >= SHORTEST_SECRET:
        line = line.replace(endpoint.api_key, "[key]")
    return _KEYLIKE.sub("[key]", line)[:longest]


def _sentence(error: Mapping[str, Any]) -> str:
    """Message and parameter of an error object, in the shapes that servers use."""
    detail = error.get("message") or error.get("detail") or error.get("msg") or ""
    if isinstance(detail, list):
        detail = "; ".join(_place(item) for item in detail[:5])
    param = error.get("param")
    named = f" (param {param})" if isinstance(param, str) and param not in str(detail) else ""
    return f"{detail}{named}"


def _place(item: object) -> str:
    """One validation error: where, and what."""
    if not isinstance(item, Mapping):
        return str(item)
    where = item.get("loc")
    path = ".".join(map(str, where)) if isinstance(where, list) else ""
    return f"{path}: {item.get('msg', '')}"
