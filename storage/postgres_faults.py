"""What PostgreSQL means by its error codes, and after which a transaction may run again."""

from __future__ import annotations

import re

from sqlalchemy import exc

Words = tuple[str, str]
"""What happened, and what to do about it."""

_CODES: dict[str, Words] = {
    "08": ("the connection to the database server broke", "check that it runs, then try again"),
    "25006": ("the database is read-only", "give the address of the server that takes writes"),
    "28": ("the database server refused the user", "check user and password in `database_url`"),
    "3D": ("there is no such database", "make it: createdb --encoding=UTF8 NAME"),
    "40": ("other work was in the way again and again", "try again"),
    "42501": ("the user may not do this", "make the user the owner of the database"),
    "53100": ("the disk of the database server is full", "free some space there, then start the "
              "run again: nothing stored is lost"),
    "53300": ("the database server takes no more connections", "raise its max_connections"),
    "55P03": ("the database is locked by another process", "close it, then try again"),
    "57": ("the database server is stopping or starting", "wait a moment, then try again"),
    "57014": ("the database took too long", "look what else its server does, then try again"),
    "XX": ("the database is damaged", "put a backup back"),
}  # fmt: skip
"""By code, or by its class, the first two characters
(https://www.postgresql.org/docs/current/errcodes-appendix.html)."""

_REFUSALS = (
    ("no password supplied|password authentication failed|no pg_hba.conf entry", "28"),
    ("role .{1,99} does not exist", "28"),
    ("database .{1,99} does not exist", "3D"),
    ("too many (connections|clients)|connection slots", "53300"),
    ("starting up|shutting down|recovery mode", "57"),
)
"""A refused connection comes without its code; this is how the server words it."""

_UNREACHABLE = (
    "the database server cannot be reached",
    "check that it runs and that `database_url` is right",
)
_COLLISIONS = {"40001", "40P01"}
"""Two transactions were in each other's way, and this one was taken back."""


def passes(error: exc.DBAPIError) -> bool:
    """Whether the transaction was taken back as a whole and may succeed if it runs again.

    Only for one that had not begun to commit. True where it met another transaction, and where
    the server went away or has not come back yet.
    """
    # Without a statement it was raised while a connection was being made.
    unconnected = isinstance(error, exc.OperationalError) and error.statement is None
    return error.connection_invalidated or unconnected or _code(error.orig) in _COLLISIONS


def words(error: Exception) -> Words | None:
    """A failure in plain words; None for one that is not PostgreSQL's, or is not known.

    Args:
        error: SQLAlchemy's, with the driver's inside.
    """
    cause = getattr(error, "orig", None)
    if not hasattr(cause, "sqlstate"):
        return None
    code = _code(cause)
    unreachable = isinstance(error, exc.OperationalError) and not code
    return _UNREACHABLE if unreachable else _CODES.get(code) or _CODES.get(code[:2])


def _code(error: BaseException | None) -> str:
    if code := getattr(error, "sqlstate", None):
        return str(code)
    said = str(error)
    return next((code for pattern, code in _REFUSALS if re.search(pattern, said)), "")
