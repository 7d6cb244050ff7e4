"""States of runs and sections, and which change into which."""

import itertools

import pytest

from core.errors import ConflictError
from domain.run import RunStatus, SectionStatus, check_transition

COURSE = ("queued", "planning", "awaiting_approval", "planning", "writing", "reviewing", "checking",
          "done")  # fmt: skip


def test_the_usual_course_is_allowed() -> None:
    for old, new in itertools.pairwise(COURSE):
        check_transition(RunStatus(old), RunStatus(new))


@pytest.mark.parametrize("status", RunStatus)
def test_staying_is_no_change_and_every_state_can_start_again(status: RunStatus) -> None:
    check_transition(status, status)
    check_transition(status, RunStatus.PLANNING)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("queued", "writing"), ("queued", "done"), ("planning", "done"), ("planning", "checking"),
        ("awaiting_approval", "done"), ("writing", "done"), ("paused", "done"),
        ("paused", "writing"), ("cancelled", "done"), ("failed", "done"), ("done", "failed"),
        ("done", "cancelled"), ("done", "writing"), ("checking", "awaiting_approval"),
        ("planning", "reviewing"), ("reviewing", "done"), ("reviewing", "awaiting_approval"),
    ],
)  # fmt: skip
def test_leaps_are_refused_in_plain_words(old: str, new: str) -> None:
    with pytest.raises(ConflictError, match=f"{old} cannot become {new}"):
        check_transition(RunStatus(old), RunStatus(new))


@pytest.mark.parametrize("status", ["queued", "planning", "writing", "reviewing", "checking"])
def test_a_run_at_work_can_end_in_any_way(status: str) -> None:
    assert RunStatus(status).active
    for end in ("paused", "cancelled", "failed"):
        check_transition(RunStatus(status), RunStatus(end))
        assert not RunStatus(end).active


def test_only_a_run_that_is_done_cannot_be_taken_up() -> None:
    assert [status for status in RunStatus if not status.resumable] == [RunStatus.DONE]


def test_sections_are_open_or_written_or_both() -> None:
    assert {s.value for s in SectionStatus if s.open} == {"planned", "draft", "failed"}
    assert {s.value for s in SectionStatus if s.written} == {"draft", "sealed", "locked"}
