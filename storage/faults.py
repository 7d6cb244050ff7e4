"""What a failing database says, told in plain words."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import pysqlite3
from sqlalchemy import exc

from core.errors import ConflictError, LongleafError, StorageError
from storage import postgres_faults

_FREE_SPACE = "free some space, then start the run again: nothing stored is lost"
_RESTORE = "put a backup back (`python app.py restore FILE`), or move the file away"

_SQLITE = {
    3: ("the database may not be opened", "check who owns the file and its folder"),
    5: ("the database is locked by another process", "close the other program, then try again"),
    6: ("the database is locked by another process", "close the other program, then try again"),
    8: ("the database is read-only", "check the permissions of the file and its folder"),
    10: ("the disk failed while reading or writing",
         "check it and its free space, then start the run again: nothing stored is lost"),
    11: ("the database is damaged", _RESTORE),
    13: ("the disk is full", _FREE_SPACE),
    14: ("the database cannot be opened", "check that its folder exists and may be written to"),
    26: ("the file is not a database", "choose another file, or move this one away"),
}  # fmt: skip
"""By SQLite's primary result code (https://sqlite.org/rescode.html)."""

_UNKNOWN = ("the database refused", "run `python app.py doctor`")

_BROKEN = {10, 11, 26}
"""After these a connection's cache cannot be trusted."""


def sqlite_code(error: BaseException | None) -> int:
    """The primary result code of a driver's exception; 0 where it has none."""
    return int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


def breaks_connection(error: BaseException | None) -> bool:
    """Whether the connection that raised this must not be used again."""
    return sqlite_code(error) in _BROKEN


def is_locked(error: BaseException) -> bool:
    """Whether another process is in the way."""
    return sqlite_code(error) in (5, 6)


def is_damage(error: BaseException) -> bool:
    """Whether the file is damaged, or no database at all."""
    return sqlite_code(error) in (11, 26)


def explain(error: exc.SQLAlchemyError | pysqlite3.Error) -> LongleafError:
    """The error a user sees for a driver's or SQLAlchemy's."""
    cause = error.orig if isinstance(error, exc.DBAPIError) else error
    if isinstance(error, exc.IntegrityError):
        return ConflictError(
            f"what was to be stored contradicts what is stored ({cause})",
            "it was changed or deleted meanwhile: look at it again, then repeat",
        )
    said = " ".join(str(cause).split())[:300]
    what, remedy = postgres_faults.words(error) or _SQLITE.get(sqlite_code(cause), _UNKNOWN)
    return StorageError(f"{what} ({said})", remedy)


@contextmanager
def plain_words() -> Iterator[None]:
    """Turn what the database or the file system raises into StorageError or ConflictError."""
    try:
        yield
    except (exc.DBAPIError, exc.TimeoutError, pysqlite3.Error) as error:
        raise explain(error) from error
    except OSError as error:
        raise _refused_by_disk(error) from error


def _refused_by_disk(error: OSError) -> StorageError:
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageError(f"the disk is full{where}", _FREE_SPACE)
    return StorageError(
        f"the database file cannot be used ({error})", "check the path and its permissions"
    )
