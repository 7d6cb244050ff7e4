"""Knows what every failure of an endpoint means: the one mapping into our error tree."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2

from core.errors import (
    ContextOverflowError,
    EmptyAnswerError,
    LLMError,
    MalformedError,
    ModelNotFoundError,
    UnavailableError,
    UnsupportedError,
)
from llm.complaint import body_of, said_in, words_of
from llm.endpoint import Endpoint
from llm.fault_rules import rule_for, window_in

_OVERLOADED = (408, 503, 504, 529)
_LOADING = ("unavailable_error", "loading")
_RUNNING = "is the server running? `python app.py doctor` tells what it finds"


class UnreachableError(UnavailableError):
    """Nothing answers at the address: refused, unknown host, or no connection in time."""

    @property
    def kind(self) -> str:
        """The parent's name: callers outside the retry loop need no finer one."""
        return "unavailable"


class LoadingError(UnavailableError):
    """The server is there and still loads its model."""

    @property
    def kind(self) -> str:
        """The parent's name: callers outside the retry loop need no finer one."""
        return "unavailable"


class OverloadedError(UnavailableError):
    """It has more to do than it can: 503, 529, or no answer in time."""

    @property
    def kind(self) -> str:
        """The parent's name: callers outside this package need no finer one."""
        return "unavailable"


class OutOfRoomError(EmptyAnswerError):
    """The token limit came before any text did: a thinking model needs a larger limit."""

    @property
    def kind(self) -> str:
        """The parent's name: callers outside the retry loop need no finer one."""
        return "empty_answer"


def classify(error: BaseException, endpoint: Endpoint, model: str = "") -> LLMError:
    """Our error for anything that an SDK or a transport raises.

    Statuses, codes and messages are read from the exception's attributes, so no SDK is imported.

    Args:
        error: what was caught; an `LLMError` anywhere in its causes is returned as it is.
        endpoint: whom we asked; named in the message, its key never is.
        model: the model that was asked for.
    """
    for cause in _causes(error):
        if isinstance(cause, LLMError):
            return cause
        status = getattr(cause, "status_code", None)
        if isinstance(status, int):
            response = getattr(cause, "response", None)
            headers = getattr(response, "headers", None) or {}
            return from_status(status, body_of(cause), headers, endpoint, model)
    for cause in _causes(error):
        found = _from_transport(cause, endpoint)
        if found is not None:
            return found
    return MalformedError(
        f"{endpoint.name} did not send a chat completion but {_shape(error)}",
        f"check that {endpoint.base_url} is an OpenAI-compatible address",
    )


def _shape(error: BaseException) -> str:
    """What a body that cannot be read is."""
    if not isinstance(error, json.JSONDecodeError):
        return f"something unreadable ({type(error).__name__})"
    body = error.doc.lstrip()
    if not body:
        return "an empty body"
    return "a web page" if body.startswith("<") else "broken JSON"


def from_status(
    status: int, body: object, headers: Mapping[str, str], endpoint: Endpoint, model: str = ""
) -> LLMError:
    """Our error for an HTTP answer that is not a success.

    Args:
        status: the HTTP status, or 200 for an error inside a successful answer.
        body: the decoded JSON body, or its text.
        headers: the response's headers; only `Retry-After` is read.
        endpoint: whom we asked.
        model: the model that was asked for.
    """
    error = _meant(status, body, headers, endpoint, model)
    error.status = status
    if isinstance(error, UnsupportedError):
        said = said_in(body, endpoint).lower()
        name = re.escape(model.lower())
        error.said = re.sub(rf"(?<!\w){name}(?!\w)", "", said) if name else said
    return error


