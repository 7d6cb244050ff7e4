"""How a copy takes a SQLite database's place: the old one, or the new one, at every moment."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import glob
import json
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pysqlite3
import sqlalchemy as sa

from core.errors import ConflictError, RequestError, StorageError
from storage import sqlite
from storage.backup import arriving, check, reading, revision, sync_folder
from storage.base import now
from storage.database import parse_url
from storage.faults import is_damage, is_locked, plain_words
from storage.holder import Holder

_SHARED_BYTES = (510, 0x40000002)
"""Count and place of the bytes that SQLite locks while a file is open (os_unix.c, SHARED_SIZE)."""


@dataclass(frozen=True)
class Restored:
    """What was done."""

    revision: str
    """Of the copy as it came."""
    kept: Path | None
    """Where the database that was there is now; None if there was none."""


def file_of(url_or_path: str | Path) -> Path | None:
    """Where the SQLite file of an address lies, as `Database.open` takes it; None for others."""
    text = str(url_or_path)
    if "://" not in text:
        return Path(text)
    url = parse_url(text)
    return sqlite.file_of(url) if url.get_backend_name() == "sqlite" else None


def without_password(url: str | sa.URL) -> str:
    """A server's address as its own tools take it, which ask for the password."""
    url = parse_url(url)
    query = {name: value for name, value in url.query.items() if name != "password"}
    plain = sa.URL.create(
        url.get_backend_name(), url.username, None, url.host, url.port, url.database, query
    )
    return plain.render_as_string()


def put_back(source: Path, target: Path, known: Collection[str]) -> Restored:
    """Put a checked copy of `source` where the database is, and keep what was there beside it.

    Args:
        source: a database file, such as `backup.copy` makes; it is only read.
        target: the database; need not exist, and may be damaged.
        known: the revisions that this program can bring up to its own.

    Raises:
        RequestError: `source` is no file, or is the database itself, or that is no file.
        ConflictError: another process has the database open.
        StorageError: `source` is damaged, not ours, or too new; or the disk refused. Nothing has
            changed then.
    """
    _check_names(source, target)
    check(source)
    found = revision(source, known)
    with plain_words():
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _drop_unused_links(target)
        with _alone(target), arriving(target) as part:
            with reading(source) as connection:
                connection.execute("VACUUM INTO ?", (str(part),))
            check(part)
            kept = _set_aside(target)
    return Restored(found, kept)


def _check_names(source: Path, target: Path) -> None:
    if not source.is_file():
        raise RequestError(f"there is no file {source}", "name a copy that `backup` has made")
    if source.resolve() == target.resolve():
        raise RequestError(f"{source} is the database itself", "name a copy of it")
    if target.exists() and not target.is_file():
        raise RequestError(f"{target} is no ordinary file", "move it away, or set database_url")


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep every other process out of the database, its write-ahead log folded into the file."""
    if not path.exists():
        yield
        return
    with contextlib.ExitStack() as stack:
        try:
            connection = pysqlite3.connect(str(path), timeout=0.0, isolation_level=None)
            stack.callback(connection.close)
            _refuse_holders(connection)
            _fold(connection)
        except pysqlite3.DatabaseError as error:
            if is_locked(error):
                raise _in_use(f"another process has {path} open") from error
            if not is_damage(error):
                raise
            stack.close()  # first: closing a file that SQLite has open, too, drops its locks
            stack.enter_context(_alone_with_damaged(path))
        yield


def _refuse_holders(connection: Any) -> None:
    """Refuse where a living process works on a run, also one on another machine."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'runs'").fetchone():
        return
    held = "SELECT id, lease_holder, lease_until FROM runs WHERE lease_holder IS NOT NULL"
    for run_id, stored, until in connection.execute(held).fetchall():
        holder = Holder.from_dict(json.loads(stored))
        ends = dt.datetime.fromisoformat(until).replace(tzinfo=dt.UTC)
        if ends > now() and holder.alive():
            raise _in_use(f"process {holder.pid} on {holder.host} works on run {run_id}")


def _fold(connection: Any) -> None:
    # Leaving WAL mode needs the file alone and removes both files beside it.
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.execute("BEGIN EXCLUSIVE")


@contextlib.contextmanager
def _alone_with_damaged(path: Path) -> Iterator[None]:
    """The same for a file that SQLite cannot read: its lock is taken by hand."""
    handle = os.open(path, os.O_RDWR)
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, *_SHARED_BYTES)
        yield
    except BlockingIOError as error:
        raise _in_use(f"another process has {path} open") from error
    finally:
        os.close(handle)


def _in_use(who: str) -> ConflictError:
    return ConflictError(who, "stop it (a `serve` or a `write`), then restore again")


def _set_aside(path: Path) -> Path | None:
    """Give the database a second name; the log that a damaged one could not take in goes along."""
    if not path.exists() or not path.stat().st_size:
        return None
    kept = path.with_name(f"{path.name}.before-restore-{now():%Y%m%d-%H%M%S-%f}")
    try:
        os.link(path, kept)
    except OSError as error:
        raise StorageError(
            f"{path} cannot be kept beside the restored one ({error.strerror})",
            "move it away yourself, then restore again",
        ) from error
    log, index = (path.with_name(f"{path.name}-{end}") for end in ("wal", "shm"))
    if log.exists():
        log.rename(kept.with_name(f"{kept.name}-wal"))
    index.unlink(missing_ok=True)
    sync_folder(path.parent)
    return kept


def _drop_unused_links(path: Path) -> None:
    """Take back second names that a restore gave before it was killed."""
    for other in path.parent.glob(f"{glob.escape(path.name)}.before-restore-*"):
        if path.exists() and other.samefile(path):
            other.unlink()
