"""Knows how to run a PostgreSQL server of the tests' own, and how to make databases on it.

It needs Debian's package `postgresql`, whose system cluster it does not touch: the server lies in
a temporary folder, listens on a socket there and nowhere else, and ends with this process.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from storage import migrate
from storage.database import Database

DEBIAN = Path("/usr/lib/postgresql")
ACCOUNTS = ("postgres", "nobody")
"""The server refuses to run as root; the first of these that exists runs it then."""

SERVE = """
"$0/pg_ctl" start -s -w -D data -l log && echo ready && read -r _
"$0/pg_ctl" stop -s -m immediate -D data
"""
"""Ends when its standard input closes, so also when the tests are killed."""

CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{folder}'
shared_buffers = '32MB'
max_connections = 100
fsync = {fsync}
"""
ACCESS = "local all locked scram-sha-256\nlocal all all trust\n"
LOCKED_OUT = "locked"
"""A user of the server whose password is the same word; the others need none."""


def programs() -> Path | None:
    """Where the server's programs are; None without them."""
    found = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


class Server:
    """A server with its own data; `fsync` off does not lose what a stopped *server* has committed.

    Args:
        programs: the folder of `initdb` and `pg_ctl`.
        fsync: whether commits reach the disk, as they do outside of tests.
    """

    def __init__(self, programs: Path, *, fsync: bool = False) -> None:
        self.programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="longleaf-pg-"))
        self.account = _account()
        if self.account:
            shutil.chown(self.folder, self.account)
        self.folder.chmod(0o755)
        self._numbers = itertools.count(1)
        self._template = ""
        self._turn = threading.Lock()
        self._make(fsync)
        self._keeper = self._start()
        self._sql(f"CREATE ROLE {LOCKED_OUT} LOGIN PASSWORD '{LOCKED_OUT}'")

    def url(self, name: str, user: str = "postgres") -> str:
        """The address of a database; any process may use it while the server runs."""
        return f"postgresql://{user}@/{name}?host={self.folder}"

    def fresh(self, *, migrated: bool = True) -> str:
        """The address of a new database: with our tables, or empty."""
        if migrated and not self._template:
            self._template = "longleaf_template"
            self._create(self._template, "template0")
            database = Database(self.url(self._template))
            migrate.upgrade(database)
            database.close()
        name = f"longleaf_{next(self._numbers)}"
        self._create(name, self._template if migrated else "template0")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Delete a database, whoever is still connected to it."""
        name = url.partition("@/")[2].partition("?")[0]
        self._sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def stop(self) -> None:
        """End it as a crash would: every connection breaks, open transactions are lost."""
        assert self._keeper.stdin is not None
        self._keeper.stdin.close()
        self._keeper.wait()

    def start(self) -> None:
        """Bring a stopped server back; what it had committed is there."""
        self._keeper = self._start()

    def restart(self) -> None:
        """Stop as a crash would, then start; from several threads, one after the other."""
        with self._turn:
            self.stop()
            self.start()

    def close(self) -> None:
        """Stop it and delete its data."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _make(self, fsync: bool) -> None:
        command = ("-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        # Sorts as people do, not by bytes: an order that must be one of bytes shows itself.
        icu = ("--locale-provider=icu", "--icu-locale=en-US", "--no-locale")
        made = subprocess.run(
            [self.programs / "initdb", *command, *icu],
            cwd=self.folder, user=self.account, capture_output=True, text=True,
            env=_environment(), check=False,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        data = self.folder / "data"
        with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(folder=self.folder, fsync="on" if fsync else "off"))
        (data / "pg_hba.conf").write_text(ACCESS, encoding="utf-8")

    def _start(self) -> subprocess.Popen[str]:
        keeper = subprocess.Popen(
            ["sh", "-c", SERVE, self.programs],
            cwd=self.folder, user=self.account, env=_environment(), start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert keeper.stdout is not None
        with keeper.stdout as said:
            ready = said.readline()
        assert ready == "ready\n", (self.folder / "log").read_text(encoding="utf-8")
        return keeper

    def _create(self, name: str, template: str) -> None:
        self._sql(f"CREATE DATABASE {name} TEMPLATE {template}")

    def _sql(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


def terminate(url: str, pid: int) -> None:
    """Cut the connection that this server process serves, and wait until it is gone."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(%s, 30000)", (pid,))


def _account() -> str | None:
    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ACCOUNTS if name in known)


def _environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"}


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server that the tests of this process share; skips where none is installed."""
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    server = Server(found)
    yield server
    server.close()


@pytest.fixture
def postgres_url(postgres: Server) -> Iterator[str]:
    """A database of the test's own, with our tables."""
    url = postgres.fresh()
    yield url
    postgres.drop(url)


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the test's own without tables, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'x.db'}"
        return
    server: Server = request.getfixturevalue("postgres")
    url = server.fresh(migrated=False)
    yield url
    server.drop(url)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of the test's own with our tables, once of each kind."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    database = Database.open(tmp_path / "x.db")
    migrate.upgrade(database)
    database.close()
    return database.url.render_as_string()
