"""Knows how to get a checked structure out of a model that was asked for JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar, cast

import json_repair
import pydantic

from core.errors import FormatError, UnsupportedError
from llm.cleaning import clean_text
from llm.types import Completion, ModelRequest

Send = Callable[[ModelRequest], Awaitable[Completion]]
Repair = Callable[[str, str], ModelRequest]
"""From the bad answer and what is wrong with it to the request that asks for a better one."""

Answer = TypeVar("Answer", bound=pydantic.BaseModel)

MAX_CHARS = 400_000
_MAX_MENDED = 60_000
_ATTEMPTS = 40
_SMALL = 50
"""A shorter sound value before a broken one is a citation, not the answer."""
_START = re.compile(r"""\{\s{0,40}(?:["'}]|\w{1,40}\s{0,4}:)|\[\s{0,40}["'\[{\d\]-]""")
"""Where a value plausibly begins; prose in brackets does not look so."""
_DECODER = json.JSONDecoder()
_REMEDY = "use a model that follows formats, or an endpoint that takes JSON schemas"
_DROPPED = ("title", "default", "discriminator", "$defs")
_LITERAL = ("enum", "const", "required", "examples")
_REF = "#/$defs/"


def parse_json(text: str) -> dict[str, Any] | list[Any]:
    """The JSON object or array in a model's answer.

    Takes what models do around it: code fences, prose before and after; and within it: trailing
    commas, single quotes, comments, missing closing brackets. The largest value wins. Its texts
    are as clean as those of any answer.

    Raises:
        FormatError: if there is none, or the text is longer than 400,000 characters; `partial`
            is the text.
    """
    if len(text) > MAX_CHARS:
        raise FormatError("the answer is too long to be a structure", _REMEDY, partial=text)
    best: dict[str, Any] | list[Any] | None = None
    size, at = 0, 0
    for _ in range(_ATTEMPTS):
        start = _START.search(text, at)
        if start is None:
            break
        value, at = _decoded(text, start.start())
        if at < 0:
            mended = _mended(text[start.start() :]) if size < _SMALL else None
            best = best if mended is None else mended
            break
        if at - start.start() > size:
            best, size = value, at - start.start()
    if best is None:
        raise FormatError("there is no JSON in the answer", _REMEDY, partial=text)
    try:
        return cast("dict[str, Any] | list[Any]", _clean(best))
    except RecursionError as error:
        raise FormatError("the structure is nested too deeply", _REMEDY, partial=text) from error


def _clean(value: object) -> object:
    """The value with clean texts: JSON's escapes bring back characters that none may hold."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {clean_text(str(name)): _clean(item) for name, item in value.items()}
    return value


def _decoded(text: str, start: int) -> tuple[Any, int]:
    """The valid value that begins here and where it ends, or (None, -1)."""
    try:
        return _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None, -1


def _mended(text: str) -> dict[str, Any] | list[Any] | None:
    """The broken value that begins here, up to the end of its code fence."""
    body = text.partition("\n```")[0]
    if len(body) > _MAX_MENDED:
        return None
    try:
        value = json_repair.loads(body, skip_json_loads=True)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict | list) and value else None


async def ask_json(
    send: Send, request: ModelRequest, model: type[Answer], repair: Repair
) -> Answer:
    """Ask for a structure, check it, and ask once more with the error if it is wrong.

    An endpoint that takes no JSON schema is asked again without one.

    Args:
        send: sends one request; counted and journaled by the caller.
        request: asks for the structure.
        model: what the answer must be.
        repair: makes the second request from the bad answer and what is wrong with it.

    Raises:
        FormatError: if the second answer is wrong as well; `partial` is its text.
        LLMError: whatever `send` raises.
    """
    first = await _send(send, request)
    try:
        return validated(first, model)
    except FormatError as error:
        second = await _send(send, repair(first.text, error.message))
    return validated(second, model)


async def _send(send: Send, request: ModelRequest) -> Completion:
    try:
        return await send(request)
    except UnsupportedError:
        if request.schema is None:
            raise
    return await send(replace(request, schema=None))


def validated(completion: Completion, model: type[Answer]) -> Answer:
    """The answer as `model`.

    Raises:
        FormatError: if it broke off, is no JSON, or does not fit; the message says where.
    """
    text = completion.text
    if completion.finish not in ("stop", "full"):
        raise FormatError("the answer broke off before its end", _REMEDY, partial=text)
    try:
        return model.model_validate(parse_json(text))
    except pydantic.ValidationError as error:
        raise FormatError(_complaint(error), _REMEDY, partial=text) from error


def _complaint(error: pydantic.ValidationError) -> str:
    """The first few things that are wrong, each with its place, in a form a model understands."""
    lines = []
    for item in error.errors(include_url=False, include_input=False)[:8]:
        place = ".".join(map(str, item["loc"])) or "the whole answer"
        lines.append(f"{place}: {item['msg']}")
    return "; ".join(lines)


def strict_schema(model: type[pydantic.BaseModel]) -> dict[str, Any]:
    """The model's JSON schema in the form that strict modes and llama.cpp's grammars take.

    Objects are closed and all their fields required, definitions are inlined, titles and defaults
    dropped; bounds stay. An exclusive bound of an integer becomes an inclusive one.

    Raises:
        ValueError: if the model contains itself: it cannot be inlined.
    """
    schema = model.model_json_schema()
    strict = _strict(schema, schema.get("$defs", {}), ())
    assert isinstance(strict, dict)
    return strict


def _strict(node: object, defs: Mapping[str, Any], path: tuple[str, ...]) -> object:
    """One schema node, made strict from the inside out."""
    if isinstance(node, list):
        return [_strict(item, defs, path) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        name = str(node["$ref"]).removeprefix(_REF)
        if name in path:
            raise ValueError(f"{name} contains itself and cannot be inlined")
        siblings = {key: value for key, value in node.items() if key != "$ref"}
        return _strict({**defs[name], **siblings}, defs, (*path, name))
    strict = {
        key: value if key in _LITERAL else _strict(value, defs, path)
        for key, value in node.items()
        if key not in _DROPPED and key != "properties"
    }
    if isinstance(node.get("properties"), dict):
        fields = node["properties"]
        strict["properties"] = {name: _strict(fields[name], defs, path) for name in fields}
        strict["required"] = list(fields)
        strict["additionalProperties"] = False
    return _inclusive(strict)


def _inclusive(node: dict[str, Any]) -> dict[str, Any]:
    """Bounds of integers without `exclusive`, which grammars do not know."""
    if node.get("type") == "integer":
        for exclusive, inclusive, step in (
            ("exclusiveMinimum", "minimum", 1),
            ("exclusiveMaximum", "maximum", -1),
        ):
            if exclusive in node:
                node[inclusive] = node.pop(exclusive) + step
    return node
