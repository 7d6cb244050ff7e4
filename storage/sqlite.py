"""How a SQLite file is opened: privately, durably, with one writer at a time."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pysqlite3
import sqlalchemy as sa
from sqlalchemy import event

from core.errors import SettingsError
from storage.faults import breaks_connection

_PRAGMAS = (
    "synchronous=FULL",
    "foreign_keys=ON",
    f"journal_size_limit={64 * 1024 * 1024}",
    "secure_delete=ON",  # what is deleted is overwritten; costs 3 % of a commit's CPU
)

_STATEMENTS = 32
"""Prepared ones that a connection keeps: lists of every length make ever new ones, 20 KiB each."""


def file_of(url: sa.URL) -> Path | None:
    """The file that a URL names; None where a `file:` URI says more than a path.

    Raises:
        SettingsError: it names no file.
    """
    name = url.database or ":memory:"
    if name == ":memory:":
        raise SettingsError("the database must be a file", "give a path such as longleaf.db")
    return None if name.startswith("file:") else Path(name)


def make_private(path: Path) -> None:
    """Make an empty file that only its owner may read, unless there is one; raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Never opens a file that exists: closing a second handle on it would drop the locks that
    # SQLite holds for this process.
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def make_engine(url: sa.URL, busy_seconds: float, dump: Callable[[object], str]) -> sa.Engine:
    """An engine whose transactions hold the write lock from their beginning.

    Args:
        url: of a file.
        busy_seconds: how long to wait for another process's transaction.
        dump: what turns values into JSON.
    """
    engine = sa.create_engine(
        url,
        module=pysqlite3,
        connect_args={
            "check_same_thread": False,
            "timeout": busy_seconds,
            "cached_statements": _STATEMENTS,
        },
        json_serializer=dump,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    event.listen(engine, "handle_error", _on_error)
    return engine


def version() -> str:
    """The version of the SQLite library in use."""
    return str(pysqlite3.sqlite_version)


def _on_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not open transactions: `_on_begin` does
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA auto_vacuum=INCREMENTAL")  # only heeded by an empty file
        connection.execute("PRAGMA journal_mode=WAL")
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    # SQLite's own knows the letters of ASCII only: a search would not find É by é.
    connection.create_function("lower", 1, _lower, deterministic=True)


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _on_begin(connection: sa.Connection) -> None:
    # A transaction that reads and then writes must hold the write lock while it reads.
    reads = connection.get_execution_options().get("readonly")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _on_error(context: sa.engine.ExceptionContext) -> None:
    if breaks_connection(context.original_exception):
        context.is_disconnect = True
