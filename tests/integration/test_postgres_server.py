"""PostgreSQL behind the door: limits of time, a server that goes away, commits without answer."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from core.errors import StorageError
from storage import documents
from storage import postgres as postgres_module
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.tables import CommitMarkRow, DocumentRow
from tests.postgres import Server, terminate


@pytest.fixture
def db(postgres_url: str) -> Iterator[Database]:
    database = Database.open(postgres_url)
    yield database
    database.close()


def add(s: Session, title: str = "kept") -> None:
    documents.create(s, LOCAL_OWNER, title, {})


def titles(db: Database) -> list[str]:
    rows = db.run_sync(lambda s: documents.all_of(s, LOCAL_OWNER), write=False)
    return sorted(row.title for row in rows)


def backend(s: Session) -> int:
    return s.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()


def test_limits_of_time_hold_on_every_connection(db: Database) -> None:
    def shown(s: Session) -> list[str]:
        names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
        return [s.execute(sa.text(f"SHOW {name}")).scalar_one() for name in names]

    assert db.run_sync(shown) == ["30s", "1min", "20s"]
    assert db.run_sync(shown, write=False) == ["30s", "1min", "20s"]
    assert db.size_bytes() > 1_000_000
    assert db.sqlite_version() == ""


def test_a_lock_held_for_too_long_is_a_storage_error(db: Database) -> None:
    made = db.run_sync(lambda s: documents.create(s, LOCAL_OWNER, "kept", {}).id)
    hasty = Database(db.url, busy_seconds=0.05)
    with db.engine.begin() as connection:
        connection.execute(sa.text("SELECT FROM documents FOR UPDATE"))
        with pytest.raises(StorageError, match="locked"):
            hasty.run_sync(lambda s: documents.lock(s, made))
    hasty.close()


def test_a_process_that_stops_moving_loses_its_transaction(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_module, "FROZEN_SECONDS", 0.1)
    frozen = Database(postgres_url)
    made = frozen.run_sync(lambda s: documents.create(s, LOCAL_OWNER, "", {}).id)
    stands, moves = threading.Event(), threading.Event()

    def append(s: Session, letter: str, *, freeze: bool = False) -> None:
        row = documents.get(s, LOCAL_OWNER, made)
        if freeze:
            stands.set()
            moves.wait(30)
        row.title += letter

    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(frozen.run_sync, lambda s: append(s, "a", freeze=True))
        assert stands.wait(30)
        frozen.run_sync(lambda s: append(s, "b"))
        moves.set()
        waiting.result()
    assert titles(frozen) == ["ba"]
    frozen.close()


def test_what_only_reads_writes_nothing_and_sees_one_moment(db: Database) -> None:
    with pytest.raises(StorageError, match="read-only"):
        db.run_sync(add, write=False)

    def twice(s: Session) -> tuple[int, int]:
        before = len(documents.all_of(s, LOCAL_OWNER))
        with ThreadPoolExecutor(1) as other:
            other.submit(db.run_sync, add).result()
        return before, len(documents.all_of(s, LOCAL_OWNER))

    assert db.run_sync(twice, write=False) == (0, 0)
    assert titles(db) == ["kept"]


def test_a_server_that_was_restarted_is_not_even_noticed(db: Database, postgres: Server) -> None:
    db.run_sync(add)
    postgres.restart()
    assert titles(db) == ["kept"]
    postgres.restart()
    db.run_sync(lambda s: add(s, "more"))
    assert titles(db) == ["kept", "more"]


def test_a_server_that_is_away_is_waited_for(db: Database, postgres: Server) -> None:
    tried = threading.Event()

    @event.listens_for(db.engine, "do_connect")
    def count(*_: Any) -> None:
        tried.set()

    db.run_sync(add)
    postgres.stop()
    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(db.run_sync, lambda s: add(s, "late"))
        assert tried.wait(30)
        assert not waiting.done()
        postgres.start()
        waiting.result()
    assert titles(db) == ["kept", "late"]


def test_a_server_that_stays_away_is_a_storage_error(postgres: Server, postgres_url: str) -> None:
    hasty = Database(postgres_url, busy_seconds=0.05)
    hasty.run_sync(add)
    postgres.stop()
    with pytest.raises(StorageError, match="cannot be reached|broke"):
        hasty.run_sync(add)
    postgres.start()
    assert titles(hasty) == ["kept"]
    hasty.close()


def test_a_transaction_cut_half_way_runs_again_and_is_stored_once(
    db: Database, postgres_url: str
) -> None:
    pids: list[int] = []

    def cut(s: Session) -> None:
        add(s, "one")
        pids.append(backend(s))
        if len(pids) == 1:
            terminate(postgres_url, pids[0])
        add(s, "two")

    db.run_sync(cut)
    assert len(set(pids)) == 2
    assert titles(db) == ["one", "two"]


class Cut:
    """Stands in for the dialect's COMMIT: breaks the connection before or after the first one."""

    def __init__(self, db: Database, url: str, moment: str) -> None:
        self._commit, self._url, self._moment = db.engine.dialect.do_commit, url, moment
        self.cuts = 0

    def __call__(self, connection: Any) -> None:
        first, self.cuts = self.cuts == 0, 1
        pid = connection.dbapi_connection.info.backend_pid
        if first and self._moment == "before":
            terminate(self._url, pid)
        self._commit(connection)
        if first and self._moment == "after":
            terminate(self._url, pid)
            connection.execute("SELECT 1")


