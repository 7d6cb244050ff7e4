"""Copies of a database that others write to, and copies that take its place."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.errors import ConflictError, RequestError, StorageError
from services.housekeeping import Housekeeping, put_back
from storage import backup, documents, migrate, runs
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.holder import Holder

ROOT = Path(__file__).parents[2]


def opened(path: Path) -> Database:
    database = Database.open(path)
    migrate.upgrade(database)
    return database


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = opened(tmp_path / "x.db")
    yield database
    database.close()


def add(db: Database, title: str) -> str:
    return db.run_sync(lambda s: documents.create(s, LOCAL_OWNER, title, {}).id)


def titles(path: Path) -> list[str]:
    """What a file holds, read without leaving anything beside it."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return sorted(title for (title,) in connection.execute("SELECT title FROM documents"))
    finally:
        connection.close()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# Copies


async def test_a_copy_is_whole_private_and_alone(db: Database, tmp_path: Path) -> None:
    add(db, "one")
    copy = tmp_path / "copies" / "x.db"
    copy.parent.mkdir()
    assert await Housekeeping(db).back_up(copy) == copy.stat().st_size
    add(db, "two")
    assert titles(copy) == ["one"]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert names(copy.parent) == ["x.db"]
    with pytest.raises(ConflictError, match="exists"):
        await Housekeeping(db).back_up(copy)
    await Housekeeping(db).back_up(copy, force=True)
    assert titles(copy) == ["one", "two"]


async def test_copies_made_while_others_write_hold_whole_transactions(
    db: Database, tmp_path: Path
) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            pair = [f"{number:05}a", f"{number:05}b"]
            db.run_sync(lambda s: [documents.create(s, LOCAL_OWNER, x, {}).id for x in pair])  # noqa: B023

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            await Housekeeping(db).back_up(tmp_path / f"{number}.db")
    finally:
        stop.set()
        writer.join()
    found = [titles(tmp_path / f"{number}.db") for number in range(5)]
    for held in found:
        assert [title[:-1] for title in held[::2]] == [title[:-1] for title in held[1::2]]
        assert held == found[-1][: len(held)]
    await Housekeeping(db).back_up(tmp_path / "last.db")
    assert len(titles(tmp_path / "last.db")) > len(found[0])


@pytest.mark.parametrize("name", ["x.db", "x.db-wal", ".", "nowhere/x.db"])
async def test_no_copy_where_none_can_be(db: Database, tmp_path: Path, name: str) -> None:
    with pytest.raises(RequestError) as caught:
        await Housekeeping(db).back_up(tmp_path / name, force=True)
    assert caught.value.remedy


def test_a_killed_copy_leaves_what_the_next_one_removes(db: Database, tmp_path: Path) -> None:
    (tmp_path / ".longleaf-killed.part").write_bytes(b"torn" * 5000)
    (tmp_path / ".longleaf-killed.part-journal").write_bytes(b"torn")
    backup.copy(db, tmp_path / "c.db")
    assert titles(tmp_path / "c.db") == []
    assert [name for name in names(tmp_path) if "part" in name] == []


async def test_only_the_file_that_is_named_is_written(db: Database, tmp_path: Path) -> None:
    precious = [tmp_path / f"c.db.part{end}" for end in ("", "-journal", "ner")]
    for path in precious:
        path.write_text("precious", encoding="utf-8")
    await Housekeeping(db).back_up(tmp_path / "c.db")
    await Housekeeping(db).back_up(tmp_path / "c.db", force=True)
    put_back(tmp_path / "c.db", tmp_path / "c")
    assert [path.read_text(encoding="utf-8") for path in precious] == ["precious"] * 3


async def test_only_an_ordinary_file_is_replaced(db: Database, tmp_path: Path) -> None:
    pipe, link, copy = (tmp_path / name for name in ("pipe", "link", "copy"))
    os.mkfifo(pipe)
    link.symlink_to("/dev/null")
    for path in (pipe, link):
        with pytest.raises(RequestError, match="no ordinary file"):
            await Housekeeping(db).back_up(path, force=True)
    await Housekeeping(db).back_up(copy)
    for path in (pipe, link):
        with pytest.raises(RequestError, match="no ordinary file"):
            put_back(copy, path)
    assert pipe.is_fifo()
    assert Path("/dev/null").is_char_device()


