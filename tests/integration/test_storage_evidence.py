"""Numbers of passages: the same in all sections, whichever of them are asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sources.passages import Passage
from storage import documents, evidence, sources
from storage.base import LOCAL_OWNER
from storage.database import Database
from tests.integration.test_storage_sources import an_extract


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    database = Database.open(database_url)
    yield database
    database.close()


def put(db: Database, seed: int) -> str:
    return db.run_sync(
        lambda s: sources.add(s, LOCAL_OWNER, an_extract(6, seed), "a.pdf", "ab" * 32).id
    )


def document_of(db: Database, ids: list[str]) -> str:
    return db.run_sync(lambda s: documents.create(s, LOCAL_OWNER, "T", {"sources": ids}).id)


def some(db: Database, document: str, numbers: set[int]) -> dict[int, Passage]:
    return db.run_sync(lambda s: evidence.some(s, document, numbers), write=False)


def all_of(db: Database, document: str) -> dict[int, Passage]:
    return db.run_sync(lambda s: evidence.numbered(s, document), write=False)


def test_numbers_run_through_all_sources_in_the_requests_order(db: Database) -> None:
    ids = [put(db, seed) for seed in (0, 1)]
    for order in (ids, ids[::-1]):
        document = document_of(db, order)
        every = all_of(db, document)
        assert list(every) == list(range(1, len(every) + 1))
        owners = [passage.source for passage in every.values()]
        assert owners == sorted(owners, key=order.index)
        for wanted in ({1}, {2, len(every)}, {0, 9_999}, set(every)):
            known = {number: every[number] for number in sorted(wanted) if number in every}
            assert some(db, document, wanted) == known


def test_a_document_without_sources_has_no_passages(db: Database) -> None:
    document = document_of(db, [])
    assert all_of(db, document) == {}
    assert some(db, document, {1}) == {}
