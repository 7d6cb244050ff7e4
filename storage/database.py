"""The one door to the database: a function runs in a thread, in one transaction."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pysqlite3
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from core.errors import SettingsError, StorageError
from storage.faults import breaks_connection, plain_words

T = TypeVar("T")

BUSY_SECONDS = 30.0
"""Long enough for any transaction of ours, a migration's copy included."""

_PRAGMAS = ("synchronous=FULL", "foreign_keys=ON", f"journal_size_limit={64 * 1024 * 1024}")
_THREADS = 4
_NAME = "longleaf-database"


class Database:
    """An engine, its threads, and the rule that one call is one transaction.

    Writers of one process queue in one thread on SQLite, which has a single writer anyway: they
    wait in order instead of polling for the lock.

    Args:
        url: an SQLAlchemy URL: `sqlite:///file.db` or `postgresql://...` (psycopg 3).
        busy_seconds: how long to wait for another process's transaction (SQLite).

    Raises:
        SettingsError: the URL is malformed, names no file, or its driver is not installed.
        StorageError: the file cannot be made.
    """

    def __init__(self, url: str | sa.URL, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.url = _parse(url)
        self.path = _file(self.url)
        if self.path is not None:
            with plain_words():
                _make_private(self.path)
        self.engine = _make_engine(self.url, busy_seconds)
        self._reading = self.engine.execution_options(readonly=True)
        self._readers = ThreadPoolExecutor(_THREADS, f"{_NAME}-read")
        self._writers = ThreadPoolExecutor(1 if self.is_sqlite else _THREADS, f"{_NAME}-write")

    @classmethod
    def open(cls, url_or_path: str | Path) -> Database:
        """Connect, creating a SQLite file if there is none; raises StorageError if it is unusable.

        Args:
            url_or_path: a URL (it contains `://`) or the path of a SQLite file.
        """
        text = str(url_or_path)
        url = text if "://" in text else sa.URL.create("sqlite", database=text)
        database = cls(url)
        try:
            database.run_sync(lambda s: s.execute(sa.text("SELECT 1")), write=False)
        except StorageError:
            database.close()
            raise
        return database

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a SQLite file."""
        return self.url.get_backend_name() == "sqlite"

    async def run(self, fn: Callable[[Session], T], *, write: bool = True) -> T:
        """Run `fn` in a thread, in one transaction: committed at its end, rolled back if it raises.

        A cancelled caller gets CancelledError at once; the transaction still ends as a whole.

        Args:
            fn: gets the session; must not keep it, and must not call the database again.
            write: False for a function that only reads; it then waits for no writer.

        Raises:
            StorageError: disk full, locked, read-only, damaged, unreachable.
            ConflictError: a key or a reference contradicts what is stored.
        """
        return await asyncio.shield(asyncio.wrap_future(self._submit(fn, write)))

    def run_sync(self, fn: Callable[[Session], T], *, write: bool = True) -> T:
        """As `run`, for callers without an event loop; blocks."""
        return self._submit(fn, write).result()

    def close(self) -> None:
        """Finish what is queued, then close every connection. May be called twice."""
        self._writers.shutdown(wait=True)
        self._readers.shutdown(wait=True)
        self.engine.dispose()

    def sqlite_version(self) -> str:
        """The version of the SQLite library in use; empty for another database."""
        return str(pysqlite3.sqlite_version) if self.is_sqlite else ""

    def size_bytes(self) -> int:
        """How large the database is, in bytes, as it counts itself (without its WAL)."""
        query = (
            "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
            if self.is_sqlite
            else "SELECT pg_database_size(current_database())"
        )
        return int(self.run_sync(lambda s: s.execute(sa.text(query)).scalar_one(), write=False))

    def _submit(self, fn: Callable[[Session], T], write: bool) -> Future[T]:
        if threading.current_thread().name.startswith(_NAME):
            raise RuntimeError("a transaction must not start another one: it would wait for itself")
        threads = self._writers if write else self._readers
        try:
            return threads.submit(self._transaction, fn, write)
        except RuntimeError as error:
            raise StorageError("the database is closed", "start the program again") from error

    def _transaction(self, fn: Callable[[Session], T], write: bool) -> T:
        engine = self.engine if write else self._reading
        with plain_words(), Session(engine, expire_on_commit=False) as session, session.begin():
            return fn(session)


def _parse(url: str | sa.URL) -> sa.URL:
    try:
        return sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise SettingsError(
            "the database's address cannot be read",  # not shown: it may hold a password
            "use a file's path or postgresql://user@host/name",
        ) from error


def _file(url: sa.URL) -> Path | None:
    if url.get_backend_name() != "sqlite":
        return None
    name = url.database or ":memory:"
    if name == ":memory:":
        raise SettingsError("the database must be a file", "give a path such as longleaf.db")
    return None if name.startswith("file:") else Path(name)


def _make_private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Never opens a file that exists: closing a second handle on it would drop the locks that
    # SQLite holds for this process.
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _make_engine(url: sa.URL, busy_seconds: float) -> sa.Engine:
    if url.get_backend_name() != "sqlite":
        try:
            return sa.create_engine(url, pool_pre_ping=True, json_serializer=_dump)
        except (ImportError, sa.exc.NoSuchModuleError) as error:
            raise SettingsError(
                f"the driver for {url.drivername} is not installed",
                'for PostgreSQL: pip install -e ".[postgres]"',
            ) from error
    engine = sa.create_engine(
        url,
        module=pysqlite3,
        connect_args={"check_same_thread": False, "timeout": busy_seconds},
        json_serializer=_dump,
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    event.listen(engine, "handle_error", _on_error)
    return engine


def _on_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not open transactions: `_on_begin` does
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode=WAL")
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: sa.Connection) -> None:
    # A transaction that reads and then writes must hold the write lock while it reads.
    reads = connection.get_execution_options().get("readonly")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _on_error(context: sa.engine.ExceptionContext) -> None:
    if breaks_connection(context.original_exception):
        context.is_disconnect = True
