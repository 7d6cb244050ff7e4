"""Knows what the body of a refused request says, bounded and without keys."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from llm.endpoint import Endpoint

_DETAIL = 300
_BODY = 4000
_KEYLIKE = re.compile(r"\b(?:sk|pk|key)-[A-Za-z0-9_*.-]{6,200}|Bearer \S{1,400}")


def body_of(error: BaseException) -> object:
    """The whole body of a refused request; the SDK's `body` attribute drops the outer object."""
    text: Any = getattr(getattr(error, "response", None), "text", "")
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return text


def words_of(body: object) -> str:
    """The body in lower case, bounded, for looking up codes and phrases."""
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, default=str)
    return text[:_BODY].lower()


def said_in(body: object, endpoint: Endpoint) -> str:
    """`: ` and what the endpoint said, in one bounded line without keys; a page says nothing."""
    inner = body.get("error", body) if isinstance(body, Mapping) else body
    text = _sentence(inner) if isinstance(inner, Mapping) else inner
    if not isinstance(text, str) or text.lstrip().startswith("<"):
        return ""
    if endpoint.api_key:
        text = text.replace(endpoint.api_key, "[key]")
    line = " ".join(_KEYLIKE.sub("[key]", text[:_BODY]).split())[:_DETAIL]
    return f": {line}" if line else ""


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
