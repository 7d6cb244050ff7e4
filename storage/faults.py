"""What a failing database says, told in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from core.errors import ConflictError, LongleafError, StorageError

_SQLITE = {
    3: ("the database may not be opened", "check who owns the file and its folder"),
    5: ("the database is locked by another process", "close the other program, then try again"),
    6: ("the database is locked by another process", "close the other program, then try again"),
    8: ("the database is read-only", "check the permissions of the file and its folder"),
    10: ("the disk failed while reading or writing", "check the disk, then start again"),
    11: ("the database is damaged", "restore a copy of the file, or move it away"),
    13: ("the disk is full", "free some space, then start the run again: nothing is lost"),
    14: ("the database cannot be opened", "check that its folder exists and may be written to"),
    26: ("the file is not a database", "choose another file, or move this one away"),
}
"""By SQLite's primary result code (https://sqlite.org/rescode.html)."""

_UNKNOWN = ("the database refused", "run `python app.py doctor`")
_SERVER = ("the database refused", "check that its server runs and that its address is right")

_BROKEN = {10, 11, 26}
"""After these a connection's cache cannot be trusted."""


def sqlite_code(error: BaseException | None) -> int:
    """The primary result code of a driver's exception; 0 where it has none."""
    return int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


def breaks_connection(error: BaseException | None) -> bool:
    """Whether the connection that raised this must not be used again."""
    return sqlite_code(error) in _BROKEN


def explain(error: exc.SQLAlchemyError) -> LongleafError:
    """The error a user sees for a driver's or SQLAlchemy's."""
    cause = error.orig if isinstance(error, exc.DBAPIError) else error
    if isinstance(error, exc.IntegrityError):
        return ConflictError(
            f"what was to be stored contradicts what is stored ({cause})",
            "it was changed or deleted meanwhile: look at it again, then repeat",
        )
    code = sqlite_code(cause)
    said = " ".join(str(cause).split())[:300]
    what, remedy = _SQLITE.get(code, _UNKNOWN if code else _SERVER)
    return StorageError(f"{what} ({said})", remedy)


@contextmanager
def plain_words() -> Iterator[None]:
    """Turn what the database or the file system raises into StorageError or ConflictError."""
    try:
        yield
    except (exc.DBAPIError, exc.TimeoutError) as error:
        raise explain(error) from error
    except OSError as error:
        raise StorageError(
            f"the database file cannot be used ({error})", "check the path and its permissions"
        ) from error
