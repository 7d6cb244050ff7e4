"""Knows how lines of JSON are read that anybody may have written: bounded, strict, never whole."""

from __future__ import annotations

import codecs
import gzip
import json
import math
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, cast

from core.errors import RequestError

MAX_LINE = 4 * 2**20
"""Bytes. The longest prompt that is taken, escaped, beside an answer of 100,000 words."""
MAX_DEPTH = 50
"""Lists and objects within one another: whoever walks through a value needs no bound of its own."""
_TOO_DEEP = "lists and objects are nested too deeply"
_INSTEAD = "\ufffd"
_BOM = codecs.BOM_UTF8
_GZIP = b"\x1f\x8b"


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file to read, unpacked where gzip has packed it, whatever it is called.

    Raises:
        RequestError: it cannot be read, is damaged, or is no UTF-8.
    """
    remedy = "Give a file of JSON lines."
    try:
        with path.open("rb") as stream:
            yield _unpacked(path, stream)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise RequestError(f"{path} is damaged: {error}", "Pack it again.") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise RequestError(f"{path} cannot be read: {reason}", remedy) from error


def _unpacked(path: Path, stream: BinaryIO) -> BinaryIO:
    if not stream.seekable():
        return stream
    head = stream.read(2)
    stream.seek(0)
    if head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise RequestError(f"{path} is UTF-16", "Save it as UTF-8.")
    return cast(BinaryIO, gzip.GzipFile(fileobj=stream)) if head == _GZIP else stream


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
