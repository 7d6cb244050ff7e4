"""How much room the database takes, and how room it no longer needs is given back."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.database import Database
from storage.faults import plain_words

_INCREMENTAL = 2
"""What `PRAGMA auto_vacuum` answers where pages can be given back without a rewrite."""


@dataclass(frozen=True)
class Space:
    """In bytes; the last two are 0 for another database than SQLite."""

    database: int
    log: int = 0
    """The write-ahead log beside the file."""
    free: int = 0
    """Inside the file and unused."""


def space(db: Database) -> Space:
    """How much room the database takes; raises StorageError."""
    if db.path is None:
        return Space(db.size_bytes())
    log = Path(f"{db.path}-wal")
    with _driver(db) as run:
        (pages,), (free,), (size,) = (
            run(f"PRAGMA {name}").fetchone()
            for name in ("page_count", "freelist_count", "page_size")
        )
    return Space(pages * size, log.stat().st_size if log.exists() else 0, free * size)


def give_back(db: Database) -> bool:
    """Shrink a SQLite file by the pages it does not use, and empty its log.

    Returns:
        Whether the log is empty now; see `empty_log`.

    Raises:
        StorageError: the disk refused, or another process was busy for too long.
    """
    if db.path is None:
        return True
    with _driver(db) as run:
        if run("PRAGMA auto_vacuum").fetchone()[0] == _INCREMENTAL:
            run("PRAGMA incremental_vacuum").fetchall()
        else:  # made by a version that could not: rewritten once, and from then on it can
            run("PRAGMA auto_vacuum=INCREMENTAL")
            run("VACUUM")
    return empty_log(db)


def empty_log(db: Database) -> bool:
    """Fold the write-ahead log into the file and empty it, without waiting for anyone.

    Returns:
        Whether it is empty now: while others read or write it is left for another time.
    """
    if db.path is None:
        return True
    with _driver(db) as run:
        patience = run("PRAGMA busy_timeout").fetchone()[0]
        run("PRAGMA busy_timeout=0")
        try:
            busy = run("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            run(f"PRAGMA busy_timeout={patience}")
    return not busy


def problems(db: Database) -> list[str]:
    """What SQLite finds wrong in the file, at most ten lines; reads all of it."""
    if db.path is None:
        return []
    with _driver(db) as run:
        found = [str(line) for (line,) in run("PRAGMA quick_check(10)").fetchall()]
    return [line for line in found if line != "ok"]


@contextlib.contextmanager
def _driver(db: Database) -> Iterator[Any]:
    """What runs a statement outside any transaction, where the engine always begins one."""
    with plain_words():
        raw = db.engine.raw_connection()
        try:
            yield raw.cursor().execute
        finally:
            raw.close()
