"""Many processes commit to one database at once: no update is lost, numbers have no gaps."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.outline.plan import Outline, Part, SectionPlan
from domain.run import Hold, SectionStatus
from storage import documents, edits, events, migrate, outlines, revisions, runs, sections
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.holder import Holder

PROCESSES = 4
COMMITS_A_TURN = 4
PLAN = Outline("t", 10, (Part("1", "h", "p", 10, (SectionPlan("1", "h", "p", 10),)),))


@dataclass(frozen=True)
class Place:
    """A document with one section, and its run."""

    document: str
    run: str


def _place(s: sa.orm.Session) -> Place:
    document = documents.create(s, LOCAL_OWNER, "a title", {"prompt": "p"})
    run = runs.create(s, document.id, LOCAL_OWNER, "parallel", {})
    hold = runs.claim(s, run.id, Holder.current())
    outlines.save(s, hold, document.id, PLAN)
    sections.sync(s, hold, document.id, PLAN)
    runs.release(s, hold)
    return Place(document.id, run.id)


def commit_often(url: str, shared: Place, turns: int, me: int) -> Place:
    """What one process does: on a run of its own under its fence, and on what all share."""
    db = Database.open(url)
    try:
        mine = db.run_sync(_place)
        hold = db.run_sync(lambda s: runs.claim(s, mine.run, Holder.current()))
        for turn in range(turns):
            text = f"process {me}, turn {turn}"
            db.run_sync(lambda s, t=text: _draft(s, hold, mine, t))  # type: ignore[misc]
            db.run_sync(lambda s, t=text: events.append(s, shared.run, "tick", {"by": t}))  # type: ignore[misc]
            db.run_sync(lambda s, t=text: edits.write(s, LOCAL_OWNER, shared.document, "1", t, 4))  # type: ignore[misc]
            db.run_sync(lambda s: _count(s, shared))
        db.run_sync(lambda s: runs.release(s, hold))
        return mine
    finally:
        db.close()


def _draft(s: sa.orm.Session, hold: Hold, mine: Place, text: str) -> None:
    sections.commit_text(s, hold, mine.document, "1", text, 4, "draft", SectionStatus.DRAFT)
    events.append(s, hold, "draft", {"text": text})
    runs.add_seconds(s, hold, 1.0)


def _count(s: sa.orm.Session, shared: Place) -> None:
    """Read, then write: what a careless transaction would lose."""
    title = documents.get(s, LOCAL_OWNER, shared.document).title
    if not title.isdecimal():
        title = "0"
    documents.lock(s, shared.document)
    documents.set_title(s, LOCAL_OWNER, shared.document, str(int(title) + 1))


def _judge(db: Database, shared: Place, places: list[Place], turns: int) -> None:
    everyone = {f"process {me}, turn {turn}" for me in range(PROCESSES) for turn in range(turns)}
    total = PROCESSES * turns

    def work(s: sa.orm.Session) -> None:
        told = events.since(s, shared.run, limit=10 * total)
        assert [event.seq for event in told] == list(range(1, total + 1))
        assert {event.data["by"] for event in told} == everyone
        assert documents.get(s, LOCAL_OWNER, shared.document).title == str(total)
        _judge_texts(s, shared, everyone)
        for me, place in enumerate(places):
            own = {text for text in everyone if text.startswith(f"process {me},")}
            _judge_texts(s, place, own)
            run = runs.get(s, LOCAL_OWNER, place.run)
            assert (run.seconds, run.lease_holder, run.fence) == (turns, None, 2)
            numbers = [event.seq for event in events.since(s, place.run, limit=10 * turns)]
            assert numbers == list(range(1, turns + 1))

    db.run_sync(work, write=False)


def _judge_texts(s: sa.orm.Session, place: Place, texts: set[str]) -> None:
    history = revisions.history(s, place.document, "1")
    assert [revision.number for revision in history] == list(range(1, len(texts) + 1))
    assert Counter(revision.text for revision in history) == Counter(texts)
    assert sections.get(s, place.document, "1").revision_id == history[-1].id


@pytest.mark.parametrize("commits", [40, pytest.param(2000, marks=pytest.mark.verify)])
def test_no_update_is_lost_between_processes(tmp_path: Path, commits: int) -> None:
    url = str(tmp_path / "x.db")
    turns = commits // (PROCESSES * COMMITS_A_TURN)
    db = Database.open(url)
    try:
        migrate.upgrade(db)
        shared = db.run_sync(_place)
        with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as pool:
            work = [pool.submit(commit_often, url, shared, turns, me) for me in range(PROCESSES)]
            places = [future.result() for future in work]
        _judge(db, shared, places, turns)
    finally:
        db.close()
