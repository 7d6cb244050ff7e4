"""A person's own texts: read apart, kept once, bounded; bombs are refused in plain words."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import (
    LimitExceededError,
    MediaTypeError,
    NotFoundError,
    RequestError,
    TooLargeError,
)
from core.setting_groups import SourcesSettings
from services.sources import MAX_NAME, Sources, file_name
from storage.database import Database
from storage.migrate import upgrade
from storage.tables import UserRow
from tests.corpora import files


@pytest.fixture
def sources(tmp_path: Path) -> Iterator[Sources]:
    database = Database.open(tmp_path / "own.db")
    upgrade(database)
    yield Sources(database)
    database.close()


async def test_a_file_is_read_kept_shown_and_deleted(sources: Sources) -> None:
    kept = await sources.add("C:\\mine\\Tides\x07.docx", files.word())
    assert (kept.name, kept.title, kept.format) == ("Tides.docx", "Tides and mills", "docx")
    assert await sources.get(kept.id) == kept
    text = await sources.text(kept.id)
    assert "Stone on stone" in text
    assert "SECRET" not in text
    (passage, *_) = await sources.passages(kept.id)
    assert passage.source == kept.id
    assert await sources.documents(kept.id) == []
    assert (await sources.add("again.docx", files.word())).id == kept.id
    pasted = await sources.paste("A few words of mine.", "Mine")
    assert (pasted.name, pasted.title) == ("", "Mine")
    assert [each.id for each in await sources.listing()] == [pasted.id, kept.id]
    await sources.delete(kept.id)
    with pytest.raises(NotFoundError):
        await sources.text(kept.id)


async def test_each_owner_has_their_own(sources: Sources) -> None:
    mine = await sources.paste("A few words of mine.")
    await sources.db.run(lambda s: s.add(UserRow(id="usr_ann", name="ann")))
    hers = dataclasses.replace(sources, owner="usr_ann")
    assert await hers.listing() == []
    for ask in (hers.get, hers.text, hers.passages, hers.documents, hers.delete):
        with pytest.raises(NotFoundError, match="there is no source"):
            await ask(mine.id)


BOMBS = {
    "zip": ("a.docx", files.replaced(files.word(), "word/document.xml", b"<a>" * (40 << 20))),
    "pages": ("a.pdf", files.empty_pages(10_000)),
    "entities": (
        "a.docx",
        files.word_with("<w:p/>", '<!DOCTYPE w [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>'),
    ),
    "mislabelled": ("a.pdf", files.word()),
    "program": ("a.txt", b"\x7fELF\x00\x01" * 100),
    "nothing": ("a.md", b"  \n"),
}


@pytest.mark.parametrize("name", BOMBS)
async def test_bombs_are_refused(sources: Sources, name: str) -> None:
    with pytest.raises((TooLargeError, MediaTypeError, RequestError)) as refused:
        await sources.add(*BOMBS[name])
    assert refused.value.message
    assert refused.value.remedy
    assert await sources.listing() == []


async def test_settings_bound_what_is_taken(sources: Sources) -> None:
    small = dataclasses.replace(sources, settings=SourcesSettings(file_mb=1, pages=5, per_owner=1))
    with pytest.raises(TooLargeError, match="more than 1 MB"):
        await small.add("a.txt", b"word " * 300_000)
    with pytest.raises(TooLargeError, match="pages"):
        await small.add("a.pdf", files.empty_pages(6))
    await small.paste("The first one.")
    with pytest.raises(LimitExceededError):
        await small.paste("Another one.")


def test_a_files_name_is_a_name() -> None:
    assert file_name("../../etc/pass\x00wd.txt") == "passwd.txt"
    assert file_name("a" * 500 + ".docx") == "a" * MAX_NAME + ".docx"
