from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import (
    AuthError,
    ContextOverflowError,
    EmptyAnswerError,
    FilteredError,
    LLMError,
    MalformedError,
    ModelNotFoundError,
    QuotaError,
    RateLimitError,
    UnavailableError,
    UnsupportedError,
)
from core.outcomes import outcome
from llm.endpoint import Endpoint
from llm.faults import (
    LoadingError,
    OutOfRoomError,
    OverloadedError,
    UnreachableError,
    classify,
    from_status,
    in_body,
    retry_after,
)

ENDPOINT = Endpoint("home", "http://127.0.0.1:9/v1", "m", api_key="sk-very-secret-key")


def _error(message: str, **more: object) -> dict[str, object]:
    return {"error": {"message": message, **more}}


STATUSES = [
    (429, _error("slow down", code="rate_limit_exceeded"), RateLimitError),
    (429, _error("visit https://example.org/account/billing", code=None), RateLimitError),
    (429, _error("x", code="insufficient_quota"), QuotaError),
    (402, _error("pay"), QuotaError),
    (400, _error("Your credit balance is too low"), QuotaError),
    (500, {}, UnavailableError),
    (502, "<html>model</html>", UnavailableError),
    (503, _error("Loading model", type="unavailable_error"), LoadingError),
    (503, _error("The server is overloaded"), OverloadedError),
    (503, "<p>loading</p>", OverloadedError),
    (400, _error("This model's maximum context length is 4096 tokens."), ContextOverflowError),
    (500, _error("x", type="exceed_context_size_error", n_ctx=2048), ContextOverflowError),
    (413, "", ContextOverflowError),
    (400, _error("x", code="content_filter"), FilteredError),
    (401, _error("Incorrect API key provided: sk-very-secret-key."), AuthError),
    (403, "", AuthError),
    (404, _error("no", code="model_not_found"), ModelNotFoundError),
    (404, {"detail": "Not Found"}, ModelNotFoundError),
    (400, _error("unknown model x"), ModelNotFoundError),
    (408, "", OverloadedError),
    (425, "", UnavailableError),
    (307, "", UnavailableError),
    (400, _error("no", param="temperature"), UnsupportedError),
    (422, {"detail": [{"loc": ["body", "seed"], "msg": "no"}, "odd"]}, UnsupportedError),
    (405, "", UnsupportedError),
]


@pytest.mark.parametrize(("status", "body", "kind"), STATUSES)
def test_statuses_become_our_errors(status: int, body: object, kind: type[LLMError]) -> None:
    error = from_status(status, body, {}, ENDPOINT, "m")
    assert type(error) is kind
    assert "home" in error.message
    assert error.remedy
    assert "secret" not in error.message + error.remedy
    assert "<" not in error.message


@pytest.mark.parametrize(
    ("message", "window"),
    [
        ("This model's maximum context length is 4,096 tokens. However, you requested 5000", 4096),
        ("request (11 tokens) exceeds the available context size (8192 tokens)", 8192),
        ("The decoder prompt is longer than the maximum model length of 2048.", 2048),
        ("prompt is too long: 210000 tokens > 200000 maximum", 200_000),
        ("input token count (9000) exceeds the maximum number of tokens allowed (8000)", 8000),
        ("the model is loaded with context length of only 4096 tokens", 4096),
        ("context_length_exceeded", None),
    ],
)
def test_the_window_is_read_from_the_message(message: str, window: int | None) -> None:
    error = from_status(400, _error(message), {}, ENDPOINT)
    assert isinstance(error, ContextOverflowError)
    assert error.window == window


def test_a_route_that_is_missing_is_told_from_a_missing_model() -> None:
    route = from_status(404, {"detail": "Not Found"}, {}, ENDPOINT)
    assert "/v1" in route.remedy
    assert not from_status(307, "", {}, ENDPOINT).retry


