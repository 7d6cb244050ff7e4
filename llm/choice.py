"""Knows what stands where in one choice of an answer: its text, and why that ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_STOPS = frozenset({"stop", "eos", "eos_token", "end_turn", "stop_sequence", "complete"})
_LIMITS = frozenset({"length", "max_tokens", "model_length"})


def part_of(choice: Mapping[str, Any], *, streamed: bool) -> object:
    """The next part of an answer, or the only one.

    Args:
        choice: of a chunk, with a `delta`, or of a whole answer, with a `message`.
        streamed: whether deltas have brought text. A message that comes then repeats all of it.
    """
    return choice.get("delta") or (None if streamed else choice.get("message")) or {}


def finish_of(choice: Mapping[str, Any]) -> str:
    """Why the text ends: `stop`, `length`, another reason as it came; empty while it goes on."""
    said = choice.get("finish_reason")
    if not isinstance(said, str):
        return ""
    word = said.lower()
    return "stop" if word in _STOPS else "length" if word in _LIMITS else said
