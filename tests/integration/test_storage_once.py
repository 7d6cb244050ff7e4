"""A request with a key is done once, however many come at the same moment; on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import update

from core.errors import RequestError
from storage import documents
from storage.base import LOCAL_OWNER, now
from storage.database import Database
from storage.idempotency import KEPT, Once, run_once
from storage.tables import IdempotencyKeyRow


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    database = Database.open(database_url)
    yield database
    database.close()


async def make(db: Database, key: Once | None) -> tuple[str, bool]:
    return await run_once(
        db, LOCAL_OWNER, key, lambda s: documents.create(s, LOCAL_OWNER, "a title", {}).id
    )


def number(db: Database) -> int:
    return len(db.run_sync(lambda s: documents.all_of(s, LOCAL_OWNER), write=False))


async def test_many_at_once_make_one_each(db: Database) -> None:
    keys = [Once(f"key {n}", "body") for n in range(5)]
    told = await asyncio.gather(*(make(db, key) for _ in range(20) for key in keys))
    assert number(db) == 5
    assert len({made for made, _ in told}) == 5
    assert sum(new for _, new in told) == 5


async def test_another_body_is_refused_and_no_key_is_no_promise(db: Database) -> None:
    await make(db, Once("key", "body"))
    with pytest.raises(RequestError, match="another request"):
        await make(db, Once("key", "other"))
    await make(db, None)
    await make(db, None)
    assert number(db) == 3


async def test_what_failed_may_be_tried_again(db: Database) -> None:
    def fails(_: object) -> str:
        raise RequestError("no")

    with pytest.raises(RequestError, match="no"):
        await run_once(db, LOCAL_OWNER, Once("key", "body"), fails)
    assert (await make(db, Once("key", "body")))[1]


async def test_a_key_is_forgotten_after_a_day(db: Database) -> None:
    first, _ = await make(db, Once("key", "body"))
    old = now() - KEPT
    db.run_sync(lambda s: s.execute(update(IdempotencyKeyRow).values(created_at=old)))
    second, new = await make(db, Once("key", "other"))
    assert new
    assert second != first
