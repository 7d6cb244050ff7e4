"""The door to the database: transactions, threads, cancellation, failures."""

import asyncio
import datetime as dt
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from core.errors import ConflictError, NotFoundError, SettingsError, StorageError
from storage import documents, migrate
from storage.base import LOCAL_OWNER, UTC
from storage.database import Database
from storage.tables import CalibrationRow

ROOT = Path(__file__).parents[2]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(tmp_path / "data" / "x.db")
    migrate.upgrade(database)
    yield database
    database.close()


def titles(db: Database) -> set[str]:
    return db.run_sync(
        lambda s: {row.title for row in documents.all_of(s, LOCAL_OWNER)}, write=False
    )


async def test_a_function_runs_in_one_committed_transaction(db: Database) -> None:
    made = await db.run(lambda s: documents.create(s, LOCAL_OWNER, "é 長い", {"prompt": "ü"}))
    again = await db.run(lambda s: documents.get(s, LOCAL_OWNER, made.id), write=False)
    assert (again.title, again.request) == ("é 長い", {"prompt": "ü"})
    assert again.created_at.tzinfo is dt.UTC


def test_an_exception_rolls_everything_back(db: Database) -> None:
    def fails(s: Session) -> None:
        documents.create(s, LOCAL_OWNER, "half", {})
        raise NotFoundError("no")

    with pytest.raises(NotFoundError):
        db.run_sync(fails)
    assert titles(db) == set()


async def test_a_cancelled_caller_leaves_a_whole_transaction(db: Database) -> None:
    started, go_on = threading.Event(), threading.Event()

    def two_steps(s: Session) -> None:
        documents.create(s, LOCAL_OWNER, "one", {})
        started.set()
        go_on.wait(30)
        documents.create(s, LOCAL_OWNER, "two", {})

    task = asyncio.create_task(db.run(two_steps))
    await asyncio.to_thread(started.wait, 30)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert titles(db) == set()
    go_on.set()
    await db.run(lambda s: documents.create(s, LOCAL_OWNER, "three", {}))
    assert titles(db) == {"one", "two", "three"}


async def test_a_reader_does_not_wait_for_a_writer(db: Database) -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow(s: Session) -> None:
        documents.create(s, LOCAL_OWNER, "slow", {})
        started.set()
        go_on.wait(30)

    task = asyncio.create_task(db.run(slow))
    await asyncio.to_thread(started.wait, 30)
    assert await db.run(lambda s: documents.all_of(s, LOCAL_OWNER), write=False) == []
    go_on.set()
    await task


def test_eight_connections_lose_no_update(db: Database) -> None:
    """Read-then-write in eight processes' manner: each its own engine on the same file."""

    def bump(s: Session) -> None:
        row = s.scalars(sa.select(CalibrationRow)).one()
        row.weight = row.weight + 1

    def hundred(path: Path) -> None:
        own = Database.open(path)
        for _ in range(100):
            own.run_sync(bump)
        own.close()

    db.run_sync(
        lambda s: s.add(
            CalibrationRow(owner_id=LOCAL_OWNER, endpoint="e", model="m", language="en")
        )
    )
    assert db.path is not None
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(hundred, [db.path] * 8))
    total = db.run_sync(lambda s: s.scalars(sa.select(CalibrationRow.weight)).one(), write=False)
    assert total == 800


def test_the_settings_of_a_connection_hold(db: Database) -> None:
    def pragma(name: str) -> object:
        query = sa.text(f"PRAGMA {name}")
        return db.run_sync(lambda s: s.execute(query).scalar_one(), write=False)

    assert pragma("journal_mode") == "wal"
    assert pragma("synchronous") == 2
    assert pragma("foreign_keys") == 1
    assert pragma("busy_timeout") == 30_000
    assert pragma("journal_size_limit") == 64 * 1024 * 1024
    assert tuple(map(int, db.sqlite_version().split("."))) >= (3, 51, 3)
    assert db.size_bytes() > 50_000


