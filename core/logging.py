"""How events are logged: one JSON line each, to standard error, keys masked by name."""

import logging
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

from core.errors import SettingsError

_SECRET_NAMES = ("key", "token", "secret", "password", "authorization")


def _mask(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for name in event:
        if any(secret in name.lower() for secret in _SECRET_NAMES) and isinstance(event[name], str):
            event[name] = "***"
    return event


def configure(level: str) -> None:
    """Set the level (debug, info, warning, error); raises SettingsError for any other name."""
    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None:
        raise SettingsError(f"unknown log level {level!r}", "Use debug, info, warning or error.")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            _mask,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
