"""What no database stores is replaced at the last gate, on SQLite and PostgreSQL alike."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import NotFoundError
from domain.score import Finding, Score, Severity
from storage import documents, events, journal, runs, scores
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.holder import Holder
from storage.storable import dump, storable

HOSTILE = "a\x00b\ud800c\\u0000d"
CLEAN = "a\ufffdb\ufffdc\\u0000d"


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    database = Database.open(database_url)
    yield database
    database.close()


def test_hostile_text_is_stored_in_every_kind_of_column(db: Database) -> None:
    request = {"prompt": HOSTILE, HOSTILE: [HOSTILE, {"x": HOSTILE}]}
    made = db.run_sync(lambda s: documents.create(s, LOCAL_OWNER, HOSTILE, request))
    run = db.run_sync(
        lambda s: runs.create(s, made.id, LOCAL_OWNER, "parallel", {"writer": HOSTILE})
    )
    hold = db.run_sync(lambda s: runs.claim(s, run.id, Holder.current()))
    db.run_sync(lambda s: events.append(s, hold, "status", {"reason": HOSTILE}))
    finding = Finding("length", Severity.FAIL, HOSTILE, "1", 0, 1)
    score = Score("length", 1, 0.5, HOSTILE, (finding,))
    db.run_sync(lambda s: scores.save(s, hold, made.id, "1", score))
    call = db.run_sync(
        lambda s: journal.intend(
            s, hold, step="x", attempt=1, role="writer", request=request, request_sha="",
            prompt_name="p", prompt_version=1, prompt_sha="",
        )
    )  # fmt: skip
    db.run_sync(lambda s: journal.fail(s, hold, call.id, "malformed", HOSTILE))

    found = db.run_sync(lambda s: documents.get(s, LOCAL_OWNER, made.id), write=False)
    clean = {"prompt": CLEAN, CLEAN: [CLEAN, {"x": CLEAN}]}
    assert (found.title, found.request) == (CLEAN, clean)
    assert call.request == clean
    assert list(call.request) == ["prompt", CLEAN]
    (event,) = db.run_sync(lambda s: events.since(s, run.id), write=False)
    assert event.data == {"reason": CLEAN}
    (stored,) = db.run_sync(lambda s: scores.latest(s, made.id), write=False)
    assert stored.score.reason == CLEAN
    assert stored.score.findings[0].message == CLEAN


def test_a_name_with_hostile_text_finds_nothing(db: Database) -> None:
    with pytest.raises(NotFoundError):
        db.run_sync(lambda s: documents.get(s, LOCAL_OWNER, HOSTILE), write=False)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_any_text_comes_back_as_it_was_stored(db: Database, text: str) -> None:
    made = db.run_sync(lambda s: documents.create(s, LOCAL_OWNER, text, {"prompt": [text]}))
    found = db.run_sync(lambda s: documents.get(s, LOCAL_OWNER, made.id), write=False)
    assert found.title == storable(text)
    assert found.request == {"prompt": [storable(text)]}
    assert text == storable(text) or "\ufffd" in storable(text)


@given(st.text("\\u0\x00\ud800ab", max_size=30))
def test_json_keeps_its_backslashes(text: str) -> None:
    assert json.loads(dump([text])) == [storable(text)]


@pytest.mark.parametrize("number", [float("inf"), float("nan")])
def test_numbers_that_json_does_not_have_are_stored_nowhere(number: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        dump({"cost": [number]})
