"""Knows how many tokens a call cost: as the endpoint says, or as we count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm.call import Call
from llm.types import Usage

_MAX_COUNT = 10**8
"""The sum over all tries of a call stays within a column of 32 bits."""


def usage_of(call: Call, said: Mapping[str, Any], text: str) -> Usage:
    """The cost of a call; what makes no sense in what was said is counted instead.

    Args:
        call: whose messages count as the prompt.
        said: the endpoint's `usage`, or nothing.
        text: the answer.
    """
    prompt = _sane(said.get("prompt_tokens"))
    answer = _sane(said.get("completion_tokens"))
    return Usage(
        prompt or call.tokens.of_messages(call.request.messages),
        answer or call.tokens.count(text),
        _sane(_inside(said, "prompt_tokens_details").get("cached_tokens")),
        _sane(_inside(said, "completion_tokens_details").get("reasoning_tokens")),
    )


def _sane(value: object) -> int:
    """A token count, or 0 for anything that cannot be one."""
    good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MAX_COUNT
    return int(value) if good and isinstance(value, int) else 0


def _inside(usage: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = usage.get(name)
    return value if isinstance(value, Mapping) else {}
