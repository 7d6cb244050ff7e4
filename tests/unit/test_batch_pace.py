"""When rows are begun, and how long an endpoint is waited for."""

from hypothesis import given
from hypothesis import strategies as st

from batch.pace import places, seconds_left, to_begin, waits

numbers = st.integers(0, 5000)


def test_an_idle_endpoint_gets_a_row_a_slot_and_one_more() -> None:
    assert to_begin(slots=8, calls=0, rows=0, fresh=0) == 9


def test_a_busy_one_gets_none() -> None:
    assert to_begin(slots=8, calls=9, rows=1, fresh=0) == 0
    assert to_begin(slots=8, calls=50, rows=3, fresh=0) == 0


def test_a_row_whose_first_call_is_still_to_come_counts_as_one() -> None:
    assert to_begin(slots=8, calls=3, rows=6, fresh=3) == 3


@given(st.integers(1, 4096), numbers, numbers, numbers)
def test_there_are_never_more_rows_than_places(
    slots: int, calls: int, rows: int, fresh: int
) -> None:
    more = to_begin(slots, calls, rows, fresh)
    assert more >= 0
    assert rows + more <= max(rows, places(slots))


@given(st.integers(1, 4096), st.integers(0, 4096))
def test_free_slots_are_filled_as_long_as_there_are_places(slots: int, calls: int) -> None:
    more = to_begin(slots, calls, 0, 0)
    assert calls + more >= slots or more == places(slots)


def test_waits_grow_and_come_to_an_end() -> None:
    found = list(waits())
    assert found[0] < 10
    assert found == sorted(found)
    assert max(found) == 300
    assert 3600 <= sum(found) <= 3900


def test_what_is_left_takes_as_long_as_what_was_done() -> None:
    assert seconds_left(left=30, settled=10, seconds=60) == 180
    assert seconds_left(left=30, settled=0, seconds=60) is None
    assert seconds_left(left=0, settled=0, seconds=0) == 0
