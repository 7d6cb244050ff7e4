"""Sources: kept once an owner, whole and in passages, and as long as a document draws on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from core.errors import ConflictError, LimitExceededError, NotFoundError
from sources.extract import Draft, Extract, Piece, placed
from sources.passages import passages as cut
from storage import documents, sources
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.tables import UserRow
from tests.corpora.facts import report


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    database = Database.open(database_url)
    yield database
    database.close()


def an_extract(pages: int = 6, seed: int = 0) -> Extract:
    text, _ = report(pages, seed, words=120)
    pieces = [
        Piece("heading", block.lstrip("# "), 1 if block.startswith("# ") else 2, page)
        if block.startswith("#")
        else Piece("paragraph", block, 0, page)
        for page, block in enumerate(text.split("\n\n"), 1)
    ]
    blocks = placed(Draft(tuple(pieces)).pieces)
    return Extract("Accounts", "en", "pdf", "", 40, blocks)


def put(db: Database, extract: Extract, owner: str = LOCAL_OWNER) -> sources.StoredSource:
    return db.run_sync(lambda s: sources.add(s, owner, extract, "accounts.pdf", "ab" * 32))


def test_what_was_read_comes_back_as_it_was(db: Database) -> None:
    extract = an_extract()
    stored = put(db, extract)
    assert (stored.name, stored.title, stored.format, stored.pages) == (
        "accounts.pdf", "Accounts", "pdf", 40,
    )  # fmt: skip
    assert stored.characters == len(extract.text)
    again = db.run_sync(lambda s: sources.extract_of(s, LOCAL_OWNER, stored.id), write=False)
    assert again == extract
    found = db.run_sync(lambda s: sources.passages(s, LOCAL_OWNER, [stored.id]), write=False)
    assert found == cut(extract, stored.id)
    assert stored.passages == len(found) > 3


def test_the_same_text_is_one_source_of_each_owner(db: Database) -> None:
    extract = an_extract()
    first = put(db, extract)
    assert put(db, replace(extract, title="Other")) == first
    db.run_sync(lambda s: s.add(UserRow(id="usr_ann", name="ann")))
    hers = put(db, extract, "usr_ann")
    assert hers.id != first.id
    other = put(db, an_extract(seed=1))
    listed = db.run_sync(lambda s: sources.listing(s, LOCAL_OWNER), write=False)
    assert {each.id for each in listed} == {first.id, other.id}


def test_passages_of_several_sources_keep_their_order(db: Database) -> None:
    one, two = put(db, an_extract(seed=1)), put(db, an_extract(seed=2))
    wanted = [two.id, one.id]
    found = db.run_sync(lambda s: sources.passages(s, LOCAL_OWNER, wanted), write=False)
    assert list(dict.fromkeys(each.source for each in found)) == wanted
    for id in wanted:
        starts = [each.start for each in found if each.source == id]
        assert starts == sorted(starts)


def test_another_owners_source_is_not_there(db: Database) -> None:
    mine = put(db, an_extract())
    db.run_sync(lambda s: s.add(UserRow(id="usr_ann", name="ann")))
    request = {"prompt": "p", "sources": [mine.id]}
    for work in (
        lambda s: sources.get(s, "usr_ann", mine.id),
        lambda s: sources.extract_of(s, "usr_ann", mine.id),
        lambda s: sources.passages(s, "usr_ann", [mine.id]),
        lambda s: sources.delete(s, "usr_ann", mine.id),
        lambda s: documents.create(s, "usr_ann", "t", request),
    ):
        with pytest.raises(NotFoundError) as theirs:
            db.run_sync(work)
        assert theirs.value.message == f"there is no source {mine.id!r}"
    with pytest.raises(NotFoundError) as nobodys:
        db.run_sync(lambda s: sources.get(s, LOCAL_OWNER, "src_nowhere"))
    assert nobodys.value.message == "there is no source 'src_nowhere'"


def test_a_source_in_use_stays_until_its_documents_are_gone(db: Database) -> None:
    source = put(db, an_extract())
    request = {"prompt": "p", "sources": [source.id]}
    made = [
        db.run_sync(lambda s, t=title: documents.create(s, LOCAL_OWNER, t, request).id)
        for title in ("one", "two")
    ]
    assert db.run_sync(lambda s: sources.users(s, LOCAL_OWNER, source.id)) == sorted(made)
    for id in made:
        with pytest.raises(ConflictError, match="is used by"):
            db.run_sync(lambda s: sources.delete(s, LOCAL_OWNER, source.id))
        db.run_sync(lambda s, id=id: documents.delete(s, LOCAL_OWNER, id))
    db.run_sync(lambda s: sources.delete(s, LOCAL_OWNER, source.id))
    assert db.run_sync(lambda s: sources.listing(s, LOCAL_OWNER), write=False) == []


def test_an_owner_goes_with_sources_in_use(db: Database) -> None:
    db.run_sync(lambda s: s.add(UserRow(id="usr_ann", name="ann")))
    hers = put(db, an_extract(), "usr_ann")
    request = {"sources": [hers.id]}
    db.run_sync(lambda s: documents.create(s, "usr_ann", "t", request))

    def leave(s: object) -> None:
        s.delete(s.get(UserRow, "usr_ann"))  # type: ignore[attr-defined]

    db.run_sync(leave)
    assert db.run_sync(lambda s: sources.listing(s, "usr_ann"), write=False) == []


def test_there_is_a_bound_on_how_many(db: Database) -> None:
    put(db, an_extract(seed=1))
    second = an_extract(seed=2)
    with pytest.raises(LimitExceededError):
        db.run_sync(lambda s: sources.add(s, LOCAL_OWNER, second, "b", "", 1))
    same = an_extract(seed=1)
    db.run_sync(lambda s: sources.add(s, LOCAL_OWNER, same, "b", "", 1))