def test_the_file_is_private(db: Database) -> None:
    assert db.path is not None
    assert stat.S_IMODE(db.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(db.path.parent.stat().st_mode) == 0o700


def test_a_corrupt_file_is_a_storage_error(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.write_text("this is a letter to my aunt, not a database\n" * 200, encoding="utf-8")
    with pytest.raises(StorageError, match="not a database") as caught:
        Database.open(path)
    assert caught.value.remedy


def test_a_damaged_page_is_a_storage_error(db: Database) -> None:
    for index in range(200):
        db.run_sync(lambda s, i=index: documents.create(s, LOCAL_OWNER, f"{i} " * 200, {}))  # type: ignore[misc]
    db.close()
    assert db.path is not None
    size = db.path.stat().st_size
    with db.path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * (size - 8192))
    hurt = Database(db.url)
    with pytest.raises(StorageError):
        titles(hurt)
    hurt.close()


def test_a_read_only_file_is_a_storage_error_and_reads_go_on(db: Database) -> None:
    reading = Database.open(f"sqlite:///file:{db.path}?mode=ro&uri=true")
    assert reading.path is None
    assert titles(reading) == set()
    with pytest.raises(StorageError, match="read-only"):
        reading.run_sync(lambda s: documents.create(s, LOCAL_OWNER, "x", {}))
    reading.close()


def test_a_full_disk_is_a_storage_error_and_loses_nothing(db: Database) -> None:
    db.run_sync(lambda s: documents.create(s, LOCAL_OWNER, "kept", {}))
    small = Database(db.url)

    @event.listens_for(small.engine, "connect")
    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count=1")  # SQLite raises it to the present size

    with pytest.raises(StorageError, match="full") as caught:
        small.run_sync(lambda s: documents.create(s, LOCAL_OWNER, "x" * 1_000_000, {}))
    assert "free some space" in caught.value.remedy
    assert titles(small) == {"kept"}
    small.run_sync(lambda s: documents.create(s, LOCAL_OWNER, "y", {}))
    small.close()
    assert titles(db) == {"kept", "y"}


def test_a_database_locked_for_too_long_is_a_storage_error(db: Database) -> None:
    hasty = Database(db.url, busy_seconds=0.05)
    with db.engine.begin():
        with pytest.raises(StorageError, match="locked"):
            hasty.run_sync(lambda s: documents.create(s, LOCAL_OWNER, "x", {}))
        assert titles(hasty) == set()
    hasty.close()


def test_an_input_output_error_drops_the_connection(db: Database) -> None:
    class IoError(sqlite3.OperationalError):
        sqlite_errorcode = 10

    broken: list[bool] = []

    def failing(s: Session) -> None:
        connection = s.connection()
        error = sa.exc.OperationalError("x", {}, IoError())
        context = type("Context", (), {"original_exception": IoError(), "is_disconnect": False})()
        for listener in connection.dialect.dispatch.handle_error:
            listener(context)
        broken.append(context.is_disconnect)
        raise error

    with pytest.raises(StorageError, match="disk failed"):
        db.run_sync(failing)
    assert broken == [True]


def test_contradictions_are_conflicts(db: Database) -> None:
    with pytest.raises(ConflictError):
        db.run_sync(lambda s: documents.create(s, "nobody", "x", {}))


def test_a_path_that_is_no_place_for_a_file_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError):
        Database.open(tmp_path / "file" / "x.db")
    with pytest.raises(StorageError):
        Database.open(tmp_path)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "://", "oracle9://x/y"])
def test_a_useless_address_is_a_settings_error(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Database.open(url)
    assert caught.value.remedy


def test_a_path_with_odd_characters_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a?b=c%20 é#.db"
    Database.open(path).close()
    assert path.exists()


def test_closing_twice_is_harmless_and_ends_the_work(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "x.db")
    database.close()
    database.close()
    with pytest.raises(StorageError, match="closed"):
        titles(database)


def test_a_transaction_inside_a_transaction_is_refused_instead_of_waiting_for_ever(
    db: Database,
) -> None:
    with pytest.raises(RuntimeError, match="wait for itself"):
        db.run_sync(lambda _: titles(db))


def test_times_need_a_zone_and_come_back_in_utc() -> None:
    kind, dialect = UTC(), sa.create_engine("sqlite://").dialect
    east = dt.datetime(2026, 1, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    stored = kind.process_bind_param(east, dialect)
    assert stored == dt.datetime(2026, 1, 1, 4, tzinfo=dt.UTC)
    assert kind.process_result_value(stored.replace(tzinfo=None), dialect) == east
    assert kind.process_result_value(stored, dialect) == east
    with pytest.raises(ValueError, match="zone"):
        kind.process_bind_param(dt.datetime(2026, 1, 1), dialect)  # noqa: DTZ001


KILLED = """
import os, signal, sys
from storage import documents
from storage.database import Database

def die(s):
    documents.create(s, "local", "lost", {})
    os.kill(os.getpid(), signal.SIGKILL)

db = Database.open(sys.argv[1])
db.run_sync(lambda s: documents.create(s, "local", "kept", {}))
db.run_sync(die)
"""


def test_a_killed_process_loses_what_it_had_not_committed_and_nothing_else(db: Database) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(db.path)], cwd=ROOT, check=False, env={**os.environ}
    )
    assert done.returncode == -signal.SIGKILL
    assert titles(db) == {"kept"}
    db.run_sync(lambda s: documents.create(s, LOCAL_OWNER, "next", {}))
    assert titles(db) == {"kept", "next"}