def _meant(
    status: int, body: object, headers: Mapping[str, str], endpoint: Endpoint, model: str
) -> LLMError:
    """By the first rule that fits, else by the status."""
    words = words_of(body)
    said = said_in(body, endpoint)
    where = f"{endpoint.name} (model {model})" if model else endpoint.name
    after = retry_after(headers.get("retry-after", ""))
    rule = rule_for(status, words)
    if rule is None:
        return _by_class(status, body, where, said, after, endpoint)
    if rule.error is ContextOverflowError:
        message = f"{where} {rule.says}{said}"
        return ContextOverflowError(message, rule.remedy, window=window_in(words))
    if rule.error is ModelNotFoundError:
        return _not_found(where, said, words, endpoint)
    return rule.error(f"{where} {rule.says}{said}", rule.remedy, after=after)


def in_body(payload: object, endpoint: Endpoint, model: str = "") -> LLMError:
    """Our error for an error object that came inside a successful answer or a stream."""
    error = payload.get("error", payload) if isinstance(payload, Mapping) else payload
    code = error.get("code") if isinstance(error, Mapping) else None
    status = int(code) if isinstance(code, int) and 400 <= code < 600 else 200
    return from_status(status, payload, {}, endpoint, model)


def _by_class(
    status: int, body: object, where: str, said: str, after: float | None, endpoint: Endpoint
) -> LLMError:
    """What is left once no rule fitted: by the hundreds of the status."""
    if 300 <= status < 400:
        return _redirected(where, status, endpoint)
    if status == 503 and isinstance(body, Mapping) and any(w in words_of(body) for w in _LOADING):
        return LoadingError(f"{where} is still loading its model", "wait a moment", after=after)
    if status in (200, 408, 409, 425) or status >= 500:
        shown = "" if status == 200 else f" {status}"
        kind = OverloadedError if status in _OVERLOADED else UnavailableError
        return kind(
            f"{where} reports an error{shown}{said}", "try again; see the server's log", after=after
        )
    return UnsupportedError(
        f"{where} refused the request ({status}){said}", "see what the endpoint's log says"
    )


def _not_found(where: str, said: str, words: str, endpoint: Endpoint) -> ModelNotFoundError:
    """No such model, or no such route: the latter is a wrong address."""
    if "model" in words:
        return ModelNotFoundError(f"{where} does not know the model{said}", "check --model")
    return ModelNotFoundError(
        f"{where} has no chat completions at {endpoint.base_url}{said}",
        "check the address: most servers want it to end in /v1",
    )


def _redirected(where: str, status: int, endpoint: Endpoint) -> UnavailableError:
    """A redirect is refused: following it would send the prompt somewhere else."""
    error = UnavailableError(
        f"{where} redirects elsewhere ({status}), which is not followed",
        f"give the final address instead of {endpoint.base_url}",
    )
    error.retry = False
    return error


def _from_transport(error: BaseException, endpoint: Endpoint) -> LLMError | None:
    """Our error for one failure of the connection, or None if it is none."""
    if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | ConnectionRefusedError):
        return UnreachableError(f"cannot reach {endpoint.name} at {endpoint.base_url}", _RUNNING)
    if isinstance(error, httpx2.TimeoutException | TimeoutError):
        return OverloadedError(
            f"{endpoint.name} did not answer in time", "the server may be overloaded; try again"
        )
    if isinstance(error, httpx2.UnsupportedProtocol | httpx2.InvalidURL):
        return UnreachableError(f"{endpoint.base_url} is not an address", "check --base-url")
    if isinstance(error, httpx2.TransportError | OSError):
        return UnavailableError(
            f"the connection to {endpoint.name} broke ({type(error).__name__})", _RUNNING
        )
    return None


def retry_after(value: str) -> float | None:
    """Seconds that a `Retry-After` header asks for (number or HTTP date), or None."""
    try:
        seconds = float(value)
    except ValueError:
        return _until(value)
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _until(value: str) -> float | None:
    """Seconds until an HTTP date, at least 0, or None if it is none."""
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was raised from, nearest first."""
    current: BaseException | None = error
    for _ in range(10):
        if current is None:
            return
        yield current
        current = current.__cause__ or current.__context__
