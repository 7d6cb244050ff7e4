"""How a process learns whether a commit took place whose answer it never got (PostgreSQL).

A connection can break while COMMIT is under way: the server has done it, or not. Every thread that
writes has a row of its own, and leaves a new mark in it with each transaction: afterwards the mark
is there exactly if the transaction is. (The server's own transaction ids do not tell: a crash can
forget the last of them and give them out again.)
"""

from __future__ import annotations

import contextlib
import datetime as dt
import threading

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from storage.base import now
from storage.ids import new_id
from storage.tables import CommitMarkRow

_FORGOTTEN = dt.timedelta(days=7)
"""After this time the row of a process that was killed goes."""

_THERE = sa.text("SELECT to_regclass('commit_marks') IS NOT NULL")


class CommitMarks:
    """The marks of one process."""

    def __init__(self) -> None:
        self._process = new_id("process")
        self._there = False

    def leave(self, s: Session) -> str:
        """Mark this transaction, just before it commits; empty while the table is not made yet."""
        self._there = self._there or bool(s.scalar(_THERE))
        if not self._there:
            return ""
        mark = new_id("mark")
        new = {"mark": mark, "updated_at": now()}
        put = insert(CommitMarkRow).values(writer=self._writer(), **new)
        s.execute(put.on_conflict_do_update(index_elements=["writer"], set_=new))
        return mark

    def stands(self, engine: sa.Engine, mark: str) -> bool:
        """Whether this thread's last transaction, which left `mark`, was committed.

        Waits for a transaction that the server has not ended yet: both want the same row.
        """
        put = insert(CommitMarkRow).values(writer=self._writer(), mark="", updated_at=now())
        same = put.on_conflict_do_update(
            index_elements=["writer"], set_={"updated_at": now()}
        ).returning(CommitMarkRow.mark)
        with engine.begin() as connection:
            return bool(connection.scalar(same) == mark)

    def forget(self, engine: sa.Engine) -> None:
        """Delete this process's rows, and those of processes long gone; if it fails, it fails."""
        if not self._there:
            return
        mine = CommitMarkRow.writer.startswith(self._process, autoescape=True)
        old = CommitMarkRow.updated_at < now() - _FORGOTTEN
        with contextlib.suppress(sa.exc.DBAPIError), engine.begin() as connection:
            connection.execute(sa.delete(CommitMarkRow).where(sa.or_(mine, old)))

    def _writer(self) -> str:
        return f"{self._process}/{threading.get_ident()}"
