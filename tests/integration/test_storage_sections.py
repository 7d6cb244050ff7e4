"""Outlines, sections, revisions, a person's edits, and scores."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import NamedTuple, TypeVar

import pytest
from sqlalchemy.orm import Session

from core.errors import ConflictError, NotFoundError
from domain.outline.plan import Outline, Part, SectionPlan
from domain.run import Hold, SectionStatus
from domain.score import Finding, Score, Severity
from storage import documents, edits, outlines, revisions, runs, scores, sections
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.holder import Holder
from storage.sections import StoredSection

T = TypeVar("T")

DRAFT, SEALED = SectionStatus.DRAFT, SectionStatus.SEALED


class Place(NamedTuple):
    """A database with one document and a claimed run."""

    db: Database
    document: str
    hold: Hold

    def do(self, fn: Callable[[Session], T]) -> T:
        return self.db.run_sync(fn)

    def sync(self, outline: Outline) -> None:
        self.do(lambda s: sections.sync(s, self.hold, self.document, outline))

    def write(
        self, key: str, text: str, status: SectionStatus = DRAFT, author: str = "model"
    ) -> StoredSection:
        words = len(text.split())
        return self.do(
            lambda s: sections.commit_text(
                s, self.hold, self.document, key, text, words, "draft", status, ["call_1"], author
            )
        )

    def keys(self) -> list[str]:
        return [section.key for section in self.do(lambda s: sections.all_of(s, self.document))]

    def get(self, key: str) -> StoredSection:
        return self.do(lambda s: sections.get(s, self.document, key))


@pytest.fixture
def place(database_url: str) -> Iterator[Place]:
    db = Database.open(database_url)

    def make(s: Session) -> tuple[str, Hold]:
        document = documents.create(s, LOCAL_OWNER, "t", {})
        run = runs.create(s, document.id, LOCAL_OWNER, "parallel", {})
        return document.id, runs.claim(s, run.id, Holder.current())

    yield Place(db, *db.run_sync(make))
    db.close()


def outline_of(*keys: str, target: int = 100) -> Outline:
    parts = tuple(
        Part(key, f"Part {key}", "p", target, (SectionPlan(key, f"Part {key}", "p", target),))
        for key in keys
    )
    return Outline("Title", target * len(keys), parts)


def test_every_version_of_an_outline_is_kept_and_the_last_holds(place: Place) -> None:
    first, second = outline_of("1", "2"), outline_of("1", "2", "3")
    assert place.do(lambda s: outlines.latest(s, place.document)) is None
    assert place.do(lambda s: outlines.version(s, place.document)) == 0
    assert place.do(lambda s: outlines.save(s, place.hold, place.document, first)) == 1
    assert place.do(lambda s: outlines.save(s, None, place.document, second)) == 2
    assert place.do(lambda s: outlines.latest(s, place.document)) == second
    assert place.do(lambda s: outlines.version(s, place.document)) == 2


def test_parts_planned_at_once_are_all_kept(place: Place) -> None:
    keys = [str(number) for number in range(10)]
    bare = outline_of(*keys)
    bare = replace(bare, parts=tuple(replace(part, sections=()) for part in bare.parts))
    place.do(lambda s: outlines.save(s, place.hold, place.document, bare))

    def plan(key: str) -> None:
        own = Database(place.db.url)
        part = Part(key, key, "p", 100, (SectionPlan(key, key, "p", 100, ("a", "b")),), "lines")
        own.run_sync(lambda s: outlines.update_part(s, place.hold, place.document, part))
        own.close()

    with ThreadPoolExecutor(10) as threads:
        list(threads.map(plan, keys))
    found = place.do(lambda s: outlines.latest(s, place.document))
    assert found is not None
    assert found.planned
    assert [part.key for part in found.parts] == keys
    assert {part.source for part in found.parts} == {"lines"}
    assert place.do(lambda s: outlines.version(s, place.document)) == 1


def test_a_part_that_does_not_exist_is_refused(place: Place) -> None:
    part = Part("9", "h", "p", 1)
    update = lambda s: outlines.update_part(s, place.hold, place.document, part)  # noqa: E731
    with pytest.raises(NotFoundError):
        place.do(update)
    place.do(lambda s: outlines.save(s, place.hold, place.document, outline_of("1")))
    with pytest.raises(NotFoundError, match="'9'"):
        place.do(update)


def test_approval_belongs_to_the_version_that_was_seen(place: Place) -> None:
    def approve(version: int | None = None) -> int:
        return place.do(lambda s: outlines.approve(s, place.document, version))

    def approved() -> bool:
        return place.do(lambda s: outlines.approved(s, place.document))

    with pytest.raises(NotFoundError):
        approve()
    assert not approved()
    place.do(lambda s: outlines.save(s, place.hold, place.document, outline_of("1")))
    assert not approved()
    assert approve() == approve(1) == 1
    assert approved()
    place.do(lambda s: outlines.save(s, None, place.document, outline_of("1", "2")))
    assert not approved()
    with pytest.raises(ConflictError, match="version 2, not 1"):
        approve(1)
    assert not approved()


def test_sections_follow_the_outline_and_written_ones_keep_what_they_have(place: Place) -> None:
    place.sync(outline_of("1", "2", "3", "4"))
    place.write("2", "Two words.", SEALED)
    place.write("4", "Four.")
    place.sync(outline_of("3", "2", "5", target=70))
    assert place.keys() == ["3", "2", "5", "4"]
    assert [place.get(key).target for key in ("3", "2", "5", "4")] == [70, 100, 70, 100]
    kept = place.get("2")
    assert (kept.text, kept.status, kept.words, kept.position) == ("Two words.", SEALED, 2, 1)
    assert place.get("3").status is SectionStatus.PLANNED
    assert place.get("3").text == ""
    with pytest.raises(NotFoundError):
        place.get("1")


def test_syncing_again_changes_nothing(place: Place) -> None:
    place.sync(outline_of("1", "2"))
    before = place.do(lambda s: sections.all_of(s, place.document))
    place.sync(outline_of("1", "2"))
    assert place.do(lambda s: sections.all_of(s, place.document)) == before


def test_a_text_becomes_the_next_revision(place: Place) -> None:
    place.sync(outline_of("1", "2"))
    place.write("1", "First.")
    section = place.write("1", "Second try.", SEALED)
    history = place.do(lambda s: revisions.history(s, place.document, "1"))
    assert [(item.number, item.text, item.words) for item in history] == [
        (1, "First.", 1),
        (2, "Second try.", 2),
    ]
    assert history[1].call_ids == ("call_1",)
    assert history[1].run_id == place.hold.run_id
    assert (section.text, section.status) == ("Second try.", SEALED)
    assert (section.revision_id, section.author) == (history[1].id, "model")
    assert place.do(lambda s: revisions.history(s, place.document, "2")) == []
    assert place.do(lambda s: revisions.get(s, place.document, history[0].id)) == history[0]
    for document, revision in ((place.document, 99), ("doc_other", history[0].id)):
        with pytest.raises(NotFoundError):
            place.do(lambda s, d=document, r=revision: revisions.get(s, d, r))  # type: ignore[misc]


def test_the_same_text_again_makes_no_second_revision(place: Place) -> None:
    place.sync(outline_of("1"))
    place.write("1", "Once.")
    assert place.write("1", "Once.", SEALED).status is SEALED
    assert len(place.do(lambda s: revisions.history(s, place.document, "1"))) == 1


def test_a_sealed_section_takes_no_text(place: Place) -> None:
    place.sync(outline_of("1", "2"))
    place.write("1", "Done.")
    place.do(lambda s: sections.seal(s, place.hold, place.document, ["1"]))
    with pytest.raises(ConflictError, match="sealed"):
        place.write("1", "Changed.")
    with pytest.raises(ConflictError):
        place.do(lambda s: sections.fail(s, place.hold, place.document, "1", "x"))
    place.do(lambda s: edits.reopen(s, LOCAL_OWNER, place.document, "1"))
    assert place.write("1", "Changed.").text == "Changed."


def test_sealing_needs_text_and_leaves_locked_ones(place: Place) -> None:
    place.sync(outline_of("1", "2", "3"))
    place.write("1", "One.")
    place.do(lambda s: edits.write(s, LOCAL_OWNER, place.document, "2", "Mine.", 1))
    with pytest.raises(ConflictError, match="'3' is planned"):
        place.do(lambda s: sections.seal(s, place.hold, place.document, ["1", "2", "3"]))
    assert place.get("1").status is DRAFT
    place.do(lambda s: sections.seal(s, place.hold, place.document, ["1", "2"]))
    assert place.get("1").status is SEALED
    assert place.get("2").status is SectionStatus.LOCKED


def test_a_persons_text_is_locked_against_models(place: Place) -> None:
    place.sync(outline_of("1", "2"))
    place.write("1", "Model's.", SEALED)
    edited = place.do(lambda s: edits.write(s, LOCAL_OWNER, place.document, "1", "Mine.", 1))
    assert (edited.text, edited.author, edited.locked) == ("Mine.", "user", True)
    with pytest.raises(ConflictError, match="locked"):
        place.write("1", "Model's again.")
    again = place.do(lambda s: edits.write(s, LOCAL_OWNER, place.document, "1", "Mine 2.", 2))
    assert again.text == "Mine 2."
    by_run = place.write("2", "Also mine.", DRAFT, author="user")
    assert by_run.locked
    with pytest.raises(NotFoundError):
        place.do(lambda s: edits.write(s, "other", place.document, "1", "Theirs.", 1))


def test_edits_made_at_once_are_all_kept(place: Place) -> None:
    place.sync(outline_of("1"))
    texts = [f"Text {number}." for number in range(12)]

    def edit(text: str) -> None:
        own = Database(place.db.url)
        own.run_sync(lambda s: edits.write(s, LOCAL_OWNER, place.document, "1", text, 2))
        own.close()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(edit, texts))
    history = place.do(lambda s: revisions.history(s, place.document, "1"))
    assert [item.number for item in history] == list(range(1, 13))
    assert {item.text for item in history} == set(texts)
    assert place.get("1").text == history[-1].text


def test_locking_needs_text(place: Place) -> None:
    place.sync(outline_of("1"))
    lock = lambda s: edits.lock(s, LOCAL_OWNER, place.document, "1")  # noqa: E731
    with pytest.raises(ConflictError):
        place.do(lock)
    place.do(lambda s: edits.reopen(s, LOCAL_OWNER, place.document, "1"))
    assert place.get("1").status is SectionStatus.PLANNED
    place.write("1", "Good.")
    place.do(lock)
    assert place.get("1").locked


def test_a_failed_section_can_still_be_written(place: Place) -> None:
    place.sync(outline_of("1"))
    place.do(lambda s: sections.fail(s, place.hold, place.document, "1", "endpoint gone"))
    failed = place.get("1")
    assert (failed.status, failed.reason) == (SectionStatus.FAILED, "endpoint gone")
    written = place.write("1", "Here.")
    assert (written.status, written.reason) == (DRAFT, "")


def test_targets_change_and_unknown_sections_are_named(place: Place) -> None:
    place.sync(outline_of("1"))
    place.do(lambda s: sections.set_target(s, place.hold, place.document, "1", 55))
    assert place.get("1").target == 55
    with pytest.raises(NotFoundError, match="'7'"):
        place.write("7", "Nowhere.")


def test_the_last_score_of_each_evaluator_counts(place: Place) -> None:
    finding = Finding("length", Severity.FAIL, "too short", "1", 0, 10)
    given = [
        ("1", Score("length", 1, 40.0, "", (finding,))),
        ("1", Score("judge", 2, None, "unparsable verdict")),
        ("", Score("length", 1, 97.5)),
        ("1", Score("length", 1, 90.0, "", (replace(finding, severity=Severity.NOTE),))),
    ]
    for key, score in given:
        place.do(lambda s, k=key, v=score: scores.save(s, place.hold, place.document, k, v))  # type: ignore[misc]
    found = place.do(lambda s: scores.latest(s, place.document))
    assert [(item.section_key, item.score) for item in found] == [given[2], given[1], given[3]]
