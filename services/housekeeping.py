"""How the database is kept in order: copies, what is deleted for good, what need not be kept."""

from __future__ import annotations

import asyncio
import datetime as dt
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.orm import Session

from core.errors import ConflictError, LongleafError, RequestError
from services.documents.lookup import document_row
from services.runs.reports import report
from storage import backup, documents, ledger, migrate, restore, retention, runs, space
from storage.base import LOCAL_OWNER, now
from storage.database import Database
from storage.ledger import Figures as Figures
from storage.restore import Restored
from storage.retention import Prunable
from storage.space import Space

log = structlog.get_logger()

WASTE = 0.2
"""Share of unused pages from which a file is shrunk without being asked."""


BACKUP = "pg_dump --format=custom --dbname={url} --file={file}"
RESTORE = "pg_restore --clean --if-exists --dbname={url} {file}"
_OWN_FILES = ("", "-wal", "-shm", "-journal")
"""Ends of the names of the database and of what lies beside it."""


@dataclass(frozen=True)
class Doomed:
    """A document that is to be deleted."""

    id: str
    title: str
    words: int
    runs: int


@dataclass(frozen=True)
class Housekeeping:
    """What keeps one owner's database in order.

    Args:
        db: the database.
        answers_days: how long prompts and answers of finished runs are kept; None: for ever.
        owner: whose documents.
    """

    db: Database
    answers_days: int | None = None
    owner: str = LOCAL_OWNER

    async def back_up(self, file: Path, *, force: bool = False) -> int:
        """Copy the database to a file while others go on writing; returns its size in bytes.

        Raises:
            RequestError: the database is no SQLite file, or `file` is none to write to.
            ConflictError: the file exists and `force` is not given.
            StorageError: the disk refused.
        """
        target, own = file.resolve(), file_of(self.db.url, file, BACKUP)
        _check_target(target, own.resolve(), force)
        return await asyncio.to_thread(backup.copy, self.db, target)

    async def to_be_deleted(self, id_or_prefix: str, *, whole: bool = False) -> Doomed:
        """The document with this id, or the document of this run.

        Raises:
            NotFoundError: there is none.
            RequestError: `whole` is asked for and this is only the beginning of an id.
        """

        def work(s: Session) -> Doomed:
            document = document_row(s, self.owner, id_or_prefix)
            made = runs.for_document(s, document.id)
            if whole and id_or_prefix not in (document.id, *(run.id for run in made)):
                raise RequestError(
                    f"nothing was deleted: {id_or_prefix!r} is only the beginning of an id",
                    f"give the document's whole id, {document.id}, if that is meant",
                )
            words = report(s, self.owner, made[0].id).words if made else 0
            return Doomed(document.id, document.title, words, len(made))

        return await self.db.run(work, write=False)

    async def delete(self, document_id: str) -> bool:
        """Delete a document for good: nothing of it stays in the file or in its log.

        Copies of the database keep it, also those beside it: see `former`.

        Returns:
            False where another process is busy, so that the log beside the file may hold some of
            it until that process ends.

        Raises:
            NotFoundError: there is none.
            ConflictError: a living process works on it.
        """
        await self.db.run(lambda s: documents.purge(s, self.owner, document_id))
        return await asyncio.to_thread(space.give_back, self.db)

    def former(self) -> list[Path]:
        """Former states of the database that restores and updates have kept beside it."""
        return backup.former(self.db.path) if self.db.path else []

    async def prunable(self, age: dt.timedelta | None = None) -> Prunable:
        """Prompts and answers of runs that have been done for longer than `age`; None: of all."""
        before = now() - (age or dt.timedelta())
        return await self.db.run(lambda s: retention.prunable(s, self.owner, before), write=False)

    async def prune(self, age: dt.timedelta) -> Prunable:
        """Remove them; what they cost, and the hashes that identify them, stay."""
        pruned = await self._prune(age)
        if pruned.calls:
            await asyncio.to_thread(space.give_back, self.db)
        return pruned

    async def space(self) -> Space:
        """How much room the database takes."""
        return await asyncio.to_thread(space.space, self.db)

    async def figures(self) -> Figures:
        """What stands in the database in numbers, whoever's it is."""
        return await self.db.run(ledger.figures, write=False)

    async def problems(self) -> list[str]:
        """What is wrong inside the file; reads all of it."""
        return await asyncio.to_thread(space.problems, self.db)

    async def tidy(self) -> None:
        """Do what is due when a run has ended; a failure is logged, and the next time mends it."""
        try:
            if self.answers_days is not None:
                await self._prune(dt.timedelta(days=self.answers_days))
            await asyncio.to_thread(self._shrink)
        except LongleafError as error:
            log.warning("not_tidied", why=error.message)

    async def _prune(self, age: dt.timedelta) -> Prunable:
        before, pruned = now() - age, Prunable()
        while True:
            some = await self.db.run(lambda s: retention.prune(s, self.owner, before))
            pruned += some
            if not some.runs:
                return pruned

    def _shrink(self) -> None:
        taken = space.space(self.db)
        if taken.free > WASTE * taken.database:
            space.give_back(self.db)
        space.empty_log(self.db)


def file_of(url_or_path: Any, copy: Path, command: str) -> Path:
    """Where the SQLite file of an address lies.

    Args:
        url_or_path: the database's.
        copy: the file that it is copied to or restored from.
        command: what does so for a database server, `{url}` and `{file}` left open.

    Raises:
        RequestError: it is a server's; the remedy is that command, which asks for the password.
    """
    path = restore.file_of(url_or_path)
    if path is None:
        url, file = restore.without_password(url_or_path), shlex.quote(str(copy))
        raise RequestError(
            "this command copies SQLite files only; a database server has its own tools",
            f"run: {command.format(url=shlex.quote(url), file=file)}",
        )
    return path


def put_back(file: Path, url_or_path: str | Path) -> Restored:
    """Put a copy where the database is, and bring it up to this version.

    Raises:
        RequestError: the database is no SQLite file, or `file` is none.
        ConflictError: another process has the database open.
        StorageError: `file` is damaged, not ours, or too new; or the disk refused. Nothing has
            changed then.
    """
    target = file_of(url_or_path, file, RESTORE)
    restored = restore.put_back(file, target, migrate.known())
    db = Database.open(target)
    try:
        migrate.upgrade(db)
    finally:
        db.close()
    return restored


def _check_target(target: Path, database: Path, force: bool) -> None:
    own = {database.with_name(database.name + end) for end in _OWN_FILES}
    if target in own:
        raise RequestError(f"{target} belongs to the database", "name another file")
    if target.is_dir():
        raise RequestError(f"{target} is a folder", "name a file in it")
    if target.exists() and not target.is_file():
        raise RequestError(f"{target} is no ordinary file", "name one")
    if not target.parent.is_dir():
        raise RequestError(f"there is no folder {target.parent}", "make it, or choose another")
    if target.exists() and not force:
        raise ConflictError(f"{target} exists", "give --force to replace it")
