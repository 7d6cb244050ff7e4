"""Which of several failures decides how a run ends."""

from agents.run.state import failure
from core.errors import ContextOverflowError, LongleafError, QuotaError, StaleHolderError
from services.runs.worker import gravest


def test_a_takeover_counts_before_a_pause_and_a_pause_before_a_failure() -> None:
    fails = failure("1", ContextOverflowError("too long"))
    pauses = failure("2", QuotaError("out of credit"))
    stale = failure("3", StaleHolderError("taken over"))
    other = failure("4", LongleafError("something else"))
    assert gravest([fails]) == fails
    assert gravest([fails, pauses, other]) == pauses
    assert gravest([other, fails]) == other
    assert gravest([pauses, fails, stale]) == stale
