"""The deterministic checks as LanguageTool's clients ask for them: /v2/check, /v2/languages."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from api.caller import Caller, Reader
from core.errors import RequestError, TooLargeError
from services.evaluation.proofreading import MAX_TEXT, Annotated, Choice, known_languages, proofread

MAX_BODY = 8 * MAX_TEXT
"""Bytes of a body: percent-encoding makes up to nine of a character."""
VERSION = "1"

router = APIRouter(prefix="/v2", tags=["LanguageTool"])

_TEXT = {"text/plain": {"schema": {"type": "string"}}}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"description": said, "content": _TEXT}
    for status, said in (
        (400, "What is asked for makes no sense"), (401, "No valid token"), (403, "Not allowed"),
        (413, "The text is too long"), (422, "Unprocessable"), (429, "Too fast"),
        (500, "Error"), (503, "Not at present"), (507, "No storage"),
    )
}  # fmt: skip
_FIELDS = {
    "text": "The text; or `data`.",
    "data": 'JSON: {"annotation": [{"text": "A "}, {"markup": "<b>", "interpretAs": ""}]}.',
    "language": "A code such as en-US, or auto.",
    "level": "default, or picky: mere notes too.",
    "enabledRules": "Ids, separated by commas.",
    "disabledRules": "Ids, separated by commas.",
    "enabledCategories": "Likewise.",
    "disabledCategories": "Likewise.",
    "enabledOnly": "true: only what is enabled.",
}
_EXAMPLES = {"text": "Sure! Here is the text: The tide rises twice.", "language": "en-US"}
_FORM = {
    "type": "object",
    "required": ["language"],
    "properties": {
        name: {"type": "string", "description": said, "example": _EXAMPLES.get(name, "")}
        for name, said in _FIELDS.items()
    },
}
_QUERY = [
    {"name": name, "in": "query", "required": False, "schema": {"type": "string"},
     "description": said}
    for name, said in _FIELDS.items()
]  # fmt: skip


@router.get("/languages")
def languages() -> list[dict[str, str]]:
    """Every language that texts are checked in."""
    return known_languages()


@router.post(
    "/check",
    response_model=dict[str, Any],
    responses=_RESPONSES,
    openapi_extra={
        "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": _FORM}}}
    },
)
async def check(request: Request, caller: Reader) -> Response:
    """Findings of the deterministic evaluators; offsets count UTF-16 code units."""
    try:
        fields = dict(parse_qsl(await _body(request), keep_blank_values=True, max_num_fields=100))
    except (ValueError, UnicodeDecodeError):
        return _refused("the body is no form")
    return await _answer({**request.query_params, **fields}, caller)


@router.get(
    "/check", response_model=dict[str, Any], responses=_RESPONSES,
    openapi_extra={"parameters": _QUERY},
)  # fmt: skip
async def check_query(request: Request, caller: Reader) -> Response:
    """The same with everything in the address."""
    return await _answer(dict(request.query_params), caller)


async def _body(request: Request) -> str:
    """The body, read no further than it may be long; raises TooLargeError."""
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > MAX_BODY:
            raise TooLargeError(f"the text has more than {MAX_TEXT:,} characters")
    return read.decode("utf-8")


async def _answer(fields: Mapping[str, str], caller: Caller) -> Response:
    try:
        text, choice = _annotated(fields), _choice(fields)
        thresholds = caller.services.runs.policy.thresholds
        found = await asyncio.to_thread(proofread, text, choice, VERSION, thresholds)
    except TooLargeError:
        raise
    except RequestError as error:
        return _refused(error.message)
    return JSONResponse(found)


def _refused(why: str) -> Response:
    return PlainTextResponse(f"Error: {why}", 400)


def _annotated(fields: Mapping[str, str]) -> Annotated:
    """The text, plain or with its markup; raises RequestError, TooLargeError."""
    text, data = fields.get("text"), fields.get("data")
    if (text and data) or (text is None and not data):  # forms send their empty fields too
        raise RequestError("give either the parameter 'text' or the parameter 'data'")
    pieces: list[tuple[str, str | None]] = _pieces(data) if data else [(text or "", None)]
    size = sum(len(said) + len(markup or "") for said, markup in pieces)
    if size > MAX_TEXT:
        raise TooLargeError(f"the text has {size:,} characters, more than {MAX_TEXT:,}")
    return Annotated.of(pieces)


def _pieces(data: str) -> list[tuple[str, str | None]]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise RequestError("the parameter 'data' is no JSON") from None
    if isinstance(value, dict) and isinstance(value.get("text"), str):
        return [(_sound(value["text"]), None)]
    found = value.get("annotation") if isinstance(value, dict) else None
    if not isinstance(found, list):
        raise RequestError("the parameter 'data' holds neither 'annotation' nor 'text'")
    return [_piece(item) for item in found]


def _piece(item: object) -> tuple[str, str | None]:
    """One annotation: a text, or a markup and what it is read as."""
    if isinstance(item, dict):
        text, markup, read = item.get("text"), item.get("markup"), item.get("interpretAs", "")
        if isinstance(text, str) and markup is None:
            return _sound(text), None
        if isinstance(markup, str) and text is None and isinstance(read, str):
            return _sound(read), _sound(markup)
    raise RequestError("an annotation must have either 'text' or 'markup'")


def _sound(text: str) -> str:
    """Without halves of characters, which JSON may hold and no answer could."""
    return text.encode("utf-8", "replace").decode()


def _choice(fields: Mapping[str, str]) -> Choice:
    language = fields.get("language", "")
    if not language:
        raise RequestError("the parameter 'language' is missing")
    enabled = _names(fields, "enabledRules") | _names(fields, "enabledCategories")
    only = fields.get("enabledOnly") in ("true", "yes")
    if only and not enabled:
        raise RequestError("'enabledOnly' needs 'enabledRules' or 'enabledCategories'")
    disabled = _names(fields, "disabledRules") | _names(fields, "disabledCategories")
    return Choice(language, fields.get("level") == "picky", disabled, enabled, only)


def _names(fields: Mapping[str, str], name: str) -> frozenset[str]:
    return frozenset(part.strip() for part in fields.get(name, "").split(",") if part.strip())
