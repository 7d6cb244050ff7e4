import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import (
    AuthError,
    ContextOverflowError,
    FilteredError,
    LLMError,
    MalformedError,
    ModelNotFoundError,
    QuotaError,
    RateLimitError,
    TruncatedError,
    UnavailableError,
    UnsupportedError,
)
from llm.breaker import Breaker
from llm.faults import LoadingError, OverloadedError, UnreachableError


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def _ends(breaker: Breaker, error: BaseException | None = None) -> None:
    """One call that ends so."""
    if error is None:
        with breaker.watch():
            return
    with pytest.raises(type(error)), breaker.watch():
        raise error


@pytest.mark.parametrize(
    "kind",
    [UnavailableError, UnreachableError, LoadingError, OverloadedError, RateLimitError, QuotaError],
)
def test_an_outage_is_followed_by_a_rest(kind: type[LLMError]) -> None:
    time = Time()
    breaker = Breaker(clock=time)
    _ends(breaker, kind("x"))
    assert not breaker.admits
    assert breaker.rests_for == 5.0
    time.now += 4.9
    assert not breaker.admits
    time.now += 0.2
    assert breaker.admits


@pytest.mark.parametrize(
    "kind",
    [AuthError, ModelNotFoundError, ContextOverflowError, UnsupportedError, FilteredError,
     MalformedError, TruncatedError],
)  # fmt: skip
def test_a_refusal_or_a_bad_answer_is_no_outage_and_ends_one(kind: type[LLMError]) -> None:
    time = Time()
    breaker = Breaker(clock=time)
    _ends(breaker, kind("x"))
    assert breaker.admits
    _ends(breaker, UnavailableError("x"))
    time.now += 5
    _ends(breaker, kind("x"))
    assert breaker.admits
    assert breaker.rests_for == 0


def test_rests_double_up_to_two_minutes_and_an_answer_forgets_them() -> None:
    time = Time()
    breaker = Breaker(clock=time)
    rests = []
    for _ in range(2000):  # days of it: no number may run over
        _ends(breaker, UnavailableError("x"))
        rests.append(breaker.rests_for)
        time.now += rests[-1]
    assert rests[:7] == [5, 10, 20, 40, 80, 120, 120]
    assert set(rests[7:]) == {120}
    _ends(breaker)
    assert breaker.admits
    _ends(breaker, UnavailableError("x"))
    assert breaker.rests_for == 5


@pytest.mark.parametrize(("asked", "rest"), [(30.0, 30.0), (86_400.0, 120.0), (1.0, 5.0)])
def test_the_endpoint_may_ask_for_a_longer_rest(asked: float, rest: float) -> None:
    breaker = Breaker(clock=Time())
    _ends(breaker, RateLimitError("x", after=asked))
    assert breaker.rests_for == rest


def test_one_probe_goes_and_the_others_wait_for_its_end() -> None:
    time = Time()
    breaker = Breaker(clock=time)
    _ends(breaker, UnavailableError("x"))
    time.now += 5
    with breaker.watch():
        assert not breaker.admits
    assert breaker.admits
    _ends(breaker, UnavailableError("x"))
    time.now += 5
    with pytest.raises(UnavailableError), breaker.watch():
        raise UnavailableError("x")
    assert breaker.rests_for == 10


def test_a_probe_that_is_cancelled_leaves_room_for_another() -> None:
    time = Time()
    breaker = Breaker(clock=time)
    _ends(breaker, UnavailableError("x"))
    time.now += 5
    _ends(breaker, KeyboardInterrupt())
    assert breaker.admits


def test_calls_that_were_under_way_do_not_lengthen_the_rest() -> None:
    time = Time()
    breaker = Breaker(clock=time)
    calls = [breaker.watch() for _ in range(16)]
    for call in calls:
        call.__enter__()
    for call in calls:
        call.__exit__(UnavailableError, UnavailableError("x"), None)
    assert breaker.rests_for == 5


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 200)), max_size=50))
def test_it_is_never_closed_for_longer_than_two_minutes(course: list[tuple[bool, float]]) -> None:
    time = Time()
    breaker = Breaker(clock=time)
    for good, gap in course:
        _ends(breaker, None if good else UnavailableError("x"))
        assert breaker.rests_for <= 120
        assert breaker.admits is (breaker.rests_for == 0)
        time.now += gap