def test_two_copies_to_one_file_do_not_mix(db: Database, tmp_path: Path) -> None:
    copy = tmp_path / "c.db"
    with backup.arriving(copy) as part:
        backup.copy(db, copy)
        assert titles(copy) == []
        part.write_bytes(b"the last to arrive")
    assert copy.read_bytes() == b"the last to arrive"
    assert [name for name in names(tmp_path) if "part" in name] == []


def test_a_copy_that_fails_leaves_nothing(db: Database, tmp_path: Path) -> None:
    before = tmp_path / "c.db"
    before.write_bytes(b"as it was")

    def interrupted() -> None:
        with backup.arriving(before) as part:
            part.write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert before.read_bytes() == b"as it was"
    assert [name for name in names(tmp_path) if "part" in name] == []


# Putting one back


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """(database, copy): the copy holds `old`, the database `old` and `new`."""
    database = opened(tmp_path / "x.db")
    add(database, "old")
    backup.copy(database, tmp_path / "copy.db")
    add(database, "new")
    database.close()
    return tmp_path / "x.db", tmp_path / "copy.db"


def test_a_copy_takes_the_place_and_what_was_there_is_kept(pair: tuple[Path, Path]) -> None:
    target, copy = pair
    restored = put_back(copy, target)
    assert restored.kept is not None
    assert restored.kept.name.startswith("x.db.before-restore-")
    assert names(target.parent) == sorted(["copy.db", "x.db", restored.kept.name])
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert titles(restored.kept) == ["new", "old"]
    assert titles(target) == titles(copy) == ["old"]


def test_what_only_the_log_holds_is_kept_too(pair: tuple[Path, Path]) -> None:
    target, copy = pair
    killed = "import os,sqlite3,sys;c=sqlite3.connect(sys.argv[1]);" \
        "c.execute(\"UPDATE documents SET title='logged' WHERE title='new'\");" \
        "c.commit();os._exit(0)"  # fmt: skip
    subprocess.run([sys.executable, "-c", killed, str(target)], check=True)
    assert Path(f"{target}-wal").stat().st_size
    restored = put_back(copy, target)
    assert restored.kept is not None
    assert titles(restored.kept) == ["logged", "old"]
    assert titles(target) == ["old"]


