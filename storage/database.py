"""The one door to the database: a function runs in a thread, in one transaction."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.errors import SettingsError, StorageError
from core.shielded import shielded
from storage import postgres, sqlite
from storage.commit_marks import CommitMarks
from storage.faults import plain_words
from storage.postgres_faults import passes
from storage.storable import dump

T = TypeVar("T")

BUSY_SECONDS = 30.0
"""Long enough for any transaction of ours, a migration's copy included."""

_THREADS = 4
_PAUSES = (0.01, 0.5)
"""Seconds between two tries, drawn anew each time, so that two that collide do not do so again."""

_NAME = "longleaf-database"


class Database:
    """An engine, its threads, and the rule that one call is one transaction.

    Writers of one process queue in one thread on SQLite, which has a single writer anyway: they
    wait in order instead of polling for the lock. On PostgreSQL several write at once and lock the
    rows they read in order to change; a transaction that lost its connection or met another one
    head-on runs again.

    Args:
        url: an SQLAlchemy URL: `sqlite:///file.db` or `postgresql://...` (psycopg 3).
        busy_seconds: how long to wait for another process's transaction, and for a server that
            was there and is away.

    Raises:
        SettingsError: the URL is malformed, names no file, or its driver is not installed.
        StorageError: the file cannot be made.
    """

    def __init__(self, url: str | sa.URL, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.url = parse_url(url)
        self.path = sqlite.file_of(self.url) if self.is_sqlite else None
        self._patience = 0.0 if self.is_sqlite else busy_seconds
        self._answered, self._closing = False, threading.Event()
        self._marks = None if self.is_sqlite else CommitMarks()
        if self.is_sqlite:
            if self.path is not None:
                with plain_words():
                    sqlite.make_private(self.path)
            self.engine = sqlite.make_engine(self.url, busy_seconds, dump)
            self._reading: sa.Engine = self.engine.execution_options(readonly=True)
        else:
            self.engine = postgres.make_engine(self.url, 2 * _THREADS, busy_seconds, dump)
            self._reading = postgres.reading(self.engine)
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
            database.run_sync(lambda s: database._check(s.connection()), write=False)
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
            fn: gets the session; must not keep it, must not call the database again, and must
                change nothing else: it may run more than once before it is committed.
            write: False for a function that only reads; it then waits for no writer.

        Raises:
            StorageError: disk full, locked, read-only, damaged, unreachable; or the connection
                broke during the commit, so that nobody knows whether it is stored.
            ConflictError: a key or a reference contradicts what is stored.
        """
        return await shielded(asyncio.wrap_future(self._submit(fn, write)))

    def run_sync(self, fn: Callable[[Session], T], *, write: bool = True) -> T:
        """As `run`, for callers without an event loop; blocks."""
        return self._submit(fn, write).result()

    def close(self) -> None:
        """Finish what is queued, then close every connection. May be called twice."""
        self._closing.set()
        self._writers.shutdown(wait=True)
        self._readers.shutdown(wait=True)
        if self._marks is not None:
            self._marks.forget(self.engine)
        self.engine.dispose()

    def sqlite_version(self) -> str:
        """The version of the SQLite library in use; empty for another database."""
        return sqlite.version() if self.is_sqlite else ""

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

    def _check(self, connection: sa.Connection) -> None:
        if self.is_sqlite:
            connection.execute(sa.text("SELECT 1"))
        else:
            postgres.check_server(connection)

    def _transaction(self, fn: Callable[[Session], T], write: bool) -> T:
        with plain_words():
            return self._patiently(lambda: self._once(fn, write))

    def _patiently(self, work: Callable[[], T]) -> T:
        deadline = time.monotonic() + self._patience
        while True:
            try:
                return work()
            except sa.exc.DBAPIError as error:
                hopeless = not self._answered or self._closing.is_set() or not passes(error)
                if hopeless or time.monotonic() >= deadline:
                    raise
            self._closing.wait(random.uniform(*_PAUSES))

    def _once(self, fn: Callable[[Session], T], write: bool) -> T:
        engine = self.engine if write else self._reading
        with Session(engine, expire_on_commit=False) as session:
            result = fn(session)
            session.flush()
            mark = self._marks.leave(session) if self._marks and write else ""
            try:
                session.commit()
            except sa.exc.DBAPIError as error:
                if not (write and error.connection_invalidated and self._took_place(mark, error)):
                    raise
        self._answered = True
        return result

    def _took_place(self, mark: str, error: sa.exc.DBAPIError) -> bool:
        """Whether the commit that broke off in this thread was done all the same."""
        marks = self._marks
        if marks is None:
            return False  # a file: what its disk said tells more
        try:
            if mark:
                return self._patiently(lambda: marks.stands(self.engine, mark))
        except sa.exc.DBAPIError:
            pass  # the server stays away
        raise StorageError(
            f"the connection broke during a commit: it may be stored or not ({error.orig})",
            "look at it again (`python app.py runs`); a run can be resumed and does nothing twice",
        ) from error


def parse_url(url: str | sa.URL) -> sa.URL:
    """A database's address; raises SettingsError if it is none."""
    use = "use a file's path or postgresql://user@host/name"
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):  # not shown: it may hold a password
        raise SettingsError("the database's address cannot be read", use) from None
    kind = parsed.drivername.partition("+")[0]
    if kind in ("postgresql", "postgres"):
        return postgres.normal(parsed)
    if kind != "sqlite":
        raise SettingsError(f"{kind} databases are not supported", use)
    return parsed
