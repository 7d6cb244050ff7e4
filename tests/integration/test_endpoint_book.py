"""Stored endpoints: what is kept, what goes before what, and that keys stay secret."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.errors import ConflictError, NotFoundError, RequestError, SettingsError
from core.secrets import FILE, SecretBox
from core.setting_groups import EndpointSettings
from core.settings import Settings, load_settings
from llm.endpoint import Endpoint
from llm.lines import Lines
from services.endpoints.book import EndpointBook
from services.endpoints.directory import Endpoints
from storage import endpoints
from storage.base import LOCAL_OWNER
from storage.database import Database
from tests.fakes.endpoint import FakeEndpoint
from tests.support import TOKENS

KEY = "sk-canary-7f3a"
HERE = "http://127.0.0.1:8000/v1"
Open = Callable[..., EndpointBook]


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    database = Database.open(database_url)
    yield database
    database.close()


@pytest.fixture
def opened(db: Database, tmp_path: Path) -> Open:
    def book(**settings: Any) -> EndpointBook:
        loaded = load_settings(home=tmp_path, **settings)
        return EndpointBook(db, SecretBox(tmp_path), loaded)

    return book


def _at(base_url: str = HERE, **more: Any) -> EndpointSettings:
    return EndpointSettings(base_url=base_url, **more)


async def _key_of(book: EndpointBook, name: str) -> str:
    endpoint = await book.endpoint(name)
    assert endpoint is not None
    return endpoint.api_key


async def test_what_is_added_comes_back(opened: Open) -> None:
    book = opened()
    known = _at(
        "127.0.0.1:8000/v1/", model="m", window=4096, concurrency=3, compact=True, thinking=False,
        requests_per_minute=60, extra_body={"top_k": 20},
    )  # fmt: skip
    assert await book.add("lab", known, KEY) is False
    endpoint = await book.endpoint("lab")
    assert endpoint == Endpoint(
        "lab", HERE, "m", KEY, 3, window=4096, compact=True, thinking=False,
        requests_per_minute=60, extra_body={"top_k": 20},
    )  # fmt: skip
    assert await book.endpoint("other") is None
    assert book.names() == ["lab"]
    await book.remove("lab")
    assert await book.endpoint("lab") is None
    with pytest.raises(NotFoundError):
        await book.remove("lab")


async def test_a_key_stays_with_its_server(opened: Open) -> None:
    book = opened()
    await book.add("lab", _at(), KEY)
    assert await book.add("lab", _at(f"{HERE}/other", model="m")) is False
    assert await _key_of(book, "lab") == KEY
    for moved in ("http://127.0.0.1:8001/v1", "https://127.0.0.1:8000/v1", "http://localhost:8000"):
        await book.add("lab", _at(), KEY)
        assert await book.add("lab", _at(moved)) is True
        assert await _key_of(book, "lab") == ""
        assert await book.add("lab", _at()) is False, "it does not come back either"
        assert await _key_of(book, "lab") == ""
    await book.add("lab", _at(), KEY)
    await book.add("lab", _at(), "")
    assert await _key_of(book, "lab") == ""


async def test_a_ciphertext_opens_nowhere_else(opened: Open, db: Database) -> None:
    book = opened()
    await book.add("lab", _at(), KEY)
    await book.add("bait", _at("http://127.0.0.1:9/v1"))
    row = await db.run(lambda s: endpoints.find(s, LOCAL_OWNER, "lab"), write=False)
    assert row is not None
    secret = row.secret
    for name, address in (("bait", "http://127.0.0.1:9/v1"), ("lab", "http://127.0.0.1:9/v1"),
                          ("bait", HERE)):  # fmt: skip
        await db.run(
            lambda s, name=name, address=address: endpoints.put(  # type: ignore[misc]
                s, LOCAL_OWNER, name, address, secret, {}, default=False
            )
        )
        with pytest.raises(SettingsError, match="cannot be decrypted") as caught:
            await book.endpoint(name)
        assert KEY not in caught.value.message + caught.value.remedy


async def test_a_lost_key_file_is_told_and_can_be_got_over(opened: Open, tmp_path: Path) -> None:
    book = opened()
    await book.add("lab", _at(), KEY)
    (tmp_path / FILE).unlink()
    with pytest.raises(SettingsError, match="is missing") as caught:
        await book.endpoint("lab")
    assert "endpoints add lab" in caught.value.remedy
    [entry] = await book.entries()
    assert entry.key
    await book.add("lab", _at(), "sk-new")
    assert await _key_of(book, "lab") == "sk-new"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("", RequestError), ("a b", RequestError), ("a/b", RequestError), ("a+b", RequestError),
     ("-a", RequestError), ("x" * 65, RequestError), ("embedded", RequestError),
     ("command-line", RequestError), ("lab\n", RequestError), ("file", ConflictError)],
)  # fmt: skip
async def test_some_names_are_not_to_be_had(opened: Open, name: str, kind: type[Exception]) -> None:
    book = opened(endpoints={"file": _at()})
    with pytest.raises(kind) as caught:
        await book.add(name, _at(), KEY)
    assert getattr(caught.value, "remedy", "")
    with pytest.raises((ConflictError, NotFoundError)):
        await book.remove(name)
    assert book.names() == []


@pytest.mark.parametrize(
    ("address", "key"),
    [("ftp://x/v1", KEY), (f"http://me:{KEY}@127.0.0.1/v1", ""), (HERE, f"{KEY}\n{KEY}"),
     (HERE, f"{KEY}é")],
)  # fmt: skip
async def test_what_cannot_be_used_is_not_stored(opened: Open, address: str, key: str) -> None:
    book = opened()
    with pytest.raises(SettingsError) as caught:
        await book.add("lab", _at(address), key)
    assert KEY not in caught.value.message + caught.value.remedy
    assert book.names() == []


async def test_the_default_is_one_and_what_is_set_goes_before_it(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = opened()
    assert book.default() == "embedded"
    await book.add("one", _at(), default=True)
    await book.add("two", _at())
    assert book.default() == "one"
    await book.add("two", _at(), default=True)
    await book.add("two", _at())
    assert book.default() == "two"
    assert [entry.default for entry in await book.entries()] == [False, True]
    settings = load_settings(endpoints={"file": _at()})
    everyone = Endpoints(settings, Lines(TOKENS), None, book)
    assert (everyone.default, everyone.names()) == ("two", ["embedded", "file", "one", "two"])
    given = Endpoint("command-line", HERE)
    assert Endpoints(settings, Lines(TOKENS), given, book).default == "command-line"
    assert opened(endpoint="embedded").default() == "embedded"
    monkeypatch.setenv("LONGLEAF_ENDPOINT", "one")
    assert opened().default() == "one"
    monkeypatch.delenv("LONGLEAF_ENDPOINT")
    await book.remove("two")
    assert book.default() == "embedded"


async def test_an_endpoint_of_the_settings_hides_a_stored_one(opened: Open) -> None:
    await opened().add("lab", _at(), KEY)
    book = opened(endpoints={"lab": _at("http://127.0.0.1:9/v1", api_key="sk-file")})
    settings: Settings = book._settings
    endpoint = await Endpoints(settings, Lines(TOKENS), None, book).endpoint("lab")
    assert (endpoint.base_url, endpoint.api_key) == ("http://127.0.0.1:9/v1", "sk-file")
    [entry] = await book.entries()
    assert (entry.stored, entry.key) == (False, True)


async def test_a_test_is_kept_while_address_and_model_stay(opened: Open) -> None:
    async with FakeEndpoint(models=("only",), publish="vllm", window=4096) as fake:
        book = opened(endpoints={"file": _at(fake.url)})
        await book.add("lab", _at(fake.url))
        for name in ("lab", "file"):
            endpoint = await Endpoints(book._settings, Lines(TOKENS), None, book).endpoint(name)
            assert endpoint.profile is None
            report = await book.test(endpoint, TOKENS)
            assert report.profile is not None
            endpoint = await Endpoints(book._settings, Lines(TOKENS), None, book).endpoint(name)
            assert endpoint.profile == report.profile
        models = await Endpoints(book._settings, Lines(TOKENS), None, book).models("lab")
        assert models.profile("writer") == report.profile
        url = fake.url
    assert [entry.tested.profile for entry in await book.entries()] == [report.profile] * 2
    await book.add("lab", _at(url, model="only", concurrency=2))
    assert (await book.entries())[1].tested.profile == report.profile
    for known in (_at(url, model="other"), _at(f"{url}/x")):
        await book.add("lab", known)
        assert (await book.entries())[1].tested.profile is None
    endpoint = Endpoint("lab", "http://127.0.0.1:9/v1")
    assert (await book.test(endpoint, TOKENS)).error is not None
    await book.add("lab", _at(url))
    assert (await book.entries())[1].tested.profile == report.profile, "a failed test voids none"


async def test_a_test_of_a_vanished_endpoint_makes_none(opened: Open) -> None:
    async with FakeEndpoint() as fake:
        book = opened(endpoints={"file": _at(fake.url, model="fake")})
        endpoint = Endpoint("file", fake.url, "fake")
        await book.test(endpoint, TOKENS)
    later = opened()
    assert later.names() == []
    assert await later.endpoint("file") is None
    assert await later.entries() == []
    await later.add("file", _at())
    assert later.names() == ["file"]


async def test_a_server_s_odd_model_name_is_kept_harmlessly(opened: Open) -> None:
    async with FakeEndpoint(models=("bad\x00\x1b[2Jname",)) as fake:
        book = opened()
        await book.add("lab", _at(fake.url))
        report = await book.test(Endpoint("lab", fake.url), TOKENS)
    assert report.profile is not None
    assert (await book.entries())[0].endpoint.name == "lab"


async def test_keys_are_nowhere_to_be_read(
    opened: Open, db: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = opened()
    await book.add("lab", _at(), KEY)
    async with FakeEndpoint() as fake:
        await book.add("lab", _at(fake.fault_url("bad_key"), model="fake"), KEY)
        endpoint = await book.endpoint("lab")
        assert endpoint is not None
        report = await book.test(endpoint, TOKENS)
    seen = repr((endpoint, report, await book.entries(), book)) + str(capsys.readouterr())
    assert endpoint.api_key == KEY
    assert "canary" not in seen + repr(replace(endpoint, name="x"))
    assert report.error is not None
    assert "canary" not in report.error.message + report.error.remedy
    if db.path is not None:
        db.close()
        dump = "\n".join(sqlite3.connect(db.path).iterdump())
        assert "canary" not in dump
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or b"canary" not in file.read_bytes()


async def test_processes_that_begin_at_once_share_the_key_file(
    db: Database, tmp_path: Path
) -> None:
    def add(number: int) -> None:
        book = EndpointBook(db, SecretBox(tmp_path), load_settings(home=tmp_path))
        asyncio.run(book.add(f"lab-{number}", _at(), f"sk-{number}"))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add, range(16)))
    book = EndpointBook(db, SecretBox(tmp_path), load_settings(home=tmp_path))
    assert {await _key_of(book, f"lab-{n}") for n in range(16)} == {f"sk-{n}" for n in range(16)}
