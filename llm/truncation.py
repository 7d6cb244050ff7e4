"""Knows when a server has cut a prompt without a word: it counts far fewer tokens than we sent.

Servers with a small default context (Ollama's is 4,096 tokens) drop the beginning of a longer
prompt and answer as if nothing had happened. What they report as read gives them away.
"""

from __future__ import annotations

from dataclasses import replace

import structlog

from llm.call import Call
from llm.profile import Profile
from llm.tokens import Tokens
from llm.types import Message, Usage

SHARE = 0.6
"""Of our count; other vocabularies differ from ours by 15 %, hardly ever by 40 %."""
SMALLEST = 1024
"""Tokens: what looks like a smaller window is more likely a count without what was cached."""
_BYTES = 4
"""UTF-8 bytes of a token, roughly."""

log = structlog.get_logger()


class Truncations:
    """Those of one endpoint: said once, remembered in its profile."""

    def __init__(self) -> None:
        self._said = False

    def noticed(self, profile: Profile, call: Call, usage: Usage) -> Profile:
        """The profile, with the window that shows where the prompt of this call was cut."""
        window = window_behind(call, usage)
        if window is None:
            return profile
        if not self._said:
            self._said = True
            log.warning(
                "prompt cut by the endpoint",
                endpoint=call.endpoint.name,
                model=call.model,
                window=window,
                remedy="start the server with a larger context, or set the endpoint's window",
            )
        if window < SMALLEST or window >= (profile.window or window + 1):
            return profile
        return replace(profile, window=window, truncates=True)


def window_behind(call: Call, usage: Usage) -> int | None:
    """The window that a server seems to have that read far less than it was sent, or None.

    Args:
        call: what was sent.
        usage: what the endpoint reported; counted by us where it did not, and then never odd.
    """
    read = usage.prompt_tokens + usage.cached_tokens
    if read >= SHARE * _roughly(call.request.messages):
        return None  # counting exactly takes a millisecond, which every call would pay
    if read >= SHARE * call.tokens.of_messages(call.request.messages):
        return None
    return read + usage.completion_tokens


def filler(tokens: Tokens, amount: int) -> str:
    """Plain English of about this many tokens, of words that are one token everywhere."""
    each = max(1, tokens.count(_FILLER))
    return _FILLER * max(1, amount // each)


_FILLER = (
    "The old road runs along the river and turns north at the mill. A man with a small dog walks "
    "there each morning before the sun is up. In winter the water is high and the road is closed "
    "for a week or more. Then the people of the town take the long way over the hill.\n"
)


def _roughly(messages: tuple[Message, ...]) -> float:
    return sum(len(message.content.encode("utf-8", "replace")) for message in messages) / _BYTES