@pytest.mark.parametrize(("moment", "runs"), [("before", 2), ("after", 1)])
def test_a_transaction_cut_at_its_commit_is_stored_once(
    db: Database, postgres_url: str, monkeypatch: pytest.MonkeyPatch, moment: str, runs: int
) -> None:
    db.run_sync(lambda s: add(s, "first"))
    tries: list[str] = []

    def work(s: Session) -> Sequence[DocumentRow]:
        tries.append("try")
        add(s, "second")
        return documents.all_of(s, LOCAL_OWNER)

    cut = Cut(db, postgres_url, moment)
    monkeypatch.setattr(db.engine.dialect, "do_commit", cut)
    made = db.run_sync(work)
    assert cut.cuts == 1
    assert len(tries) == runs
    assert titles(db) == ["first", "second"]
    assert [row.title for row in made] == ["second", "first"]


def test_a_commit_that_nobody_can_ask_about_is_told(
    postgres: Server, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty = Database(postgres_url, busy_seconds=0.05)
    hasty.run_sync(add)

    def gone(connection: Any) -> None:
        postgres.stop()
        connection.execute("SELECT 1")

    with monkeypatch.context() as patch:
        patch.setattr(hasty.engine.dialect, "do_commit", gone)
        with pytest.raises(StorageError, match="stored or not") as caught:
            hasty.run_sync(lambda s: add(s, "lost"))
    assert "resumed" in caught.value.remedy
    postgres.start()
    assert titles(hasty) == ["kept"]
    hasty.close()


def test_marks_go_with_their_process(db: Database, postgres_url: str) -> None:
    def marks(s: Session) -> int:
        return len(s.scalars(sa.select(CommitMarkRow)).all())

    other = Database.open(postgres_url)
    other.run_sync(add)
    assert db.run_sync(marks, write=False) == 1
    other.close()
    assert db.run_sync(marks, write=False) == 0


def test_two_transactions_that_cross_both_end(db: Database) -> None:
    ids = [db.run_sync(lambda s: documents.create(s, LOCAL_OWNER, "0", {}).id) for _ in range(2)]
    both = threading.Barrier(2)
    first_try = threading.local()

    def crossing(s: Session, one: str, other: str) -> None:
        documents.lock(s, one)
        if not hasattr(first_try, "over"):
            first_try.over = True
            both.wait(30)
        documents.lock(s, other)
        for row in documents.all_of(s, LOCAL_OWNER):
            row.title = str(int(row.title) + 1)

    with ThreadPoolExecutor(2) as threads:
        for order in (ids, ids[::-1]):
            threads.submit(db.run_sync, lambda s, o=order: crossing(s, *o))  # type: ignore[misc]
    assert titles(db) == ["2", "2"]
