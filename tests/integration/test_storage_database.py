"""A SQLite file behind the door: its settings, and what goes wrong with it."""

import datetime as dt
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from core.errors import SettingsError, StorageError
from storage import documents, migrate
from storage.base import LOCAL_OWNER, UTC
from storage.database import Database


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


def test_a_path_that_is_no_place_for_a_file_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError):
        Database.open(tmp_path / "file" / "x.db")
    with pytest.raises(StorageError):
        Database.open(tmp_path)


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "://", "oracle9://x/y", "mysql://x/y"]
)
def test_a_useless_address_is_a_settings_error(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Database.open(url)
    assert caught.value.remedy


def test_a_path_with_odd_characters_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a?b=c%20 é#.db"
    Database.open(path).close()
    assert path.exists()


def test_times_need_a_zone_and_come_back_in_utc() -> None:
    kind, dialect = UTC(), sa.create_engine("sqlite://").dialect
    east = dt.datetime(2026, 1, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    stored = kind.process_bind_param(east, dialect)
    assert stored == dt.datetime(2026, 1, 1, 4, tzinfo=dt.UTC)
    assert kind.process_result_value(stored.replace(tzinfo=None), dialect) == east
    assert kind.process_result_value(stored, dialect) == east
    with pytest.raises(ValueError, match="zone"):
        kind.process_bind_param(dt.datetime(2026, 1, 1), dialect)  # noqa: DTZ001
