"""The journal of model calls: intents, answers, failures, sums."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from core.errors import ConflictError, NotFoundError
from domain.run import Hold
from llm.types import Message, ModelRequest, Usage
from storage import documents, journal, runs
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.holder import Holder
from storage.journal import CallTotals, StoredCall

REQUEST = ModelRequest(
    model="m",
    messages=(Message("system", "長い"), Message("user", "b")),
    schema={"type": "object", "properties": {"z": {}, "a": {}}},
)


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    database = Database.open(database_url)
    yield database
    database.close()


@pytest.fixture
def hold(db: Database) -> Hold:
    return db.run_sync(new_run)


def new_run(s: Session) -> Hold:
    document = documents.create(s, LOCAL_OWNER, "t", {})
    run = runs.create(s, document.id, LOCAL_OWNER, "parallel", {})
    return runs.claim(s, run.id, Holder.current())


def intend(s: Session, hold: Hold, step: str = "write/1", attempt: int = 1) -> StoredCall:
    return journal.intend(
        s,
        hold,
        step=step,
        attempt=attempt,
        role="writer",
        request=REQUEST.to_dict(),
        request_sha=REQUEST.sha256,
        prompt_name="writer/section",
        prompt_version=3,
        prompt_sha="abc",
        context={"asked": 300},
    )


def answer(s: Session, hold: Hold, call: str, tries: int = 1) -> StoredCall:
    usage = Usage(10, 20, 3, 4)
    return journal.answer(
        s, hold, call, text="A.", finish="stop", usage=usage, seconds=1.5, model="m-2", tries=tries
    )


def test_an_intent_is_found_and_sends_exactly_what_was_stored(db: Database, hold: Hold) -> None:
    made = db.run_sync(lambda s: intend(s, hold))
    found = db.run_sync(lambda s: journal.find(s, hold.run_id, "write/1", 1), write=False)
    assert found == made
    assert found is not None
    assert not found.answered
    request = ModelRequest.from_dict(found.request)
    assert request == REQUEST
    assert request.sha256 == found.request_sha
    assert request.schema is not None
    assert list(request.schema["properties"]) == ["z", "a"]
    for step, attempt in (("write/1", 2), ("write/2", 1)):
        assert db.run_sync(lambda s, a=step, b=attempt: journal.find(s, hold.run_id, a, b)) is None  # type: ignore[misc]


def test_a_step_and_attempt_has_one_intent(db: Database, hold: Hold) -> None:
    db.run_sync(lambda s: intend(s, hold))
    with pytest.raises(ConflictError):
        db.run_sync(lambda s: intend(s, hold))
    db.run_sync(lambda s: intend(s, hold, attempt=2))
    db.run_sync(lambda s: intend(s, hold, step="write/2"))
    steps = [(call.step, call.attempt) for call in listed(db, hold)]
    assert steps == [("write/1", 1), ("write/1", 2), ("write/2", 1)]


def listed(db: Database, hold: Hold) -> list[StoredCall]:
    return list(db.run_sync(lambda s: journal.all_of(s, hold.run_id), write=False))


def test_an_answer_is_stored_once(db: Database, hold: Hold) -> None:
    call = db.run_sync(lambda s: intend(s, hold))
    db.run_sync(lambda s: answer(s, hold, call.id))
    for act in (
        lambda s: answer(s, hold, call.id),
        lambda s: journal.fail(s, hold, call.id, "unavailable", "m"),
        lambda s: journal.again(s, hold, call.id),
    ):
        with pytest.raises(ConflictError):
            db.run_sync(act)
    (stored,) = listed(db, hold)
    assert stored.answered
    assert (stored.text, stored.finish, stored.model) == ("A.", "stop", "m-2")
    assert (stored.usage, stored.seconds) == (Usage(10, 20, 3, 4), 1.5)
    assert db.run_sync(lambda s: journal.answered_count(s, hold.run_id), write=False) == 1


def test_a_failed_call_may_still_be_answered_and_costs_what_both_cost(
    db: Database, hold: Hold
) -> None:
    call = db.run_sync(lambda s: intend(s, hold))
    db.run_sync(
        lambda s: journal.fail(
            s, hold, call.id, "truncated", "broke off", usage=Usage(10, 5), seconds=1, tries=2
        )
    )
    (failed,) = listed(db, hold)
    assert (failed.error_kind, failed.answered) == ("truncated", False)
    assert db.run_sync(lambda s: journal.answered_count(s, hold.run_id), write=False) == 0
    db.run_sync(lambda s: journal.again(s, hold, call.id))
    done = db.run_sync(lambda s: answer(s, hold, call.id))
    assert done.error_kind is None
    totals = db.run_sync(lambda s: runs.totals(s, hold.run_id), write=False)
    assert totals == CallTotals(
        calls=3, prompt_tokens=20, completion_tokens=25, seconds=2.5, cached_tokens=3,
        reasoning_tokens=4,
    )  # fmt: skip


def test_an_unanswered_intent_counts_as_sent(db: Database, hold: Hold) -> None:
    empty = db.run_sync(lambda s: journal.totals(s, hold.run_id), write=False)
    assert empty == CallTotals()
    db.run_sync(lambda s: intend(s, hold))
    assert db.run_sync(lambda s: journal.totals(s, hold.run_id), write=False).calls == 1


def test_calls_of_another_run_are_out_of_reach(db: Database, hold: Hold) -> None:
    call = db.run_sync(lambda s: intend(s, hold))
    other = db.run_sync(new_run)
    for wrong in (call.id, "call_none"):
        with pytest.raises(NotFoundError):
            db.run_sync(lambda s, wrong=wrong: answer(s, other, wrong))  # type: ignore[misc]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3), st.booleans()), max_size=4))
def test_the_sums_count_everything_that_was_sent(
    db: Database, histories: list[tuple[int, int, bool]]
) -> None:
    """Per call: tries of its answer or failure, sends after a crash, whether it was answered."""

    def play(s: Session) -> CallTotals:
        hold = new_run(s)
        for number, (tries, crashes, answered) in enumerate(histories):
            call = intend(s, hold, step=str(number))
            for _ in range(crashes):
                journal.again(s, hold, call.id)
            if answered:
                answer(s, hold, call.id, tries)
            else:
                usage = Usage(10, 20)
                journal.fail(
                    s, hold, call.id, "unavailable", "", usage=usage, seconds=1.5, tries=tries
                )
        return journal.totals(s, hold.run_id)

    n = len(histories)
    sent = sum(tries + crashes for tries, crashes, _ in histories)
    told = sum(answered for *_, answered in histories)  # what was cached is said by answers only
    assert db.run_sync(play) == CallTotals(
        sent, 10 * n, 20 * n, 1.5 * n, cached_tokens=3 * told, reasoning_tokens=4 * told
    )
