"""Knows what is said of an answer that cannot be used, and what to do about it."""

from __future__ import annotations

from core.errors import (
    DegenerateError,
    EmptyAnswerError,
    FilteredError,
    MalformedError,
    TruncatedError,
)
from llm.call import Call
from llm.complaint import legible
from llm.faults import OutOfRoomError

_LONGEST_REASON = 40


def malformed(call: Call, why: str) -> MalformedError:
    """It is no chat completion."""
    return MalformedError(
        f"what {_who(call)} sent is not a chat completion: {why}",
        f"check that {call.endpoint.base_url} is an OpenAI-compatible address",
    )


def truncated(call: Call, why: str, text: str = "") -> TruncatedError:
    """It broke off; `text` had come."""
    message = f"the answer of {_who(call)} broke off: {why}"
    return TruncatedError(message, "try again", partial=text)


def unfinished(call: Call, reason: str) -> TruncatedError:
    """It ended for a reason that is none, or for none."""
    shown = legible(reason, call.endpoint, _LONGEST_REASON)
    return truncated(call, f"finish_reason is {shown}" if shown else "it has no end mark")


def withheld(call: Call, text: str) -> FilteredError:
    """A filter, or the model itself, keeps it back; `text` had come."""
    return FilteredError(f"{_who(call)} withheld the answer", "reword the request", partial=text)


def empty(call: Call, *, full: bool) -> EmptyAnswerError:
    """It has no text.

    Args:
        call: what was asked.
        full: whether its token limit came first.
    """
    if full:
        return OutOfRoomError(
            f"{_who(call)} reached its token limit before it wrote anything",
            "raise max_tokens: a thinking model needs room to think",
        )
    return EmptyAnswerError(
        f"{_who(call)} sent an empty answer", "the prompt may be longer than its window"
    )


def looped(call: Call, sound: str) -> DegenerateError:
    """It repeats itself; `sound` is its beginning until then."""
    return DegenerateError(
        f"{_who(call)} repeats itself without end",
        "raise the temperature, or use a larger model",
        partial=sound,
    )


def _who(call: Call) -> str:
    return f"{call.endpoint.name} (model {call.model})"
