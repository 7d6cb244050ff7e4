"""In whose words endpoints refuse, and which of their words count."""

import json

import pytest

from core.errors import (
    ContextOverflowError,
    LLMError,
    ModelNotFoundError,
    QuotaError,
    RateLimitError,
    UnsupportedError,
)
from llm.endpoint import Endpoint
from llm.faults import from_status
from llm.profile import Profile

ENDPOINT = Endpoint("seed", "http://127.0.0.1:9/v1", "m")


def _refusal(status: int, body: object, model: str = "m") -> LLMError:
    return from_status(status, body, {}, ENDPOINT, model)


@pytest.mark.parametrize(
    ("status", "message", "window"),
    [
        (422, "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. "
              "Given: 8200 `inputs` tokens and 1 `max_new_tokens`", 4096),
        (422, "Input validation error: `inputs` must have less than 1,024 tokens. Given: 9", 1024),
        (400, "This model's maximum prompt length is 131072 but the request contains 200000 "
              "tokens.", 131_072),
        (400, "Range of input length should be [1, 30720]", 30_720),
        (400, "Invalid request: Your request exceeded model token limit: 8192", 8192),
        (400, "Input is too long for requested model.", None),
        (400, "too many tokens: total number of tokens in the prompt cannot exceed 4081 - "
              "received 9000", 4081),
        (400, "too many tokens: total number of tokens in the prompt exceeds the limit of 4081",
         4081),
        (400, "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 "
              "maximum context length", 32_768),
    ],
)  # fmt: skip
def test_an_overflow_is_known_in_everybody_s_words(
    status: int, message: str, window: int | None
) -> None:
    for body in (
        {"error": {"message": message}},
        {"error": message},
        {"message": message},
        message,
    ):
        error = _refusal(status, body)
        assert isinstance(error, ContextOverflowError)
        assert error.window == window


@pytest.mark.parametrize(
    "echo",
    ["the rate limit of APIs", "an insufficient balance", "the context length", "unknown model"],
)
def test_a_request_that_is_repeated_in_its_refusal_is_not_its_reason(echo: str) -> None:
    request = {"messages": [{"role": "user", "content": f"Write about {echo}"}]}
    item = {"type": "extra_forbidden", "loc": ["body", "seed"], "msg": "not permitted"}
    for body in (
        {"detail": [{**item, "input": request}]},
        {"detail": [{**item, "input": echo}], "body": request},
        {"error": {"message": "not permitted", "param": "seed", "request": request}},
    ):
        assert type(_refusal(422, body)) is UnsupportedError


def test_what_a_router_heard_is_read() -> None:
    heard = {"error": {"message": "This model's maximum context length is 4096 tokens."}}
    metadata = {"raw": json.dumps(heard), "provider_name": "x"}
    error = _refusal(400, {"error": {"message": "Provider error", "metadata": metadata}})
    assert isinstance(error, ContextOverflowError)
    assert error.window == 4096


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ([{"error": {"message": "x", "status": "rate_limit"}}], RateLimitError),
        ({"error": {"message": "x" * 100_000, "code": "insufficient_quota"}}, QuotaError),
        ({"errors": [{"message": "no such model"}]}, ModelNotFoundError),
    ],
)
def test_codes_and_messages_are_found_where_servers_put_them(
    body: object, kind: type[LLMError]
) -> None:
    assert type(_refusal(400, body)) is kind


def test_the_status_stays_with_the_error() -> None:
    assert [_refusal(status, "").status for status in (401, 413, 503)] == [401, 413, 503]


@pytest.mark.parametrize("model", ["seed-oss-36b", "ByteDance/Seed-OSS", "seed:8b", "top_p"])
def test_a_name_is_not_taken_for_a_parameter(model: str) -> None:
    """Neither the endpoint's, which is `seed` here, nor the model's."""
    said = (
        {"error": {"message": "messages: too many images"}},
        {"error": {"message": f"{model} takes no images"}},
        {"error": {"message": f"the model `{model.lower()}` takes no images"}},
    )
    for body in said:
        error = _refusal(400, body, model)
        assert isinstance(error, UnsupportedError)
        assert Profile().adapted(error.said) is None


@pytest.mark.parametrize("model", ["m", "", "seed-oss-36b"])
def test_a_parameter_is_found_beside_a_name(model: str) -> None:
    error = _refusal(400, {"error": {"message": f"{model} takes no seed", "param": "seed"}}, model)
    assert isinstance(error, UnsupportedError)
    assert Profile().adapted(error.said) == Profile(refused=frozenset({"seed"}))
