"""How a PostgreSQL server is spoken to: which driver, how long anything may take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from core.errors import SettingsError, StorageError

OLDEST = 13
"""The oldest major version that this was written for; tests run on Debian's."""

STATEMENT_SECONDS = 60
FROZEN_SECONDS = 20
"""A process that stops in the middle of a transaction loses it after this time, before those who
wait for its locks give up."""

_CONNECTING = {
    "client_encoding": "utf8",
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""Seconds, the last in milliseconds: a connection cut without a word is noticed in half a minute.
(https://www.postgresql.org/docs/current/libpq-connect.html)"""


def normal(url: sa.URL) -> sa.URL:
    """The URL with our driver, whatever driver it names, and its password where it is masked.

    Raises:
        SettingsError: the host holds an `@`, so very likely a piece of the password.
    """
    password = url.query.get("password")
    if isinstance(password, str):
        url = url.difference_update_query(["password"]).set(password=password)
    if "@" in (url.host or ""):
        raise SettingsError(
            "the database's address has more than one @", "write %40 for an @ in the password"
        )
    return url.set(drivername="postgresql+psycopg")


def make_engine(
    url: sa.URL, connections: int, busy_seconds: float, dump: Callable[[object], str]
) -> sa.Engine:
    """An engine; nothing is sent yet.

    Transactions that write see what others have committed meanwhile: they lock the rows they
    read in order to change. Those that only read see one moment of the database.

    Args:
        url: as `normal` made it.
        connections: how many stay open.
        busy_seconds: how long to wait for another transaction's lock.
        dump: what turns values into JSON.

    Raises:
        SettingsError: the driver is not installed, or something in the address makes no sense.
    """
    try:
        engine = sa.create_engine(
            url,
            isolation_level="READ COMMITTED",
            pool_size=connections,
            connect_args={k: v for k, v in _CONNECTING.items() if k not in url.query},
            json_serializer=dump,
            hide_parameters=True,
        )
    except ImportError as error:
        raise SettingsError(
            "the driver for PostgreSQL is not installed",
            'install it: pip install -e ".[postgres]"',
        ) from error
    except sa.exc.ArgumentError:  # its words may hold a password
        raise SettingsError(
            "the database's address cannot be read", "see docs/database.md for examples"
        ) from None
    event.listen(engine, "connect", _limits(busy_seconds))
    return engine


def reading(engine: sa.Engine) -> sa.Engine:
    """The engine for transactions that only read."""
    return engine.execution_options(
        readonly=True, postgresql_readonly=True, isolation_level="REPEATABLE READ"
    )


def check_server(connection: sa.Connection) -> None:
    """Raise StorageError for a server that is too old or a database that cannot hold every text."""
    version = int((connection.dialect.server_version_info or (0,))[0])
    if version < OLDEST:
        raise StorageError(
            f"the database server is PostgreSQL {version}", f"use version {OLDEST} or later"
        )
    encoding = connection.scalar(sa.text("SELECT current_setting('server_encoding')"))
    if encoding != "UTF8":
        raise StorageError(
            f"the database stores text as {encoding}, which lacks most languages",
            "make it anew: createdb --encoding=UTF8 --template=template0 NAME",
        )


def wait_for_ever(connection: sa.Connection) -> None:
    """Take the limits of time off this transaction: a migration may be long."""
    for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(sa.text(f"SET LOCAL {name} = 0"))


def _limits(busy_seconds: float) -> Callable[[Any, object], None]:
    milliseconds = {
        "lock_timeout": busy_seconds * 1000,
        "statement_timeout": STATEMENT_SECONDS * 1000,
        "idle_in_transaction_session_timeout": FROZEN_SECONDS * 1000,
    }

    def on_connect(connection: Any, _record: object) -> None:
        for name, value in milliseconds.items():
            connection.execute(f"SET {name} = {int(value)}")
        connection.commit()  # else the first rollback would take them back

    return on_connect
