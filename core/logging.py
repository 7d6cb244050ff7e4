"""How events are logged: one JSON line each, to standard error, without keys and without texts.

What may be logged is a name and some short values. A long string is logged as its length and the
beginning of its hash, an exception as its type and place; the message only of our own errors.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import sys
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

from core.errors import LongleafError, SettingsError

LONGEST = 300
"""Characters of a value; longer ones may be bodies."""
SHORTEST_SECRET = 6
"""Characters: masking anything shorter would mask words."""
_FRAMES = 12

_MASK = "***"
_SECRET_NAMES = re.compile(r"key|token(?!s)|secret|password|authorization|cookie", re.IGNORECASE)
_KEYLIKE = re.compile(
    r"\b(?:sk|pk|key)-[A-Za-z0-9_-]{8,200}|\bll_[a-z0-9]{12}_[A-Za-z0-9_-]{6,200}"
    r"|(?i:(?<=bearer )|(?<=basic ))[A-Za-z0-9._~+/=-]{6,400}"
)
_secrets: set[str] = set()


def conceal(secret: str) -> None:
    """Mask this value wherever it would be logged from now on."""
    if len(secret) >= SHORTEST_SECRET:
        _secrets.update((secret, json.dumps(secret)[1:-1]))


def brief(text: str) -> str:
    """What may be logged of a text: its length and the beginning of its SHA-256."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{len(text)} characters, sha256 {digest[:8]}"


def configure(level: str) -> None:
    """Set the level (debug, info, warning, error); raises SettingsError for any other name.

    Libraries that log through `logging` are heard from `warning` on: below that they tell bodies.
    """
    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None:
        raise SettingsError(f"unknown log level {level!r}", "Use debug, info, warning or error.")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            _tell_exception,
            _shorten,
            _render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # as it is by then
        cache_logger_on_first_use=False,
    )
    _LIBRARIES.setLevel(max(number, logging.WARNING))
    logging.getLogger().addHandler(_LIBRARIES)


class _Libraries(logging.Handler):
    """Passes on what libraries log, the first line of each message."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            said = (record.getMessage().splitlines() or [""])[0]
        except Exception:  # noqa: BLE001 -- a marked border: a log call must not end the work
            said = str(record.msg)
        structlog.get_logger().log(
            record.levelno, said[:LONGEST], logger=record.name, exc_info=record.exc_info
        )


_LIBRARIES = _Libraries()


def _tell_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace `exc_info` by the exception's type, its place, and what is safe of its message."""
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else None
    if given is True:
        error = sys.exc_info()[1]
    elif isinstance(given, tuple):
        error = given[1]
    if error is not None:
        event["error"] = type(error).__name__
        event["why"] = error.message if isinstance(error, LongleafError) else brief(str(error))
        event["frames"] = [
            f"{'/'.join(frame.filename.split('/')[-2:])}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        ]
        if error.__cause__ is not None:
            event["cause"] = type(error.__cause__).__name__
    return event


def _shorten(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {name: _safe(name, value) for name, value in event.items()}


def _safe(name: str, value: Any) -> Any:
    """A value as it may be logged under this name."""
    if isinstance(value, str):
        if _SECRET_NAMES.search(name):
            return _MASK
        return value if len(value) <= LONGEST else brief(value)
    if isinstance(value, dict):
        return {str(key): _safe(str(key), item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_safe(name, item) for item in value]
    if isinstance(value, int | float | None):
        return value
    return _safe(name, repr(value))


def _render(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    line = json.dumps(event, ensure_ascii=False)
    for secret in sorted(_secrets, key=len, reverse=True):
        line = line.replace(secret, _MASK)
    return _KEYLIKE.sub(_MASK, line)
