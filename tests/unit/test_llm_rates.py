import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm.rates import MINUTE, Allowance, Rates

_GAPS = st.one_of(st.just(0), st.integers(0, 30 * 64), st.integers(55 * 64, 65 * 64))
_SECONDS = _GAPS.map(lambda gap: gap / 64)  # exact in binary, so that ends meet
_ARRIVALS = st.lists(st.tuples(_SECONDS, st.integers(0, 50)), max_size=40)


def _largest_minute(spent: list[tuple[float, int]]) -> int:
    """The most that went in any 60 seconds, the first moment of which is not counted."""
    ends = [moment for moment, _ in spent]
    return max(
        (sum(n for moment, n in spent if end - MINUTE < moment <= end) for end in ends), default=0
    )


@given(st.integers(1, 60), _ARRIVALS)
def test_no_minute_has_more_than_its_limit(limit: int, arrivals: list[tuple[float, int]]) -> None:
    allowance = Allowance(limit)
    now = 0.0
    spent: list[tuple[float, int]] = []
    for gap, amount in arrivals:
        now = allowance.ready(amount, now + gap)
        if amount > limit:  # too large for any minute: it waits for an empty one
            assert not [n for moment, n in spent if moment > now - MINUTE and n]
        allowance.spend(amount, now)
        spent.append((now, amount))
    assert _largest_minute([(moment, min(amount, limit)) for moment, amount in spent]) <= limit


@given(st.integers(1, 60), _ARRIVALS)
def test_nobody_waits_longer_than_needed_or_a_minute(
    limit: int, arrivals: list[tuple[float, int]]
) -> None:
    allowance = Allowance(limit)
    now = 0.0
    spent: list[tuple[float, int]] = []
    for gap, amount in arrivals:
        came = now + gap
        now = allowance.ready(amount, came)
        assert came <= now <= came + MINUTE
        if now > came:
            earlier = now - 1 / 128
            inside = sum(n for moment, n in spent if moment > earlier - MINUTE)
            assert inside + min(amount, limit) > limit
        allowance.spend(amount, now)
        spent.append((now, amount))


def test_what_was_estimated_is_replaced_by_what_was_used() -> None:
    allowance = Allowance(100)
    first = allowance.spend(80, 0.0)
    assert allowance.ready(30, 1.0) == MINUTE
    allowance.correct(first, 20)
    assert allowance.ready(30, 1.0) == 1.0
    allowance.correct(first, 95)
    assert allowance.ready(30, 1.0) == MINUTE
    allowance.ready(0, 61.0)
    allowance.correct(first, 10_000)  # long over: it changes nothing
    assert allowance.ready(100, 61.0) == 61.0


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), max_size=30))
def test_corrections_keep_the_sum(pairs: list[tuple[int, int]]) -> None:
    allowance = Allowance(1_000)
    entries = [(allowance.spend(guess, 0.0), used) for guess, used in pairs]
    for entry, used in entries:
        allowance.correct(entry, used)
    room = 1_000 - sum(used for _, used in pairs)
    if room > 0:
        assert allowance.ready(room, 1.0) == 1.0
    if room < 1_000:
        assert allowance.ready(max(0, room) + 1, 1.0) == MINUTE


@pytest.mark.parametrize(
    ("requests", "tokens", "amounts", "wait"),
    [
        (None, None, [10**9] * 50, 0.0),
        (2, None, [10**9] * 2, MINUTE),
        (None, 100, [60, 40], MINUTE),
        (3, 100, [60, 30], 0.0),
    ],
)
def test_requests_and_tokens_bound_together(
    requests: int | None, tokens: int | None, amounts: list[int], wait: float
) -> None:
    rates = Rates(requests, tokens)
    for amount in amounts:
        rates.spend(amount, 0.0)
    assert rates.ready(10, 0.0) == wait
    assert rates.counts_tokens is (tokens is not None)


def test_a_call_that_was_never_sent_gives_everything_back() -> None:
    rates = Rates(1, 10)
    rates.spend(10, 0.0).correct(requests=0, tokens=0)
    assert rates.ready(10, 0.0) == 0.0
    rates.spend(10, 0.0).correct(tokens=-5)
    assert rates.ready(0, 0.0) == MINUTE
