"""How a SQLite database is copied whole while others write to it, and checked."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pysqlite3

from core.errors import ConflictError, StorageError
from storage.database import BUSY_SECONDS, Database
from storage.faults import plain_words

_OURS = {"documents", "runs", "alembic_version"}


def copy(db: Database, target: Path) -> int:
    """Write the whole database, as it is at one moment, to a file; returns its size in bytes.

    The file appears when it is whole, checked and on the disk, and takes the place of one that
    was there. A kill leaves at most `<target>.part`, which the next copy replaces.

    Args:
        db: a SQLite database; other processes may go on writing to it.
        target: the file, readable by its owner only.

    Raises:
        ConflictError: another process is writing the same copy.
        StorageError: the disk refused, or the copy is not sound.
    """
    with plain_words(), arriving(target) as part:
        # VACUUM refuses to run inside a transaction, so this goes round the engine's BEGIN.
        raw = db.engine.raw_connection()
        try:
            raw.cursor().execute("VACUUM INTO ?", (str(part),))
        finally:
            raw.close()
        check(part, "quick_check")
    return target.stat().st_size


@contextlib.contextmanager
def arriving(target: Path) -> Iterator[Path]:
    """An empty file that becomes `target`, on the disk and at once, if the block ends well."""
    part = target.with_name(f"{target.name}.part")
    handle = _own(part)
    try:
        yield part
        os.fsync(handle)
        part.replace(target)
        sync_folder(target.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)


def _own(part: Path) -> int:
    """Open the file for this process alone, emptied of what a killed one left in it."""
    handle = os.open(part, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Whoever held the lock may have renamed the file just before we got it.
        if not part.exists() or not os.path.samestat(os.fstat(handle), part.stat()):
            raise BlockingIOError
        os.fchmod(handle, 0o600)
        os.ftruncate(handle, 0)
        part.with_name(f"{part.name}-journal").unlink(missing_ok=True)
    except BlockingIOError as error:
        os.close(handle)
        raise ConflictError(
            f"another process is writing {part}", "wait for it, then try again"
        ) from error
    except BaseException:
        os.close(handle)
        raise
    return handle


def sync_folder(folder: Path) -> None:
    """Make a rename in the folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def reading(path: Path) -> Iterator[Any]:
    """A connection of the driver's that can change nothing."""
    address = f"file:{quote(str(path.absolute()))}?mode=ro"
    connection = pysqlite3.connect(address, uri=True, isolation_level=None, timeout=BUSY_SECONDS)
    try:
        yield connection
    finally:
        connection.close()


def check(path: Path, thoroughness: str = "integrity_check") -> None:
    """Look through a database file; raises StorageError if it is damaged or no database.

    Args:
        path: the file.
        thoroughness: `integrity_check`, or `quick_check`, which leaves the indexes out.
    """
    with plain_words(), reading(path) as connection:
        found = connection.execute(f"PRAGMA {thoroughness}(1)").fetchone()[0]
    if found != "ok":
        raise StorageError(f"{path} is damaged ({found})", "use another copy")


def revision(path: Path, known: Collection[str]) -> str:
    """Which of our revisions a file holds.

    Args:
        path: a database file.
        known: the revisions that this program can bring up to its own.

    Raises:
        StorageError: it is another program's, or of a newer version of ours.
    """
    with plain_words(), reading(path) as connection:
        names = "SELECT name FROM sqlite_master WHERE type = 'table'"
        ours = {name for (name,) in connection.execute(names)} >= _OURS
        version = "SELECT version_num FROM alembic_version"
        row = connection.execute(version).fetchone() if ours else None
    if row is None:
        raise StorageError(f"{path} is no database of Longleaf's", "choose another file")
    if row[0] not in known:
        raise StorageError(
            f"{path} was made by a newer version of Longleaf (revision {row[0]})",
            "update Longleaf, then try again",
        )
    return str(row[0])
