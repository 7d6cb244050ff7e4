"""Addresses of PostgreSQL databases, and what is said of those that cannot be used."""

import sys

import psycopg
import pytest

from core.errors import SettingsError, StorageError
from core.outcomes import outcome
from storage.database import Database
from storage.migrate import current, head
from tests.postgres import LOCKED_OUT, Server


@pytest.mark.parametrize(
    ("name", "user", "said"),
    [
        ("nowhere", "postgres", "no such database"),
        ("postgres", "stranger", "refused the user"),
        ("postgres", LOCKED_OUT, "refused the user"),
        ("postgres", f"{LOCKED_OUT}:hunter2", "refused the user"),
    ],
)
def test_a_refusal_is_told_in_plain_words(
    postgres: Server, name: str, user: str, said: str
) -> None:
    with pytest.raises(StorageError, match=said) as caught:
        Database.open(postgres.url(name, user))
    assert caught.value.remedy
    assert "hunter2" not in f"{caught.value} {caught.value.__cause__}"
    assert outcome(caught.value).exit_code == 6


def test_the_right_password_opens(postgres: Server) -> None:
    Database.open(postgres.url("postgres", f"{LOCKED_OUT}:{LOCKED_OUT}")).close()
    by_query = f"{postgres.url('postgres', LOCKED_OUT)}&password={LOCKED_OUT}"
    database = Database.open(by_query)
    assert f"={LOCKED_OUT}" not in database.url.render_as_string()
    assert f":{LOCKED_OUT}" not in database.url.render_as_string()
    database.close()


@pytest.mark.parametrize("address", ["127.0.0.1:1/x", "/x?host=/nowhere"])
def test_a_server_that_is_not_there_is_told_at_once(address: str) -> None:
    with pytest.raises(StorageError, match="cannot be reached") as caught:
        Database.open(f"postgresql://someone:hunter2@{address}")
    assert "hunter2" not in str(caught.value)
    assert outcome(caught.value).exit_code == 6


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("someone:hunter2@more@127.0.0.1/x", "more than one @"),
        ("someone:hunter2@127.0.0.1:port/x", "cannot be read"),
        ("someone:hunter2@/x?host=a&host=b&port=hunter2", "cannot be read"),
    ],
)
def test_an_address_that_makes_no_sense_is_not_shown(address: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as caught:
        Database.open(f"postgresql://{address}")
    assert "hunter2" not in f"{caught.value} {caught.value.remedy}"
    assert "more@" not in f"{caught.value} {caught.value.remedy}"
    assert outcome(caught.value).exit_code == 5


@pytest.mark.parametrize("driver", ["postgres", "postgresql+psycopg2", "postgresql+asyncpg"])
def test_every_spelling_means_our_driver(postgres_url: str, driver: str) -> None:
    database = Database.open(postgres_url.replace("postgresql", driver, 1))
    assert current(database) == head()
    assert database.engine.dialect.driver == "psycopg"
    database.close()


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(SettingsError, match="driver") as caught:
        Database.open("postgresql://host/name")
    assert "[postgres]" in caught.value.remedy


def test_a_database_that_cannot_hold_every_language_is_refused(postgres: Server) -> None:
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute(
            "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1'"
            " LOCALE_PROVIDER libc LOCALE 'C'"
        )
    with pytest.raises(StorageError, match="LATIN1") as caught:
        Database.open(postgres.url("latin"))
    assert "UTF8" in caught.value.remedy
    postgres.drop(postgres.url("latin"))
