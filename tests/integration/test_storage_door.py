"""The door to the database, on SQLite and PostgreSQL alike: transactions, threads, cancellation."""

import asyncio
import datetime as dt
import gc
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.errors import ConflictError, NotFoundError, StorageError
from storage import documents
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.tables import CalibrationRow

ROOT = Path(__file__).parents[2]


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    database = Database.open(database_url)
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


async def test_a_cancelled_caller_leaves_a_whole_transaction(
    db: Database, database_url: str
) -> None:
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
    db.close()  # several write at once to a server: this waits for the one nobody waits for
    again = Database.open(database_url)
    assert titles(again) == {"one", "two", "three"}
    again.close()


async def test_nobody_complains_of_an_error_that_a_cancelled_caller_would_have_had(
    db: Database,
) -> None:
    complaints: list[str] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, told: complaints.append(str(told["message"])))
    begun, go_on = threading.Event(), threading.Event()

    def work(s: Session) -> None:
        begun.set()
        assert go_on.wait(30)
        raise NotFoundError("nothing there")

    task = asyncio.create_task(db.run(work))
    assert await asyncio.to_thread(begun.wait, 30)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    await asyncio.to_thread(db.close)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    gc.collect()
    assert complaints == []


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
    """Read-then-write in eight processes' manner: each its own engine on the same database."""

    def bump(s: Session) -> None:
        row = s.scalars(sa.select(CalibrationRow).with_for_update()).one()
        row.weight = row.weight + 1

    def hundred(_: int) -> None:
        own = Database(db.url)
        for _ in range(100):
            own.run_sync(bump)
        own.close()

    db.run_sync(
        lambda s: s.add(
            CalibrationRow(owner_id=LOCAL_OWNER, endpoint="e", model="m", language="en")
        )
    )
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(hundred, range(8)))
    total = db.run_sync(lambda s: s.scalars(sa.select(CalibrationRow.weight)).one(), write=False)
    assert total == 800


def test_contradictions_are_conflicts(db: Database) -> None:
    with pytest.raises(ConflictError):
        db.run_sync(lambda s: documents.create(s, "nobody", "x", {}))


def test_closing_twice_is_harmless_and_ends_the_work(db: Database) -> None:
    db.close()
    db.close()
    with pytest.raises(StorageError, match="closed"):
        titles(db)


def test_a_transaction_inside_a_transaction_is_refused_instead_of_waiting_for_ever(
    db: Database,
) -> None:
    with pytest.raises(RuntimeError, match="wait for itself"):
        db.run_sync(lambda _: titles(db))


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
        [sys.executable, "-c", KILLED, db.url.render_as_string()], cwd=ROOT, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert titles(db) == {"kept"}
    db.run_sync(lambda s: documents.create(s, LOCAL_OWNER, "next", {}))
    assert titles(db) == {"kept", "next"}
