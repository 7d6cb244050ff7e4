"""Brings a database up to the code's tables, in process, with a copy of the file before."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from core.errors import StorageError
from storage.backup import copy
from storage.database import Database
from storage.faults import plain_words
from storage.postgres import wait_for_ever

SCRIPTS = Path(__file__).parent / "migrations"

_POSTGRES_LOCK = 727001
"""Any number, as long as every Longleaf process takes the same one."""


def head(scripts: Path = SCRIPTS) -> str:
    """The revision this code needs."""
    return str(ScriptDirectory(str(scripts)).get_current_head())


def current(db: Database) -> str | None:
    """The revision of the database; None for one without our tables.

    Raises:
        StorageError: it cannot be read, or holds another program's tables.
    """
    with plain_words(), db.engine.execution_options(readonly=True).begin() as connection:
        _one_at_a_time(connection)  # else the tables of one who is at it look like a stranger's
        revision = MigrationContext.configure(connection).get_current_revision()
        if revision is None and sa.inspect(connection).get_table_names():
            raise StorageError(
                f"{db.url.render_as_string()} holds another program's tables",
                "choose another file or database",
            )
        return revision


def upgrade(db: Database, scripts: Path = SCRIPTS) -> Path | None:
    """Apply what is pending, in one transaction; nothing happens when nothing is.

    Two processes that start at once are safe: the second waits, then finds nothing to do.

    Args:
        db: the database.
        scripts: the folder of the migrations.

    Returns:
        The copy that was made of a SQLite file that already had tables, or None.

    Raises:
        StorageError: the database belongs to a newer version of the program or to another one,
            or the disk refused. It is then unchanged.
    """
    found, wanted = current(db), head(scripts)
    if found == wanted:
        return None
    if found is not None and found not in known(scripts):
        raise StorageError(
            f"the database was made by a newer version of Longleaf (revision {found})",
            "update Longleaf, or choose another database",
        )
    kept = _copy(db, wanted) if found is not None else None
    with plain_words(), db.engine.begin() as connection:
        _one_at_a_time(connection)
        command.upgrade(_config(connection, scripts), "head")
    return kept


def _one_at_a_time(connection: sa.Connection) -> None:
    """Wait for other migrations; on SQLite, who writes is alone and is seen only when it ends."""
    if connection.dialect.name == "postgresql":
        wait_for_ever(connection)
        connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_POSTGRES_LOCK})"))


def known(scripts: Path = SCRIPTS) -> set[str]:
    """Every revision that this code can bring up to its own."""
    return {script.revision for script in ScriptDirectory(str(scripts)).walk_revisions()}


def _config(connection: sa.Connection, scripts: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _copy(db: Database, revision: str) -> Path | None:
    """Write the whole database to `<file>.before-<revision>`, replacing an earlier try's copy."""
    if db.path is None:
        return None
    target = db.path.with_name(f"{db.path.name}.before-{revision}")
    copy(db, target)
    return target
