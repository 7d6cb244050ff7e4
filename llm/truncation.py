"""Knows when a server has cut a prompt without a word: it counts far fewer tokens than we sent.

Servers with a small default context (Ollama's is 4,096 tokens) drop the beginning of a longer
prompt and answer as if nothing had happened. What they report as read gives them away.
"""

from __future__ import annotations

import secrets
from dataclasses import replace

import structlog

from llm.call import Call
from llm.profile import Profile
from llm.tokens import Tokens
from llm.types import Message, Usage

SHARE = 0.6
"""Of our count; other vocabularies differ from ours by 15 %, hardly ever by 40 %."""
WHOLE = 0.8
"""Of our count: so much shows that a prompt was read to its beginning."""
SMALLEST = 1024
"""Tokens read: fewer are more likely a count without what was cached than a smaller window."""
LONG = 7_000
"""Tokens of the long prompt. Ollama's usual window, 4,096, is less than 60 % of it, so that a cut
shows in any vocabulary; and it fits the 8,192 that are assumed where no window is known."""
_BYTES = 4
"""UTF-8 bytes of a token, roughly."""

log = structlog.get_logger()


class Truncations:
    """Those of one endpoint: said once, remembered in its profile."""

    def __init__(self) -> None:
        self._said = False
        self._most = 0
        """Tokens of the longest prompt that was read: no window is smaller."""

    def noticed(self, profile: Profile, call: Call, usage: Usage) -> Profile:
        """The profile, with the window that shows where the prompt of this call was cut.

        A window that the user has declared stays as it is.
        """
        read = usage.prompt_tokens + usage.cached_tokens
        self._most = max(self._most, read)
        window = window_behind(call, usage)
        if window is None:
            return profile
        window = max(window, self._most)
        if not self._said:
            self._said = True
            log.warning(
                "prompt cut by the endpoint",
                endpoint=call.endpoint.name,
                model=call.model,
                window=window,
                remedy="start the server with a larger context, or set the endpoint's window",
            )
        suspect = read < SMALLEST or window >= (profile.window or window + 1)
        if suspect or call.endpoint.declared:
            return profile
        return replace(profile, window=window, truncates=True)


def window_behind(call: Call, usage: Usage) -> int | None:
    """The window that a server seems to have that read far less than it was sent, or None.

    Args:
        call: what was sent.
        usage: what the endpoint reported; counted by us where it did not, and then never odd.
    """
    read = usage.prompt_tokens + usage.cached_tokens
    roughly = _roughly(call.request.messages)
    if roughly < SMALLEST or read >= SHARE * roughly:
        return None  # counting exactly takes a millisecond, which every call would pay
    if read >= SHARE * call.tokens.of_messages(call.request.messages):
        return None
    return read + usage.completion_tokens


def long_prompt(tokens: Tokens, window: int | None) -> tuple[str, str]:
    """A number, and a prompt that begins with it and in the end asks for it.

    Args:
        tokens: counts.
        window: the prompt fills at most 70 % of it; None: it is not known.
    """
    number = str(secrets.randbelow(9000) + 1000)  # new each time, so that no cache has read it
    size = min(LONG, int(window * 0.7)) if window else LONG
    filler = _FILLER * max(1, size // max(1, tokens.count(_FILLER)))
    return number, (
        f"The code word is LARK {number}.\n\n{filler}\n"
        "What is the code word from the first line? Answer with the code word alone."
    )


_FILLER = (
    "The old road runs along the river and turns north at the mill. A man with a small dog walks "
    "there each morning before the sun is up. In winter the water is high and the road is closed "
    "for a week or more. Then the people of the town take the long way over the hill.\n"
)


def _roughly(messages: tuple[Message, ...]) -> float:
    return sum(len(message.content.encode("utf-8", "replace")) for message in messages) / _BYTES
