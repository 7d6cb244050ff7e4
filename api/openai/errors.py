"""What is answered instead of a text, as OpenAI's clients read it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from starlette.responses import Response

from api.problems import answer, openai_error, problem_of
from api.streams import EVENTS
from core.errors import LongleafError, NotFoundError, RequestError

DOOR = "/v1"
"""Below it errors have this shape."""


class ErrorObject(BaseModel):
    """What went wrong, and what can be done about it."""

    message: str
    type: str
    param: str | None
    code: str | None


class ErrorBody(BaseModel):
    """An error."""

    error: ErrorObject


class UnknownModelError(NotFoundError):
    """There is no model of that name."""


def wrong(field: str, message: str, remedy: str) -> RequestError:
    """The error about one part of a body."""
    error = RequestError(message, remedy)
    error.field = field
    return error


def answers(kind: str, *statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that answers whole or in events, or fails.

    Args:
        kind: what OpenAI calls the whole answer.
        statuses: as for `failures`.
    """
    told = {
        "application/json": {"schema": {"type": "object", "title": kind}},
        **EVENTS,
    }
    text = f"A {kind}; with `stream` as server-sent events. Headers: `x-longleaf-run`."
    return {200: {"description": text, "content": told}, **failures(*statuses)}


def failures(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may answer so; what any route here may answer is added."""
    every = {400, 401, 403, 413, 429, 500, 503, 507, *statuses}
    return {
        status: {"description": HTTPStatus(status).phrase, "model": ErrorBody}
        for status in sorted(every)
    }


def error_body(error: LongleafError) -> dict[str, Any]:
    """The error as the object that a stream carries."""
    return openai_error(problem_of(error))


def refusal(error: LongleafError, headers: dict[str, str]) -> Response:
    """The error of work that had begun; clients are told not to begin it anew by themselves."""
    return answer(DOOR, problem_of(error), {**headers, "x-should-retry": "false"})
