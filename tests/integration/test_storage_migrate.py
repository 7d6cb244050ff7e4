"""Migrations: from nothing, again, beside another process, and refusals."""

import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from core.errors import StorageError
from storage import documents, migrate
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.tables import Base, UserRow

ROOT = Path(__file__).parents[2]


@pytest.fixture
def db(empty_url: str) -> Iterator[Database]:
    database = Database.open(empty_url)
    yield database
    database.close()


@pytest.fixture
def file_db(tmp_path: Path) -> Iterator[Database]:
    """A SQLite file: only such a one is copied."""
    database = Database.open(tmp_path / "x.db")
    yield database
    database.close()


def test_from_nothing_and_again(db: Database, tmp_path: Path) -> None:
    assert migrate.current(db) is None
    assert migrate.upgrade(db) is None
    assert migrate.current(db) == migrate.head()
    assert migrate.upgrade(db) is None
    owners = db.run_sync(lambda s: s.scalars(sa.select(UserRow)).all(), write=False)
    assert [owner.id for owner in owners] == [LOCAL_OWNER]
    assert owners[0].created_at.tzinfo is not None
    assert [path.name for path in tmp_path.glob("*before*")] == []


def test_the_tables_in_code_are_the_tables_in_the_database(db: Database) -> None:
    migrate.upgrade(db)
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        inspector = sa.inspect(connection)
        assert set(inspector.get_table_names()) == {*Base.metadata.tables, "alembic_version"}
        for table in Base.metadata.tables.values():
            made = {key["name"]: key for key in inspector.get_foreign_keys(table.name)}
            for key in table.foreign_key_constraints:
                assert made[key.name]["options"].get("ondelete") == key.ondelete


NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("documents", sa.Column("subtitle", sa.Text()))
    op.execute("INSERT INTO users (id, name, created_at) SELECT 'u', title, created_at"
               " FROM {table}")
"""


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """A later version of the program: one migration more."""
    scripts = tmp_path / "later"
    shutil.copytree(migrate.SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "9999_next.py").write_text(
        NEXT.format(table="documents", head=migrate.head()), encoding="utf-8"
    )
    return scripts


def test_an_existing_database_is_copied_before_it_changes(file_db: Database, later: Path) -> None:
    migrate.upgrade(file_db)
    file_db.run_sync(lambda s: documents.create(s, LOCAL_OWNER, "kept", {}))
    copy = migrate.upgrade(file_db, later)
    assert migrate.current(file_db) == "9999"
    assert copy is not None
    assert copy.name == "x.db.before-9999"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    before = Database.open(copy)
    assert migrate.current(before) == migrate.head()
    (kept,) = before.run_sync(lambda s: documents.all_of(s, LOCAL_OWNER), write=False)
    assert kept.title == "kept"
    before.close()


def test_the_first_tables_with_data_become_the_present_ones(db: Database, tmp_path: Path) -> None:
    first = tmp_path / "first"
    leave = shutil.ignore_patterns("__pycache__", "000[2-9]_*.py")
    shutil.copytree(migrate.SCRIPTS, first, ignore=leave)
    migrate.upgrade(db, first)
    old = sa.text(
        "INSERT INTO documents (id, owner_id, title, request, created_at, updated_at)"
        " SELECT 'doc_abcdef', id, 'kept', '{}', created_at, created_at FROM users"
    )
    with db.engine.begin() as connection:
        connection.execute(old)
    migrate.upgrade(db)
    kept = db.run_sync(lambda s: documents.get(s, LOCAL_OWNER, "doc_abcdef"), write=False)
    assert (kept.title, kept.deleted_at, kept.archived_at) == ("kept", None, None)
    (owner,) = db.run_sync(lambda s: s.scalars(sa.select(UserRow)).all(), write=False)
    assert (owner.name, owner.admin, owner.password) == ("local", True, None)


def test_a_migration_that_fails_half_way_changes_nothing(db: Database, later: Path) -> None:
    migrate.upgrade(db)
    db.run_sync(lambda s: documents.create(s, LOCAL_OWNER, "kept", {}))
    script = later / "versions" / "9999_next.py"
    script.write_text(NEXT.format(table="nowhere", head=migrate.head()), encoding="utf-8")
    with pytest.raises(StorageError, match="nowhere"):
        migrate.upgrade(db, later)
    assert migrate.current(db) == migrate.head()
    columns = sa.inspect(db.engine).get_columns("documents")
    assert "subtitle" not in {column["name"] for column in columns}
    script.write_text(NEXT.format(table="documents", head=migrate.head()), encoding="utf-8")
    migrate.upgrade(db, later)  # the first try's copy is in nobody's way
    assert migrate.current(db) == "9999"


def test_an_unfinished_copy_of_an_earlier_try_is_in_nobodys_way(
    file_db: Database, later: Path, tmp_path: Path
) -> None:
    migrate.upgrade(file_db)
    (tmp_path / ".longleaf-killed.part").write_bytes(b"torn")
    assert migrate.upgrade(file_db, later) == tmp_path / "x.db.before-9999"
    assert list(tmp_path.glob("*.part")) == []


def test_a_database_without_a_file_of_its_own_is_not_copied(file_db: Database, later: Path) -> None:
    migrate.upgrade(file_db)
    by_uri = Database.open(f"sqlite:///file:{file_db.path}?uri=true")
    assert migrate.upgrade(by_uri, later) is None
    by_uri.close()


def test_a_newer_database_is_refused(db: Database, later: Path) -> None:
    migrate.upgrade(db, later)
    with pytest.raises(StorageError, match="newer version") as caught:
        migrate.upgrade(db)
    assert "update Longleaf" in caught.value.remedy
    assert migrate.current(db) == "9999"


def test_another_programs_database_is_refused(db: Database) -> None:
    db.run_sync(lambda s: s.execute(sa.text("CREATE TABLE recipes (id INTEGER)")))
    with pytest.raises(StorageError, match="another program"):
        migrate.upgrade(db)


START = """
import sys
from storage import documents, migrate
from storage.database import Database
db = Database.open(sys.argv[1])
migrate.upgrade(db)
print(migrate.current(db))
db.close()
"""


def test_processes_that_start_at_once_agree(empty_url: str) -> None:
    command = [sys.executable, "-c", START, empty_url]
    started = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    said = [process.communicate()[0].strip() for process in started]
    assert said == [migrate.head()] * 4
