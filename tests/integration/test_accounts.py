"""Users, passwords and tokens, as services give them out and know them again."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import itertools
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from core.errors import (
    AccessError,
    ConflictError,
    NotFoundError,
    RequestError,
    TooManyRequestsError,
)
from core.passwords import WAITING, Passwords
from services.users.access import TRIES, Access
from services.users.accounts import SCOPES, Accounts
from storage import documents, migrate
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.tables import TokenRow, UserRow

PASSWORD = "correct horse battery"
HERE = "192.0.2.7"


class Place:
    """Accounts and access over one database, with hashes that take no time."""

    def __init__(self, db: Database) -> None:
        self.db = db
        passwords = Passwords()
        passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        self.accounts, self.access = Accounts(db, passwords), Access(db, passwords)

    async def refusal(self, name: str, password: str, address: str = HERE) -> str:
        with pytest.raises(AccessError) as caught:
            await self.access.by_password(name, password, address)
        return caught.value.message


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async for made in opened(str(tmp_path / "x.db")):
        yield made


@pytest.fixture
async def on_each(empty_url: str) -> AsyncIterator[Place]:
    """On SQLite and on PostgreSQL."""
    async for made in opened(empty_url):
        yield made


async def opened(url: str) -> AsyncIterator[Place]:
    db = Database.open(url)
    migrate.upgrade(db)
    made = Place(db)
    yield made
    made.accounts.close()
    db.close()


async def test_a_user_is_added_listed_and_shut_out(on_each: Place) -> None:
    assert await on_each.access.only_local()
    assert not await on_each.access.anyone_gets_in()
    ann = await on_each.accounts.add(" Ann ", admin=True)
    assert (ann.name, ann.admin, ann.password, ann.tokens) == ("ann", True, False, 0)
    assert not await on_each.access.only_local()
    await on_each.accounts.set_password("ANN", PASSWORD)
    assert await on_each.access.anyone_gets_in()
    known = await on_each.access.by_password("Ann", PASSWORD, HERE)
    assert (known.owner, known.scopes) == (ann.id, frozenset(SCOPES))
    _, secret = await on_each.accounts.issue("ann", "editor", ["read"])
    users = await on_each.accounts.users()
    assert [(x.name, x.password, x.tokens) for x in users] == [
        ("ann", True, 1),
        ("local", False, 0),
    ]
    await on_each.accounts.shut_out("ann")
    await on_each.refusal("ann", PASSWORD)
    with pytest.raises(AccessError):
        await on_each.access.by_token(secret)
    assert not await on_each.access.anyone_gets_in()


@pytest.mark.parametrize("name", ["", "a b", "a:b", "x" * 65, ".x", "\0", "ü", "a\nb"])
async def test_what_is_no_name_is_refused(place: Place, name: str) -> None:
    with pytest.raises(RequestError, match="cannot be a user's name"):
        await place.accounts.add(name)
    assert "no user's name" in await place.refusal(name, PASSWORD)


async def test_names_are_unique_and_must_exist(place: Place) -> None:
    await place.accounts.add("ann")
    for name in ("ann", "ANN", "local"):
        with pytest.raises(ConflictError):
            await place.accounts.add(name)
    for attempt in (
        place.accounts.set_password("bob", PASSWORD),
        place.accounts.shut_out("bob"),
        place.accounts.purge("bob"),
        place.accounts.issue("bob", "x", ["read"]),
        place.accounts.tokens("bob"),
    ):
        with pytest.raises(NotFoundError):
            await attempt


async def test_purging_takes_the_documents_and_nobody_elses(on_each: Place) -> None:
    ann = await on_each.accounts.add("ann")
    await on_each.db.run(lambda s: documents.create(s, ann.id, "hers", {}).id)
    await on_each.db.run(lambda s: documents.create(s, LOCAL_OWNER, "mine", {}).id)
    with pytest.raises(ConflictError, match="local owner"):
        await on_each.accounts.purge("local")
    assert await on_each.accounts.purge("ann") == 1
    left = await on_each.db.run(lambda s: list(documents.all_of(s, ann.id)), write=False)
    mine = await on_each.db.run(lambda s: list(documents.all_of(s, LOCAL_OWNER)), write=False)
    assert (left, [row.title for row in mine]) == ([], ["mine"])
    assert await on_each.access.only_local()


@pytest.mark.parametrize("password", ["", "seven77", "x" * 1025])
async def test_a_password_has_a_length(place: Place, password: str) -> None:
    with pytest.raises(RequestError, match="8 to 1,024"):
        await place.accounts.set_password("local", password)


async def test_a_wrong_password_says_no_more_than_a_wrong_name(place: Place) -> None:
    await place.accounts.add("ann")
    await place.accounts.add("bob")
    await place.accounts.set_password("ann", PASSWORD)
    said = {await place.refusal(name, "wrong password") for name in ("ann", "bob", "nobody")}
    assert len(said) == 1


async def test_a_new_password_ends_the_old_one_at_once(place: Place) -> None:
    await place.accounts.set_password("local", PASSWORD)
    await place.access.by_password("local", PASSWORD, HERE)
    await place.accounts.set_password("local", "another one, then")
    await place.refusal("local", PASSWORD)
    assert await place.access.by_password("local", "another one, then", HERE)


async def test_wrong_passwords_are_counted_for_each_user_and_address(place: Place) -> None:
    await place.accounts.set_password("local", PASSWORD)
    for _ in range(TRIES):
        await place.refusal("local", "wrong password")
    with pytest.raises(TooManyRequestsError) as caught:
        await place.access.by_password("local", PASSWORD, HERE)
    assert 0 < caught.value.after <= 60
    await place.refusal("nobody", PASSWORD)
    assert await place.access.by_password("local", PASSWORD, "192.0.2.8")
    assert await place.access.by_password("local", PASSWORD, HERE)  # it is known by now


async def test_right_ones_are_not_counted_however_many_come_at_once(place: Place) -> None:
    await place.accounts.set_password("local", PASSWORD)
    calls = (place.access.by_password("local", PASSWORD, HERE) for _ in range(50))
    assert len(await asyncio.gather(*calls)) == 50


async def test_no_more_than_two_hashes_at_once_and_few_wait(place: Place) -> None:
    threads, go_on = place.access.passwords._threads, threading.Event()
    assert threads._max_workers == 2
    for _ in range(2):
        threads.submit(go_on.wait)
    calls = (place.access.by_password(f"user{n}", PASSWORD, HERE) for n in range(WAITING * 3))
    tasks = [asyncio.create_task(call) for call in calls]
    try:
        for refused in itertools.islice(asyncio.as_completed(tasks, timeout=60), WAITING * 2):
            with pytest.raises(TooManyRequestsError):
                await refused
    finally:
        go_on.set()
    errors = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(error) for error in errors].count(AccessError) == WAITING


async def test_a_token_is_known_by_its_secret_alone(place: Place) -> None:
    token, secret = await place.accounts.issue("local", "editor", ["openai", "read"])
    assert secret.startswith(f"ll_{token.id.removeprefix('tok_')}_")
    assert (token.scopes, token.state) == (("read", "openai"), "holds")
    known = await place.access.by_token(secret)
    assert (known.owner, known.scopes) == (LOCAL_OWNER, {"read", "openai"})
    (listed,) = await place.accounts.tokens("local")
    assert listed.last_used_at is not None
    for wrong in (
        secret[:-1],
        secret + "x",
        secret.upper(),
        secret[:-1] + "\0",
        "ll_",
        "ll_x_y",
        "",
    ):
        with pytest.raises(AccessError):
            await place.access.by_token(wrong)
    other, _ = await place.accounts.issue("local", "other", ["read"])
    swapped = f"ll_{other.id.removeprefix('tok_')}_{secret.split('_', 2)[2]}"
    with pytest.raises(AccessError):
        await place.access.by_token(swapped)


async def test_a_token_ends_by_time_or_by_hand(on_each: Place) -> None:
    by_hand, first = await on_each.accounts.issue("local", "a", ["read"])
    by_time, second = await on_each.accounts.issue("local", "b", ["read"], days=1)
    assert by_time.expires_at is not None
    assert await on_each.access.by_token(second)

    def a_day_passes(s) -> None:  # type: ignore[no-untyped-def]
        s.get(TokenRow, by_time.id).expires_at -= dt.timedelta(days=1)

    await on_each.db.run(a_day_passes)
    await on_each.accounts.revoke(by_hand.id)
    await on_each.accounts.revoke(by_hand.id)
    for secret in (first, second):
        with pytest.raises(AccessError, match="unknown, expired or revoked"):
            await on_each.access.by_token(secret)
    states = {token.name: token.state for token in await on_each.accounts.tokens()}
    assert states == {"a": "revoked", "b": "expired"}
    with pytest.raises(NotFoundError):
        await on_each.accounts.revoke("tok_nosuchtoken")


@pytest.mark.parametrize("scopes", [[], ["all"], ["read", "root"]])
async def test_a_token_needs_scopes_that_there_are(place: Place, scopes: list[str]) -> None:
    with pytest.raises(RequestError, match="needs a scope"):
        await place.accounts.issue("local", "x", scopes)


async def test_only_an_admins_token_administers(place: Place) -> None:
    await place.accounts.add("ann")
    _, hers = await place.accounts.issue("ann", "x", SCOPES)
    _, mine = await place.accounts.issue("local", "x", SCOPES)
    assert "admin" not in (await place.access.by_token(hers)).scopes
    assert "admin" in (await place.access.by_token(mine)).scopes

    def demote(s) -> None:  # type: ignore[no-untyped-def]
        s.get(UserRow, LOCAL_OWNER).admin = False

    await place.db.run(demote)
    assert "admin" not in (await place.access.by_token(mine)).scopes


async def test_no_secret_lies_in_the_database(tmp_path: Path) -> None:
    db = Database.open(tmp_path / "x.db")
    migrate.upgrade(db)
    place = Place(db)
    _, secret = await place.accounts.issue("local", "x", ["read"])
    await place.accounts.set_password("local", PASSWORD)
    await place.access.by_token(secret)
    await place.access.by_password("local", PASSWORD, HERE)
    place.accounts.close()
    db.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"argon2id" in stored
    for hidden in (secret.split("_", 2)[2], PASSWORD):
        for form in (
            hidden.encode(),
            base64.b64encode(hidden.encode()),
            hidden.encode().hex().encode(),
        ):
            assert form not in stored
