"""Knows how a request is written for an endpoint: what it takes, under the names it takes."""

from __future__ import annotations

from typing import Any

from llm.call import Call
from llm.profile import Profile


def parameters_of(call: Call, profile: Profile, streams: bool) -> dict[str, Any]:
    """The request as keyword arguments of the SDK, without what the endpoint refuses."""
    request, defaults = call.request, call.endpoint.defaults
    body: dict[str, Any] = {
        "model": call.model,
        "messages": [{"role": m.role, "content": _sound(m.content)} for m in request.messages],
        "stream": streams,
    }
    if streams and "stream_options" not in profile.refused:
        body["stream_options"] = {"include_usage": True}
    for name in ("max_tokens", "temperature", "top_p", "seed"):
        value = getattr(request, name)
        value = defaults.get(name) if value is None else value
        if value is not None and _takes(profile, name):
            body[profile.max_tokens_name if name == "max_tokens" else name] = value
    if request.schema is not None:
        schema = {"name": request.schema_name, "schema": request.schema, "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    quiet = {} if call.endpoint.thinking else profile.quiet
    extra = {**quiet, **call.endpoint.extra_body, **profile.extra}
    return {**body, "extra_body": extra} if extra else body


def _sound(text: str) -> str:
    """The text without lone surrogates, which no request body can carry."""
    return text.encode("utf-8", "replace").decode()


def _takes(profile: Profile, name: str) -> bool:
    return profile.temperature if name == "temperature" else name not in profile.refused
