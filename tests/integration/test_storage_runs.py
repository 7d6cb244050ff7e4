"""Runs: claims, leases, fences, states and events; documents: names and purging."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa

from core.errors import ConflictError, NotFoundError, RequestError, StaleHolderError
from domain.outline.plan import Outline, Part, SectionPlan
from domain.run import Hold, RunStatus, SectionStatus
from domain.score import Score
from llm.types import Usage
from storage import documents, events, journal, outlines, runs, scores, sections
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.holder import Holder
from storage.tables import Base, DocumentRow, FactRow, PassageRow, RunRow, SourceRow, UserRow

ME = Holder.current()
DEAD = replace(ME, started=ME.started + 1)
ELSEWHERE = Holder("elsewhere.invalid", 1, 1)


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    database = Database.open(database_url)
    yield database
    database.close()


@pytest.fixture
def run(db: Database) -> RunRow:
    def make(s: sa.orm.Session) -> RunRow:
        document = documents.create(s, LOCAL_OWNER, "a title", {"prompt": "p"})
        return runs.create(s, document.id, LOCAL_OWNER, "parallel", {"writer": "m"}, seed=2**40)

    return db.run_sync(make)


def claim(db: Database, run: RunRow, holder: Holder = ME, seconds: float = 90) -> Hold:
    return db.run_sync(lambda s: runs.claim(s, run.id, holder, seconds))


def check(db: Database, hold: Hold) -> None:
    db.run_sync(lambda s: runs.check(s, hold))


def test_a_new_run_is_queued_and_free(db: Database, run: RunRow) -> None:
    stored = db.run_sync(lambda s: runs.get(s, LOCAL_OWNER, run.id), write=False)
    assert (stored.status, stored.fence, stored.lease_holder) == ("queued", 0, None)
    assert (stored.seed, stored.models, stored.options) == (2**40, {"writer": "m"}, {})


def test_every_claim_raises_the_fence(db: Database, run: RunRow) -> None:
    first = claim(db, run)
    db.run_sync(lambda s: runs.release(s, first))
    second = claim(db, run)
    assert (first.fence, second.fence) == (1, 2)
    check(db, second)
    with pytest.raises(StaleHolderError):
        check(db, first)


@pytest.mark.parametrize("holder", [ME, ELSEWHERE])
def test_a_living_holder_with_a_lease_is_not_replaced(
    db: Database, run: RunRow, holder: Holder
) -> None:
    hold = claim(db, run, holder)
    with pytest.raises(ConflictError, match=str(holder.pid)) as caught:
        claim(db, run)
    assert run.id in caught.value.remedy
    check(db, hold)


def test_a_dead_holder_on_this_host_is_replaced_at_once(db: Database, run: RunRow) -> None:
    old = claim(db, run, DEAD)
    assert claim(db, run).fence == old.fence + 1
    with pytest.raises(StaleHolderError):
        check(db, old)


@pytest.mark.parametrize("holder", [ME, ELSEWHERE])
def test_a_holder_whose_lease_has_run_out_is_replaced(
    db: Database, run: RunRow, holder: Holder
) -> None:
    claim(db, run, holder, seconds=-1)
    assert claim(db, run).fence == 2


def test_renewing_keeps_a_run(db: Database, run: RunRow) -> None:
    hold = claim(db, run, ELSEWHERE, seconds=-1)
    db.run_sync(lambda s: runs.renew(s, hold, 90))
    with pytest.raises(ConflictError):
        claim(db, run)


def test_a_stale_holder_can_do_nothing(db: Database, run: RunRow) -> None:
    old = claim(db, run, DEAD)
    new = claim(db, run)
    outline = Outline("t", 10, (Part("1", "h", "p", 10, (SectionPlan("1", "h", "p", 10),)),))
    document = run.document_id
    acts = [
        lambda s: runs.renew(s, old),
        lambda s: runs.set_status(s, old, RunStatus.PLANNING),
        lambda s: events.append(s, old, "x", {}),
        lambda s: outlines.save(s, old, document, outline),
        lambda s: outlines.update_part(s, old, document, outline.parts[0]),
        lambda s: sections.sync(s, old, document, outline),
        lambda s: sections.set_target(s, old, document, "1", 5),
        lambda s: sections.fail(s, old, document, "1", "x"),
        lambda s: sections.seal(s, old, document, ["1"]),
        lambda s: sections.commit_text(s, old, document, "1", "t", 1, "draft", SectionStatus.DRAFT),
        lambda s: scores.save(s, old, document, "", Score("n", 1, 1.0)),
        lambda s: journal.again(s, old, "call"),
        lambda s: journal.fail(s, old, "call", "unavailable", "m"),
        lambda s: journal.answer(s, old, "call", text="t", finish="stop", usage=Usage(), seconds=1),
        lambda s: intend(s, old),
    ]
    for act in acts:
        with pytest.raises(StaleHolderError):
            db.run_sync(act)
    db.run_sync(lambda s: runs.release(s, old))  # says nothing, does nothing
    check(db, new)
    with pytest.raises(ConflictError, match="worked on"):
        claim(db, run)


def intend(s: sa.orm.Session, hold: Hold, step: str = "plan") -> journal.StoredCall:
    return journal.intend(
        s,
        hold,
        step=step,
        attempt=1,
        role="planner",
        request={"model": "m"},
        request_sha="r",
        prompt_name="planner/plan",
        prompt_version=1,
        prompt_sha="s",
    )


def test_only_one_of_many_claims_wins(db: Database, run: RunRow) -> None:
    def attempt(_: int) -> int:
        own = Database(db.url)
        try:
            return claim(own, run).fence
        except ConflictError:
            return 0
        finally:
            own.close()

    with ThreadPoolExecutor(6) as threads:
        assert sorted(threads.map(attempt, range(6))) == [0, 0, 0, 0, 0, 1]


def test_the_state_follows_the_rules(db: Database, run: RunRow) -> None:
    hold = claim(db, run)
    db.run_sync(lambda s: runs.set_status(s, hold, RunStatus.PLANNING))
    db.run_sync(lambda s: runs.set_status(s, hold, RunStatus.PAUSED, "out of credit"))
    with pytest.raises(ConflictError, match="cannot become done"):
        db.run_sync(lambda s: runs.set_status(s, hold, RunStatus.DONE))
    stored = db.run_sync(lambda s: runs.get(s, LOCAL_OWNER, run.id))
    assert (stored.status, stored.reason) == ("paused", "out of credit")


@pytest.mark.parametrize("status", [s for s in RunStatus if not s.active])
def test_a_run_that_comes_to_rest_is_held_by_nobody(
    db: Database, run: RunRow, status: RunStatus
) -> None:
    """In one transaction: its process may die before it gives the run back."""
    hold = claim(db, run)
    ways = (RunStatus.PLANNING, RunStatus.WRITING, RunStatus.CHECKING)
    for state in (*(ways if status is RunStatus.DONE else ways[:1]), status):
        assert stored_run(db, run).lease_holder is not None
        db.run_sync(lambda s, state=state: runs.set_status(s, hold, state))  # type: ignore[misc]
    assert (stored_run(db, run).lease_holder, stored_run(db, run).lease_until) == (None, None)
    assert claim(db, run).fence == 2


def stored_run(db: Database, run: RunRow) -> RunRow:
    return db.run_sync(lambda s: runs.get(s, LOCAL_OWNER, run.id), write=False)


def test_cancelling_is_a_wish_until_the_holder_reads_it(db: Database, run: RunRow) -> None:
    assert not db.run_sync(lambda s: runs.cancel_requested(s, run.id), write=False)
    db.run_sync(lambda s: runs.request_stop(s, run.id, RunStatus.PAUSED))
    assert db.run_sync(lambda s: runs.cancel_requested(s, run.id), write=False)
    db.run_sync(lambda s: runs.request_stop(s, run.id, None))
    assert not db.run_sync(lambda s: runs.cancel_requested(s, run.id), write=False)
    with pytest.raises(NotFoundError):
        db.run_sync(lambda s: runs.request_stop(s, "run_none", RunStatus.PAUSED))


def test_runs_are_listed_newest_first(db: Database, run: RunRow) -> None:
    more = [
        db.run_sync(lambda s: runs.create(s, run.document_id, LOCAL_OWNER, "auto", {}))
        for _ in range(3)
    ]
    expected = [row.id for row in reversed([run, *more])]
    listed = db.run_sync(lambda s: runs.newest(s, LOCAL_OWNER, 2), write=False)
    assert [row.id for row in listed] == expected[:2]
    listed = db.run_sync(lambda s: runs.for_document(s, run.document_id), write=False)
    assert [row.id for row in listed] == expected


def test_events_are_numbered_without_gaps_from_many_threads(db: Database, run: RunRow) -> None:
    hold = claim(db, run)

    def ten(thread: int) -> list[int]:
        own = Database(db.url)
        target = hold if thread % 2 else run.id
        numbers = [
            own.run_sync(lambda s, i=i: events.append(s, target, "tick", {"n": [thread, i]}))  # type: ignore[misc]
            for i in range(10)
        ]
        own.close()
        return numbers

    with ThreadPoolExecutor(5) as threads:
        numbers = [number for made in threads.map(ten, range(5)) for number in made]
    assert sorted(numbers) == list(range(1, 51))
    rest = db.run_sync(lambda s: events.since(s, run.id, 45), write=False)
    assert [event.seq for event in rest] == [46, 47, 48, 49, 50]
    first = db.run_sync(lambda s: events.since(s, run.id, limit=3), write=False)
    assert [event.seq for event in first] == [1, 2, 3]
    assert first[0].type == "tick"


def test_a_rolled_back_event_leaves_no_gap(db: Database, run: RunRow) -> None:
    def fails(s: sa.orm.Session) -> None:
        events.append(s, run.id, "lost", {})
        raise NotFoundError("no")

    with pytest.raises(NotFoundError):
        db.run_sync(fails)
    assert db.run_sync(lambda s: events.append(s, run.id, "kept", {})) == 1
    with pytest.raises(NotFoundError):
        db.run_sync(lambda s: events.append(s, "run_none", "x", {}))


def test_a_document_is_found_by_the_beginning_of_its_id(db: Database) -> None:
    def make(s: sa.orm.Session) -> None:
        s.add(UserRow(id="other", name="o"))
        s.flush()
        for name, owner in (("aaab2", LOCAL_OWNER), ("aaab3", LOCAL_OWNER), ("addd4", "other")):
            s.add(DocumentRow(id=f"doc_{name}", owner_id=owner, title=name, request={}))

    db.run_sync(make)

    def title(text: str) -> str:
        return db.run_sync(lambda s: documents.get(s, LOCAL_OWNER, text).title, write=False)

    assert title("doc_aaab2") == title(" DOC_AAAB2 ") == title("aaab2") == "aaab2"
    with pytest.raises(ConflictError, match="doc_aaab2, doc_aaab3"):
        title("aaab")
    for text in ("", "doc_zzzz", "addd4", "doc_addd4", "%%%%", "doc%", "docxaaab2", "'; --"):
        with pytest.raises(NotFoundError) as caught:
            title(text)
        assert "python app.py runs" in caught.value.remedy


@pytest.mark.parametrize("name", ["doc_", "_", "doc", "d", "doc_a", " doc_aaa ", "aaa"])
def test_a_few_letters_name_nothing_even_where_there_is_one(db: Database, name: str) -> None:
    db.run_sync(lambda s: s.add(DocumentRow(id="doc_aaaa", owner_id=LOCAL_OWNER, title="the only",
                                            request={})))  # fmt: skip
    with pytest.raises(RequestError, match="too short") as caught:
        db.run_sync(lambda s: documents.get(s, LOCAL_OWNER, name), write=False)
    assert "4 characters" in caught.value.remedy


def test_a_whole_id_is_clear_even_when_others_begin_with_it(db: Database) -> None:
    def make(s: sa.orm.Session) -> None:
        for name in ("abcd", "abcde"):
            s.add(DocumentRow(id=f"doc_{name}", owner_id=LOCAL_OWNER, title=name, request={}))

    db.run_sync(make)
    found = db.run_sync(lambda s: documents.get(s, LOCAL_OWNER, "doc_abcd"), write=False)
    assert found.title == "abcd"


def test_documents_are_renamed_and_listed(db: Database, run: RunRow) -> None:
    db.run_sync(lambda s: documents.set_title(s, LOCAL_OWNER, run.document_id, "new"))
    second = db.run_sync(lambda s: documents.create(s, LOCAL_OWNER, "second", {}))
    listed = db.run_sync(lambda s: documents.all_of(s, LOCAL_OWNER), write=False)
    assert [row.title for row in listed] == ["second", "new"]
    newest = db.run_sync(lambda s: documents.newest(s, LOCAL_OWNER), write=False)
    assert newest is not None
    assert newest.id == second.id
    assert db.run_sync(lambda s: documents.newest(s, "nobody"), write=False) is None


def test_deleting_a_document_purges_everything_it_had(db: Database, run: RunRow) -> None:
    hold = claim(db, run)
    document = run.document_id
    outline = Outline("t", 10, (Part("1", "h", "p", 10, (SectionPlan("1", "h", "p", 10),)),))

    def fill(s: sa.orm.Session) -> None:
        outlines.save(s, hold, document, outline)
        sections.sync(s, hold, document, outline)
        intend(s, hold)
        sections.commit_text(s, hold, document, "1", "t", 1, "draft", SectionStatus.DRAFT)
        events.append(s, hold, "x", {})
        scores.save(s, hold, document, "1", Score("n", 1, None, "no judge"))
        s.add(FactRow(
            owner_id=LOCAL_OWNER, document_id=document, entry="s", section_key="1", kind="fact",
            subject="s", attribute="is", value="s", quote="s", start=0, end=1, status="stands",
            origin="text", edited=False, words="s",
        ))  # fmt: skip
        common = {"owner_id": LOCAL_OWNER, "name": "n", "sha256": "h", "text": "t"}
        s.add(SourceRow(id="src_own", document_id=document, **common))
        s.add(SourceRow(id="src_shared", **common))
        s.flush()
        for source in ("src_own", "src_shared"):
            passage = {"source_id": source, "position": 0, "start": 0, "end": 1, "text": "t"}
            s.add(PassageRow(owner_id=LOCAL_OWNER, **passage))

    def count(s: sa.orm.Session) -> dict[str, int]:
        tables = [t for t in Base.metadata.sorted_tables if t.name != "commit_marks"]
        counts = {t.name: s.scalar(sa.select(sa.func.count()).select_from(t)) or 0 for t in tables}
        return {name: number for name, number in counts.items() if number}

    db.run_sync(fill)
    assert len(db.run_sync(count, write=False)) == 12
    with pytest.raises(NotFoundError):
        db.run_sync(lambda s: documents.delete(s, "other", document))
    db.run_sync(lambda s: documents.delete(s, LOCAL_OWNER, document))
    assert db.run_sync(count, write=False) == {"users": 1, "sources": 1, "passages": 1}
    with pytest.raises(StaleHolderError):
        check(db, hold)
    assert db.run_sync(lambda s: runs.cancel_requested(s, run.id), write=False)
    with pytest.raises(NotFoundError):
        db.run_sync(lambda s: outlines.save(s, None, document, outline))
