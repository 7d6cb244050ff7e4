"""Errors on their way out: RFC 9457 problems, in OpenAI's shape under /v1, as text under /v2."""

from __future__ import annotations

import math
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from fastapi.routing import iter_route_contexts
from pydantic import AfterValidator, BaseModel, Field
from starlette.exceptions import HTTPException

from core.errors import (
    AccessError,
    ForbiddenError,
    LLMError,
    LongleafError,
    PreconditionError,
    RequestError,
    TooManyRequestsError,
)
from core.outcomes import outcome
from storage.storable import storable

MEDIA_TYPE = "application/problem+json"

Said = Annotated[str, AfterValidator(storable)]
"""Words that may quote what was sent, also halves of characters, which no answer can hold."""


class Problem(BaseModel):
    """What went wrong (RFC 9457), and what can be done about it."""

    type: str = Field("about:blank", description="A URN that names the kind of problem.")
    title: str = Field(description="The status in words.")
    status: int
    detail: Said = Field(description="What happened, in plain words.")
    kind: str = Field(description="Stable machine name of the error.")
    remedy: Said = Field("", description="What you can do about it.")
    field: Said = Field("", exclude=True)
    current: dict[str, Any] | None = Field(
        None, description="With 412: what is stored now; what you sent is still yours."
    )


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may answer so; 422 and what guards every route are added."""
    every = {400, 401, 403, 422, 429, 500, 503, 507, *statuses}
    return {status: _told(HTTPStatus(status)) for status in sorted(every)}


def _told(status: HTTPStatus) -> dict[str, Any]:
    """A status with an example of its own."""
    shown = {
        "type": "urn:longleaf:…", "title": status.phrase, "status": status.value,
        "detail": "What happened, in plain words.", "kind": "…",
        "remedy": "What you can do about it.",
    }  # fmt: skip
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {MEDIA_TYPE: {"schema": schema, "example": shown}}
    return {"description": status.phrase, "model": Problem, "content": content}


def problem_of(error: LongleafError) -> Problem:
    """The error as a problem."""
    status = outcome(error).http_status
    return Problem(
        type=f"urn:longleaf:{error.kind}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=error.message,
        kind=error.kind,
        remedy=error.remedy,
        field=error.field if isinstance(error, RequestError) else "",
        current=error.current if isinstance(error, PreconditionError) else None,
    )


def openai_error(problem: Problem) -> dict[str, Any]:
    """The problem as OpenAI's clients read it."""
    kinds = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
    usual = "invalid_request_error" if problem.status < 500 else "server_error"
    said = [problem.detail.rstrip(". "), problem.remedy.rstrip(". ")]
    return {
        "error": {
            "message": " ".join(f"{text}." for text in said if text),
            "type": kinds.get(problem.status, usual),
            "param": problem.field or None,
            "code": "model_not_found" if problem.kind == "unknown_model" else problem.kind,
        }
    }


def answer(path: str, problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """A problem as the clients of this path read it."""
    if path == "/v1" or path.startswith("/v1/"):
        status = 400 if problem.status == HTTPStatus.UNPROCESSABLE_ENTITY else problem.status
        return JSONResponse(openai_error(problem), status, headers)
    if path.startswith("/v2/"):
        return PlainTextResponse(f"Error: {problem.detail}", problem.status, headers)
    data = problem.model_dump(exclude_none=True)
    return JSONResponse(data, problem.status, headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Let the application answer every error so."""
    app.add_exception_handler(LongleafError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _of_the_framework)


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, LongleafError)
    return refusal(request.scope["path"], error)


def refusal(path: str, error: LongleafError) -> Response:
    """An error as the clients of this path read it, with what its kind says in headers."""
    headers = {}
    if isinstance(error, LLMError | TooManyRequestsError) and error.after:
        headers["retry-after"] = str(math.ceil(error.after))
    if isinstance(error, PreconditionError):
        headers |= _present(error.current)
    if isinstance(error, AccessError) and not isinstance(error, ForbiddenError):
        headers["www-authenticate"] = challenge(path)
    return answer(path, problem_of(error), headers)


def _present(current: dict[str, Any]) -> dict[str, str]:
    """The ETag of what is stored now: the next try needs it."""
    number = current.get("revision_id", current.get("version"))
    return {} if number is None else {"etag": f'"{number}"'}


def challenge(path: str) -> str:
    """How a client is asked for credentials: a browser asks its user only on the page's paths."""
    return f'{"Bearer" if is_api(path) else "Basic"} realm="Longleaf", charset="UTF-8"'


def is_api(path: str) -> bool:
    """Whether programs rather than a browser's own page come here."""
    return path.partition("/")[2].partition("/")[0] in ("api", "v1", "v2", "metrics")


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
    told = RequestError(f"{where}: {first['msg']}", "Correct the request; see /docs.")
    told.field = where
    return answer(request.scope["path"], problem_of(told))


async def _of_the_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    problem = Problem(
        title=status.phrase, status=status.value, detail=str(error.detail),
        kind=status.name.lower(),
    )  # fmt: skip
    headers = dict(error.headers or {})
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = _methods(request)
    return answer(request.scope["path"], problem, headers)


def _methods(request: Request) -> str:
    """Every method that the path has; the framework tells those of its first route only."""
    found: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        if route.methods and route.path_regex.match(request.scope["path"]):
            found |= route.methods
    return ", ".join(sorted(found))
