"""Knows how lines of JSON are read that anybody may have written: bounded, strict, never whole."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, BinaryIO, NoReturn

MAX_LINE = 4 * 2**20
"""Bytes. The longest prompt that is taken, escaped, beside an answer of 100,000 words."""
MAX_DEPTH = 50
"""Lists and objects within one another: whoever walks through a value needs no bound of its own."""
_TOO_DEEP = "lists and objects are nested too deeply"
_INSTEAD = "\ufffd"
_BOM = b"\xef\xbb\xbf"


def bounded_lines(stream: BinaryIO, most: int = MAX_LINE) -> Iterator[tuple[int, bytes | None]]:
    """The lines with their numbers from 1, without their ends; None for one over `most` bytes.

    Only a line feed ends a line, since JSON strings may hold Unicode's other line ends. Memory
    is bounded by `most`, however long a line is.
    """
    number = 0
    while raw := stream.readline(most + 2):
        number += 1
        body = raw.rstrip(b"\r\n")
        if number == 1:
            body = body.removeprefix(_BOM)
        too_long = len(body) > most
        while not raw.endswith(b"\n"):
            raw = stream.readline(most + 2)
            if not raw:
                break
            too_long = too_long or bool(raw.strip(b"\r\n"))
        yield number, None if too_long else body


def json_of(raw: bytes) -> Any:
    """The value of a line, with text that can be stored and written anywhere.

    NUL and halves of surrogate pairs become U+FFFD.

    Raises:
        ValueError: it is no JSON, or holds numbers that JSON does not have.
    """
    try:
        value = json.loads(raw.decode(), parse_constant=_refuse, parse_float=_finite)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    return _clean(value, MAX_DEPTH)


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number in JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number is beyond what can be kept")
    return number


def _clean(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list | dict) and not depth:
        raise ValueError(_TOO_DEEP)
    if isinstance(value, list):
        return [_clean(item, depth - 1) for item in value]
    if isinstance(value, dict):
        return {_text(key): _clean(item, depth - 1) for key, item in value.items()}
    return value


def _text(text: str) -> str:
    if text.isascii():
        return text.replace("\x00", _INSTEAD)
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\x00", _INSTEAD)