def test_there_need_not_be_a_database(pair: tuple[Path, Path], tmp_path: Path) -> None:
    target = tmp_path / "fresh" / "x.db"
    assert put_back(pair[1], target).kept is None
    assert titles(target) == ["old"]
    assert stat.S_IMODE(target.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("at", [0, 100])
def test_a_damaged_database_is_replaced_and_kept(pair: tuple[Path, Path], at: int) -> None:
    target, copy = pair
    with target.open("r+b") as file:
        file.seek(at)
        file.write(b"\xff" * 900)
    damaged = target.read_bytes()
    Path(f"{target}-wal").write_bytes(b"a log that fits no database")
    kept = put_back(copy, target).kept
    assert kept is not None
    assert not Path(f"{target}-wal").exists()
    assert kept.read_bytes() == damaged
    assert titles(target) == ["old"]


HOLD = """
import sys
import pysqlite3
c = pysqlite3.connect(sys.argv[1])
try:
    c.execute("SELECT * FROM sqlite_master").fetchall()
except pysqlite3.DatabaseError:
    pass
print("open", flush=True)
sys.stdin.read()
"""


def test_a_database_that_another_process_has_open_is_left_alone(pair: tuple[Path, Path]) -> None:
    target, copy = pair
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(target)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(ConflictError, match="open") as caught:
            put_back(copy, target)
        other.stdin.close()
    assert "restore again" in caught.value.remedy
    assert titles(target) == ["new", "old"]
    put_back(copy, target)
    assert titles(target) == ["old"]


def test_a_run_that_a_living_process_works_on_is_not_replaced(pair: tuple[Path, Path]) -> None:
    target, copy = pair
    database = opened(target)
    document = add(database, "held")
    elsewhere = Holder("another-machine", 7, 0)

    def hold(s: sa.orm.Session) -> None:
        run = runs.create(s, document, LOCAL_OWNER, "parallel", {})
        runs.claim(s, run.id, elsewhere)

    database.run_sync(hold)
    database.close()
    with pytest.raises(ConflictError, match="process 7 on another-machine works on run run_"):
        put_back(copy, target)
    assert titles(target) == ["held", "new", "old"]


def test_only_sound_copies_of_ours_are_put_back(pair: tuple[Path, Path], tmp_path: Path) -> None:
    target, copy = pair
    text, foreign, torn, newer = (tmp_path / name for name in ("t", "f.db", "torn.db", "newer.db"))
    text.write_text("A letter.", encoding="utf-8")
    other = sqlite3.connect(foreign)
    other.execute("CREATE TABLE recipes (id INTEGER)")
    other.close()
    torn.write_bytes(copy.read_bytes()[:-8192])
    newer.write_bytes(copy.read_bytes())
    later = sqlite3.connect(newer)
    later.execute("UPDATE alembic_version SET version_num = '9999'")
    later.commit()
    later.close()
    for source, said in ((text, "not a database"), (foreign, "Longleaf's"), (newer, "newer")):
        with pytest.raises(StorageError, match=said) as caught:
            put_back(source, target)
        assert caught.value.remedy
    with pytest.raises(StorageError):
        put_back(torn, target)
    for source in (tmp_path, tmp_path / "gone", target):
        with pytest.raises(RequestError):
            put_back(source, target)
    assert titles(target) == ["new", "old"]
    assert [name for name in names(tmp_path) if "restore" in name or "part" in name] == []


def test_a_server_is_left_to_its_own_tools() -> None:
    with pytest.raises(RequestError) as caught:
        put_back(Path("a copy"), "postgresql+psycopg://me:geheim@db.example/long?password=geheim")
    assert "pg_restore" in caught.value.remedy
    assert "postgresql://me@db.example/long 'a copy'" in caught.value.remedy
    assert "geheim" not in caught.value.remedy


KILLED = '''
"""Restores again and again, killed at the first, second, third … change to the file system."""
import os, pathlib, signal, sys
from services.housekeeping import put_back
from tests.integration.test_backup import titles

target, copy = map(pathlib.Path, sys.argv[1:])
EVENTS = {"os.rename", "os.link", "os.remove", "os.truncate", "os.chmod", "sqlite3.connect"}
SYNCS = ("fsync", "ftruncate", "fchmod")


def child(k):
    seen = 0

    def count():
        nonlocal seen
        seen += 1
        if seen == k:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(lambda event, _: count() if event in EVENTS else None)
    for name in SYNCS:
        real = getattr(os, name)
        setattr(os, name, lambda *a, real=real: (real(*a), count())[0])
    put_back(copy, target)
    os._exit(0)


for k in range(1, 1000):
    pid = os.fork()
    if not pid:
        child(k)
    status = os.waitpid(pid, 0)[1]
    print(k, titles(target), flush=True)
    if os.WIFEXITED(status):
        sys.exit(os.WEXITSTATUS(status))
'''


def test_a_kill_at_any_step_leaves_the_old_database_or_the_new(pair: tuple[Path, Path]) -> None:
    target, copy = pair
    command = [sys.executable, "-c", KILLED, str(target), str(copy)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    held = [line.partition(" ")[2] for line in done.stdout.splitlines()]
    assert len(held) > 6
    assert set(held) == {"['new', 'old']", "['old']"}
    assert held == sorted(held), "once it is the new one it stays so"
    kept = [path for path in target.parent.iterdir() if "before-restore" in path.name]
    assert ["new", "old"] in [titles(path) for path in kept]
    assert not [path for path in kept if path.samefile(target)]
    assert [name for name in names(target.parent) if "part" in name] == []
