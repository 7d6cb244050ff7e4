"""How a SQLite database is copied whole while others write to it, and checked."""

from __future__ import annotations

import contextlib
import fcntl
import glob
import os
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pysqlite3

from core.errors import StorageError
from storage.database import BUSY_SECONDS, Database
from storage.faults import plain_words

_OURS = {"documents", "runs", "alembic_version"}
_BEGIN, _END = ".longleaf-", ".part"
"""Of the name of a file that is to become a copy."""


def copy(db: Database, target: Path) -> int:
    """Write the whole database, as it is at one moment, to a file; returns its size in bytes.

    The file appears when it is whole, checked and on the disk, and takes the place of one that
    was there. A kill leaves at most `.longleaf-….part` beside it, which the next copy removes.

    Args:
        db: a SQLite database; other processes may go on writing to it.
        target: the file, readable by its owner only.

    Raises:
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
    _sweep(target.parent)
    handle, part = _scratch(target.parent)
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


def _scratch(folder: Path) -> tuple[int, Path]:
    """A new file for this process alone, which a lock keeps from being swept."""
    while True:
        handle, name = tempfile.mkstemp(_END, _BEGIN, folder)
        fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:
            return handle, Path(name)
        os.close(handle)  # swept by another process before it was locked


def _sweep(folder: Path) -> None:
    """Remove what killed processes left; what is locked, or not ours to remove, stays."""
    for left in folder.glob(f"{_BEGIN}*{_END}"):
        with contextlib.suppress(OSError), left.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.with_name(f"{left.name}-journal").unlink(missing_ok=True)
            left.unlink()


def former(database: Path) -> list[Path]:
    """What restores and updates of the program have kept beside a database, by name."""
    return sorted(database.parent.glob(f"{glob.escape(database.name)}.before-*"))


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
