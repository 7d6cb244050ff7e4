"""Memory whatever happens: no false alarm, never out of step, nothing of a person's lost."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from domain.ledger.entries import Entry, Ledger, edit, note
from domain.ledger.facts import extract
from storage import documents, facts, migrate, sections
from storage.base import LOCAL_OWNER
from storage.database import Database
from tests.corpora.claims import consistent, contradictory
from tests.corpora.documents import clean_documents
from tests.integration.test_memory_runs import LENGTHS, plants
from tests.support import Desk, desk


async def alarms(at: Desk, texts: dict[str, str]) -> list[tuple[str, str]]:
    """What a person is told of a text of theirs: (words, words elsewhere)."""
    body = "\n\n".join(f"## Part {key}\n\n{text}" for key, text in texts.items())
    document = await at.services.imports.take("text", f"# A text\n\n{body}\n")
    seen = await at.services.examinations.of(document)
    return [
        (remark.place.quote, remark.others[0].quote)
        for section in seen.sections
        for remark in section.remarks
        if remark.finding.gate == "continuity" and remark.place and remark.others
    ]


@pytest.mark.verify
async def test_clean_documents_raise_no_alarm(tmp_path: Path) -> None:
    """40 that state facts twice, 20 of the gates' corpora; about 20 s."""
    texts = [case.texts for case in consistent(40)]
    for clean in list(clean_documents())[::10][:20]:
        texts.append({str(n): text for n, (_, text) in enumerate(clean.sections, start=1)})
    async with desk(tmp_path) as at:
        for each in texts:
            assert await alarms(at, each) == []


async def test_a_persons_own_text_is_told_where_it_contradicts_itself(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        for case in list(contradictory(6)):
            assert case.places is not None
            (_, first), (_, second) = case.places
            assert await alarms(at, case.texts) == [(second, first)]


@pytest.mark.parametrize("memory", ["text", "model"])
async def test_text_and_ledger_are_in_step_after_every_commit(tmp_path: Path, memory: str) -> None:
    """Wherever a process dies, what it leaves is what a commit has left."""
    said, _ = plants("en", 0, 0)
    out_of_step: list[str] = []
    commits = 0

    async with desk(tmp_path, plants=said) as at:
        engine = at.services.db.engine

        def look(connection: sa.Connection) -> None:
            nonlocal commits
            if connection.get_execution_options().get("readonly"):
                return
            commits += 1
            with Session(connection) as s:
                for document in documents.all_of(s, LOCAL_OWNER):
                    out_of_step.extend(_out_of_step(s, document.id))

        sa.event.listen(engine, "commit", look)
        try:
            report = await at.write(words=LENGTHS["en"], rounds=1, memory=memory)
        finally:
            sa.event.remove(engine, "commit", look)
    assert report.status == "done"
    assert commits > 20
    assert out_of_step == []


def _out_of_step(s: Session, document_id: str) -> list[str]:
    known = facts.all_of(s, document_id).entries
    wrong = []
    for section in sections.all_of(s, document_id):
        read = {(e.value, e.start) for e in extract(section.text, section.key)}
        have = {(e.value, e.start) for e in known if e.section == section.key}
        if not read <= have:
            wrong.append(section.key)
        wrong += [
            entry.id
            for entry in known
            if entry.section == section.key and section.text[entry.start : entry.end] != entry.quote
        ]
    return wrong


VALUES = ("400 m", "900 m", "1 km")
TEXTS = (
    "",
    *(f"Harrow Bridge is {value} long." for value in VALUES),
    "The mill was built in 1901.",
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.sampled_from(["1", "2"]), st.sampled_from(TEXTS)),
        st.tuples(st.just("edit"), st.integers(0, 9), st.sampled_from(VALUES)),
        st.tuples(st.just("hide"), st.integers(0, 9), st.just("")),
        st.tuples(st.just("note"), st.just(""), st.sampled_from(VALUES)),
        st.tuples(st.just("leave"), st.sampled_from(["1", "2"]), st.just("")),
    ),
    max_size=12,
)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Any:
    db = Database.open(tmp_path_factory.mktemp("home") / "x.db")
    migrate.upgrade(db)
    yield db
    db.close()


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_what_a_person_decided_stays_in_whatever_order_things_happen(
    stored: Database, steps: list[tuple[str, Any, str]]
) -> None:
    def work(s: Session) -> None:
        document = documents.create(s, LOCAL_OWNER, "t", {"memory": "text"}).id
        decided: dict[str, tuple[str, str]] = {}
        for kind, what, value in steps:
            _carry_out(s, document, decided, kind, what, value)
            now = {entry.id: entry for entry in facts.all_of(s, document).entries}
            for id, (wanted, status) in decided.items():
                assert (now[id].value, now[id].status) == (wanted, status)

    stored.run_sync(work)


def _carry_out(
    s: Session, document: str, decided: dict[str, tuple[str, str]], kind: str, what: Any, value: str
) -> None:
    every = facts.all_of(s, document).entries
    if kind == "write":
        facts.renew(s, document, what, value, extract(value, what))
    elif kind == "leave":
        facts.follow(s, document, [key for key in ("1", "2") if key != what])
        for id in [e.id for e in every if e.section == what and e.status == "hidden"]:
            decided.pop(id, None)  # nothing of it is left to be hidden
    elif kind == "note":
        (made,) = note(Ledger(), Entry("number", "The tower", "height", value)).entries
        if not facts.has(s, document, made.id):
            facts.put(s, document, (made,))
        decided.setdefault(made.id, (made.value, made.status))
    elif every:
        entry = every[what % len(every)]
        wish: dict[str, Any] = {"status": "hidden"} if kind == "hide" else {"value": value}
        (new,) = edit(Ledger((entry,)), entry.id, **wish).entries
        facts.put(s, document, (new,))
        decided[entry.id] = (new.value, new.status)


def test_a_section_of_a_book_is_reminded_as_cheaply_as_one_of_an_essay(stored: Database) -> None:
    """Entries that are loaded do not grow with the book; times are in docs, not asserted."""
    rng = random.Random(7)
    names = [f"{a}{b} Mill" for a in ("Ash", "Elm", "Oak", "Fir") for b in ("ford", "ham", "by")]

    def work(s: Session) -> tuple[int, int]:
        document = documents.create(s, LOCAL_OWNER, "t", {}).id
        keys = [str(number) for number in range(1, 201)]
        for key in keys:
            text = " ".join(
                f"{rng.choice(names)} is {rng.randint(10, 99)} m long." for _ in range(20)
            )
            facts.renew(s, document, key, text, extract(text, key))
        found = facts.about(s, document, ["mill", "ashford"], keys)
        return len(facts.all_of(s, document).entries), len(found.entries)

    every, found = stored.run_sync(work)
    assert every > 1_500
    assert found == facts.MOST_FOUND
