"""Knows the words with which endpoints refuse: statuses, codes and phrases, as tables."""

from __future__ import annotations

import re
from typing import NamedTuple

from core.errors import (
    AuthError,
    ContextOverflowError,
    FilteredError,
    LLMError,
    ModelNotFoundError,
    QuotaError,
    RateLimitError,
)


class Rule(NamedTuple):
    """One row: the statuses or the phrases that stand for an error of ours."""

    error: type[LLMError]
    statuses: tuple[int, ...]
    phrases: tuple[str, ...]
    says: str
    remedy: str

    def fits(self, status: int, words: str) -> bool:
        """Whether the status, or any of the phrases, is this row's."""
        return status in self.statuses or any(phrase in words for phrase in self.phrases)


RULES = (
    Rule(
        QuotaError,
        (402,),
        ("insufficient_quota", "insufficient credit", "insufficient balance", "credit balance"),
        "says that the account is out of credit",
        "add credit, then resume",
    ),
    Rule(
        RateLimitError,
        (429,),
        ("rate_limit", "rate limit"),
        "gets too many requests",
        "wait, or lower the endpoint's concurrency",
    ),
    Rule(
        ContextOverflowError,
        (413,),
        (
            "context_length_exceeded",
            "exceed_context_size",
            "context length",
            "context size",
            "context window",
            "maximum model length",
            "prompt is too long",
            "input token count",
            "input is too long",
            "too many tokens",
            "maximum prompt length",
            "model token limit",
            "range of input length",
            "max_new_tokens` must be <=",
            "`inputs` must have less than",
        ),
        "says that the prompt does not fit the model's window",
        "use shorter sources or a model with a larger window",
    ),
    Rule(
        FilteredError,
        (451,),
        ("content_filter", "content_policy", "content management policy"),
        "withheld the answer",
        "reword the request",
    ),
    Rule(
        AuthError,
        (401, 403),
        ("invalid_api_key", "incorrect api key", "authentication_error"),
        "refused the key",
        "check the key: --api-key, or Settings, Endpoints",
    ),
    Rule(
        ModelNotFoundError,
        (404,),
        ("model_not_found", "model not found", "unknown model", "no such model", "invalid model"),
        "does not know the model",
        "check --model",
    ),
)
_WINDOWS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\"?n_ctx\"?\s{0,3}[:=]\s{0,3}(\d{2,9})",
        r"(?:context|model) (?:length|window|size)(?: is| of(?: only)?)?\s{0,3}\(?(\d[\d,]{1,11})",
        r"> (\d[\d,]{1,11}) maximum",
        r"tokens allowed \((\d[\d,]{1,11})",
        r"(\d[\d,]{1,11}) maximum context length",
        r"maximum prompt length is (\d[\d,]{1,11})",
        r"model token limit:? (\d[\d,]{1,11})",
        r"input length should be \[\d{1,9}, ?(\d[\d,]{1,11})\]",
        r"must (?:be <=|have less than) (\d[\d,]{1,11})",
        r"prompt (?:cannot exceed|exceeds the limit of) (\d[\d,]{1,11})",
    )
)


def rule_for(status: int, words: str) -> Rule | None:
    """The first row that fits, or None.

    Args:
        status: the HTTP status.
        words: the body in lower case.
    """
    return next((rule for rule in RULES if rule.fits(status, words)), None)


def window_in(words: str) -> int | None:
    """The window in tokens that a complaint in lower case names, or None."""
    for pattern in _WINDOWS:
        match = pattern.search(words)
        if match:
            return int(match[1].replace(",", ""))
    return None
