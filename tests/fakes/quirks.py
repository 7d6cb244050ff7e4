"""Knows what honest servers refuse or leave out, each in its own way."""

from __future__ import annotations

import re
from typing import Any

from tests.fakes.tokens import count_tokens
from tests.fakes.wire import Wire

Body = dict[str, Any]

REFUSED = {
    "max_tokens": "Unsupported parameter: 'max_tokens' is not supported with this model. "
    "Use 'max_completion_tokens' instead.",
    "temperature": "Unsupported value: 'temperature' does not support 0.7 with this model. "
    "Only the default (1) value is supported.",
    "top_p": "Unsupported parameter: 'top_p' is not supported with this model.",
    "stream": "Streaming is not supported by this deployment.",
    "chat_template_kwargs": "body.chat_template_kwargs: extra inputs are not permitted",
    "reasoning_effort": "Unrecognized request argument supplied: reasoning_effort",
}
"""Fields that a server may not know, and how it says so. The quirk is `no_` and the name."""
QUIRKS = {f"no_{name}" for name in REFUSED} | {"no_usage", "whole", "switchable"}
"""Besides: sends no usage; answers a request for a stream as a whole; can be told not to think."""

_SECRET = re.compile(r"code word is ([A-Z]{2,20} \d{4})\.")
_ASKED = "What is the code word"


def refused(quirks: tuple[str, ...], body: Body) -> str | None:
    """The quirk because of which a request is refused."""
    for name in REFUSED:
        if f"no_{name}" in quirks and body.get(name):
            return f"no_{name}"
    return None


async def refuse(wire: Wire, quirk: str) -> None:
    """Say which field is not known."""
    name = quirk.removeprefix("no_")
    kind = "invalid_request_error"
    await wire.error(400, REFUSED[name], "unsupported_parameter", kind, param=name)


def thinks(quirks: tuple[str, ...], body: Body) -> bool:
    """Whether a model that thinks does so for this request."""
    switches = body.get("chat_template_kwargs") or {}
    return "switchable" not in quirks or switches.get("enable_thinking") is not False


def truncated(body: Body, window: int | None) -> Body:
    """The request as a server reads it that drops the beginning of what is too long for it."""
    if window is None:
        return body
    left, kept = window, []
    for message in reversed(body["messages"]):
        words = re.findall(r"\S+\s*", str(message.get("content") or ""))
        while words and count_tokens("".join(words)) + 4 > left:
            del words[: max(1, len(words) // 20)]
        left -= count_tokens("".join(words)) + 4
        kept.append({**message, "content": "".join(words)})
    return {**body, "messages": kept[::-1]}


def recalled(prompt: str) -> str | None:
    """The answer to the question for a code word; None: that is not the question."""
    if _ASKED not in prompt:
        return None
    found = _SECRET.search(prompt)
    return found[1] if found else "I do not know."
