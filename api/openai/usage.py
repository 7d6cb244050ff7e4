"""What an answer has cost and why it ended, in OpenAI's words."""

from __future__ import annotations

from typing import Any

from services.runs.answers import Answer


def usage_of(answer: Answer) -> dict[str, Any]:
    """Of chat completions and completions: everything that was spent, repeated calls included."""
    spent = answer.spent
    return {
        "prompt_tokens": spent.prompt_tokens,
        "completion_tokens": spent.completion_tokens,
        "total_tokens": spent.prompt_tokens + spent.completion_tokens,
        "prompt_tokens_details": {"cached_tokens": spent.cached_tokens},
        "completion_tokens_details": {"reasoning_tokens": spent.reasoning_tokens},
    }


def responses_usage_of(answer: Answer) -> dict[str, Any]:
    """The same of the Responses API."""
    spent = answer.spent
    return {
        "input_tokens": spent.prompt_tokens,
        "input_tokens_details": {"cached_tokens": spent.cached_tokens},
        "output_tokens": spent.completion_tokens,
        "output_tokens_details": {"reasoning_tokens": spent.reasoning_tokens},
        "total_tokens": spent.prompt_tokens + spent.completion_tokens,
    }


def finish(answer: Answer) -> str:
    """`length` where the ceiling has cut text off, else `stop`."""
    return "length" if answer.cut else "stop"
