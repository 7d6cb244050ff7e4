"""Errors: stable names, and one way out of the process for each."""

import pytest

from core import errors
from core.errors import LLMError, LongleafError
from core.outcomes import OUTCOMES, outcome


def family(cls: type[LongleafError]) -> list[type[LongleafError]]:
    return [cls, *(sub for child in cls.__subclasses__() for sub in family(child))]


OURS = [cls for cls in family(LongleafError) if cls.__module__ == errors.__name__]


@pytest.mark.parametrize("cls", OURS)
def test_every_error_has_a_way_out(cls: type[LongleafError]) -> None:
    error = cls("it broke", "mend it")
    code, status = outcome(error)
    assert 1 <= code <= 255
    assert 400 <= status <= 599
    assert (error.message, error.remedy, str(error)) == ("it broke", "mend it", "it broke")


def test_kinds_are_unique_and_stable() -> None:
    kinds = {cls("").kind for cls in OURS}
    assert len(kinds) == len(OURS)
    assert {"longleaf", "request", "llm", "auth", "stale_holder", "model_not_found"} <= kinds


def test_an_unlisted_error_takes_its_parents_row() -> None:
    class OddError(errors.AuthError):
        """Not in the table."""

    assert outcome(OddError("")) == OUTCOMES[errors.AuthError]
    assert outcome(errors.FormatError("")) == OUTCOMES[LLMError]
    assert outcome(errors.StaleHolderError("")) == OUTCOMES[errors.ConflictError]
    assert outcome(LongleafError("")) == OUTCOMES[LongleafError]


def test_what_pauses_a_run_is_what_a_user_can_mend() -> None:
    pausing = {cls.__name__ for cls in OURS if getattr(cls, "pauses", False)}
    assert pausing == {
        "UnavailableError", "RateLimitError", "QuotaError", "AuthError", "ModelNotFoundError",
        "LimitExceededError", "StorageError",
    }  # fmt: skip


def test_a_model_error_keeps_what_came_and_how_long_to_wait() -> None:
    error = errors.TruncatedError("broke off", after=2.5, partial="The sea")
    assert (error.after, error.partial, error.retry) == (2.5, "The sea", True)
    assert errors.ContextOverflowError("too long", window=4096).window == 4096
