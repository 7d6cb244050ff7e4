"""What a document says is kept with its texts, whoever changes them, and a person has the say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.errors import ConflictError, NotFoundError, PreconditionError, RequestError
from domain.text.vocabulary import terms
from services.documents.ledger import Wish
from storage import facts
from tests.support import Desk, desk

FIRST = "# The Valley\n\n## The bridge\n\nHarrow Bridge is 400 m long.\n\n"
SECOND = "## The press\n\nAcme Press was founded in 1987. We will return to the flood later.\n"


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk(tmp_path) as opened:
        yield opened


async def imported(at: Desk, text: str = FIRST + SECOND) -> str:
    return await at.services.imports.take("valley", text)


async def said(at: Desk, document: str) -> list[tuple[str, str, str]]:
    kept = await at.services.ledgers.all_of(document)
    return [(each.entry.section, each.entry.subject, each.entry.value) for each in kept]


async def id_of(at: Desk, document: str, subject: str) -> str:
    kept = await at.services.ledgers.all_of(document)
    return next(each.entry.id for each in kept if each.entry.subject == subject)


async def test_what_a_text_says_is_known_with_its_places(at: Desk) -> None:
    document = await imported(at)
    kept = await at.services.ledgers.all_of(document)
    assert [(each.entry.section, each.entry.value) for each in kept] == [
        ("1", "400 m"), ("2", "1987"), ("2", "the flood"),
    ]  # fmt: skip
    for each in kept:
        text = (await at.services.sections.get(document, each.entry.section)).text
        assert text[each.entry.start : each.entry.end] == each.entry.quote
        assert each.start16 == each.entry.start  # plain letters
    assert kept[2].entry.status == "open"


async def test_a_hand_edit_and_its_undoing_are_followed(at: Desk) -> None:
    document = await imported(at)
    before = await said(at, document)
    section = await at.services.sections.get(document, "1")
    assert section.revision_id is not None
    text = "Harrow Bridge is 500 m long. It sways."
    changed = await at.services.revisions.write(document, "1", text, section.revision_id)
    assert ("1", "Harrow Bridge", "500 m") in await said(at, document)
    assert ("1", "Harrow Bridge", "400 m") not in await said(at, document)
    assert changed.revision_id is not None
    await at.services.revisions.restore(document, "1", section.revision_id, changed.revision_id)
    assert await said(at, document) == before


async def test_what_a_person_decides_stays_whatever_becomes_of_the_text(at: Desk) -> None:
    document = await imported(at)
    ledgers = at.services.ledgers
    bridge, press = await id_of(at, document, "Harrow Bridge"), await id_of(
        at, document, "Acme Press"
    )  # fmt: skip
    edited = await ledgers.edit(document, bridge, Wish(value="420 m"))
    await ledgers.edit(document, press, Wish(status="hidden"))
    for text in ("Nothing.", "Harrow Bridge is 400 m long.", "Harrow Bridge is 999 m long."):
        present = await at.services.sections.get(document, "1")
        await at.services.revisions.write(document, "1", text, present.revision_id or 0)
        kept = await ledgers.get(document, bridge)
        assert (kept.entry.value, kept.entry.edited) == ("420 m", True)
        assert text[kept.entry.start : kept.entry.end] == kept.entry.quote
    assert (await ledgers.get(document, press)).entry.status == "hidden"
    assert (await ledgers.get(document, bridge)).version > edited.version


async def test_a_note_is_kept_once_and_can_be_taken_away(at: Desk) -> None:
    document = await imported(at)
    ledgers = at.services.ledgers
    made = await ledgers.note(document, "name", "The mayor", "name", "Ada  Pike")
    again = await ledgers.note(document, "name", "The mayor", "name", "Ada Pike")
    assert made == again
    assert (made.entry.origin, made.entry.value) == ("user", "Ada Pike")
    await ledgers.remove(document, made.entry.id, made.version)
    with pytest.raises(NotFoundError):
        await ledgers.get(document, made.entry.id)


async def test_what_cannot_be_done_is_refused_in_words(at: Desk) -> None:
    document = await imported(at)
    ledgers = at.services.ledgers
    bridge = await id_of(at, document, "Harrow Bridge")
    with pytest.raises(ConflictError, match="found again"):
        await ledgers.remove(document, bridge)
    with pytest.raises(RequestError, match="cannot be kept"):
        await ledgers.edit(document, bridge, Wish(status="kept"))
    with pytest.raises(RequestError, match="empty"):
        await ledgers.edit(document, bridge, Wish(value=" "))
    with pytest.raises(NotFoundError):
        await ledgers.note(document, "fact", "a", "b", "c", "77")
    await ledgers.edit(document, bridge, Wish(value="1 m"), 1)
    with pytest.raises(PreconditionError):
        await ledgers.edit(document, bridge, Wish(value="2 m"), 1)


async def test_a_copy_remembers_the_same(at: Desk) -> None:
    document = await imported(at)
    bridge = await id_of(at, document, "Harrow Bridge")
    await at.services.ledgers.edit(document, bridge, Wish(status="hidden"))
    copy = (await at.services.library.duplicate(document)).id
    one, other = [await at.services.ledgers.all_of(each) for each in (document, copy)]
    assert [each.entry for each in one] == [each.entry for each in other]


async def test_a_section_that_leaves_takes_along_what_it_said_but_no_decision(at: Desk) -> None:
    document = await imported(at)
    bridge = await id_of(at, document, "Harrow Bridge")
    await at.services.ledgers.edit(document, bridge, Wish(value="420 m"))
    row = (await at.services.documents.get(document)).id
    await at.services.db.run(lambda s: facts.follow(s, row, ["2"]))
    assert await said(at, document) == [
        ("", "Harrow Bridge", "420 m"), ("2", "Acme Press", "1987"),
        ("2", "the flood", "the flood"),
    ]  # fmt: skip
    await at.services.db.run(lambda s: facts.follow(s, row, []))
    assert [each[0] for each in await said(at, document)] == [""]


async def test_a_search_gives_what_shares_most_words_of_those_sections(at: Desk) -> None:
    document = await imported(at)
    row = (await at.services.documents.get(document)).id

    def found(words: list[str], keys: list[str]) -> list[str]:
        ledger = at.services.db.run_sync(lambda s: facts.about(s, row, words, keys), write=False)
        return [entry.subject for entry in ledger.entries]

    assert found(["harrow", "acm"], ["1", "2"]) == ["Harrow Bridge", "Acme Press"]
    assert found(["harrow"], ["2"]) == []
    assert found([*terms("Acme Press, a bridge"), "100%"], ["1", "2"])[0] == "Acme Press"
    assert found([], ["1"]) == []


async def test_a_run_keeps_what_it_writes_unless_it_is_not_to(at: Desk) -> None:
    told = await at.write(words=600, memory="off")
    assert await at.services.ledgers.all_of(told.document_id) == []
    with pytest.raises(ConflictError, match="without a memory"):
        await at.services.ledgers.renew(told.document_id)