def test_named_fields_of_validation_errors_are_said() -> None:
    body = {"detail": [{"loc": ["body", "response_format"], "msg": "extra"}]}
    assert "body.response_format: extra" in from_status(422, body, {}, ENDPOINT).message
    assert "(param seed)" in from_status(400, _error("no", param="seed"), {}, ENDPOINT).message


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (_error("x", code=429), RateLimitError),
        (_error("x", code=401), AuthError),
        (_error("x", code=999), UnavailableError),
        (_error("x", code="invalid_api_key"), AuthError),
        ({"error": "it broke"}, UnavailableError),
        ("it broke", UnavailableError),
        (_error("exceeds the available context size (8 tokens)"), ContextOverflowError),
    ],
)
def test_errors_inside_a_success_are_errors(payload: object, kind: type[LLMError]) -> None:
    assert type(in_body(payload, ENDPOINT)) is kind


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx2.ConnectError("refused"), UnreachableError),
        (httpx2.ConnectTimeout("late"), UnreachableError),
        (ConnectionRefusedError(), UnreachableError),
        (httpx2.ReadTimeout("late"), OverloadedError),
        (TimeoutError(), OverloadedError),
        (httpx2.ReadError("reset"), UnavailableError),
        (httpx2.RemoteProtocolError("cut"), UnavailableError),
        (ConnectionResetError(), UnavailableError),
        (httpx2.UnsupportedProtocol("x"), UnreachableError),
        (httpx2.InvalidURL("x"), UnreachableError),
        (ValueError("bad"), MalformedError),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), MalformedError),
    ],
)
def test_transport_failures_become_our_errors(error: Exception, kind: type[LLMError]) -> None:
    wrapped = RuntimeError("from the SDK")
    wrapped.__cause__ = error
    for failure in (error, wrapped):
        ours = classify(failure, ENDPOINT)
        assert type(ours) is kind
        assert ours.remedy


def test_our_own_error_is_found_among_the_causes() -> None:
    inner = MalformedError("too large")
    outer = RuntimeError()
    outer.__cause__ = inner
    assert classify(outer, ENDPOINT) is inner


def test_a_refusal_of_the_sdk_is_read_from_its_attributes() -> None:
    error = RuntimeError()
    error.status_code = 429  # type: ignore[attr-defined]
    error.response = SimpleNamespace(text='{"error": {}}', headers={"retry-after": "7"})  # type: ignore[attr-defined]
    ours = classify(error, ENDPOINT, "m")
    assert isinstance(ours, RateLimitError)
    assert ours.after == 7


def test_a_ring_of_causes_ends() -> None:
    first, second = RuntimeError(), RuntimeError()
    first.__cause__, second.__cause__ = second, first
    assert isinstance(classify(first, ENDPOINT), MalformedError)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("1", 1.0), ("0", 0.0), ("2.5", 2.5), ("86400", 86_400.0), ("-1", None), ("nan", None),
     ("inf", None), ("", None), ("soon", None), ("Wed, 99 Foo", None)],
)  # fmt: skip
def test_retry_after_in_seconds(value: str, seconds: float | None) -> None:
    assert retry_after(value) == seconds


def test_retry_after_as_a_date() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    assert 3500 < (retry_after(later) or 0) <= 3600
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert retry_after("Wed, 21 Oct 2015 07:28:00 -0000") == 0


@given(st.text(max_size=40))
def test_any_retry_after_is_a_wait_or_nothing(value: str) -> None:
    seconds = retry_after(value)
    assert seconds is None or seconds >= 0


@given(
    st.integers(100, 599),
    st.recursive(
        st.none() | st.text(max_size=20) | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["error", "message", "detail", "code"]), inner)
        ),
        max_leaves=8,
    ),
)
def test_any_body_is_classified(status: int, body: object) -> None:
    assert isinstance(from_status(status, body, {}, ENDPOINT), LLMError)
    assert isinstance(in_body(body, ENDPOINT), LLMError)


@pytest.mark.parametrize(
    ("error", "parent"),
    [
        (UnreachableError("x"), UnavailableError("x")),
        (LoadingError("x"), UnavailableError("x")),
        (OverloadedError("x"), UnavailableError("x")),
        (OutOfRoomError("x"), EmptyAnswerError("x")),
    ],
)
def test_finer_errors_look_like_their_parents_outside(error: LLMError, parent: LLMError) -> None:
    assert error.kind == parent.kind
    assert outcome(error) == outcome(parent)
