"""How long the writing still takes, and how fast it is at present."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.pace import remaining_seconds
from services.runs.meter import WINDOW, Meter
from tests.clock import Clock


@pytest.mark.parametrize(
    ("left", "gained", "seconds", "slots", "wanted"),
    [
        ([100], 100, 10, 1, 10), ([100, 100], 100, 10, 1, 20), ([100, 100], 100, 10, 2, 20),
        ([100, 100, 100, 100], 200, 10, 2, 20), ([300, 10], 200, 10, 2, 30), ([], 0, 0, 1, 0),
        ([0, -5], 50, 1, 1, 0), ([100], 5, 10, 1, None), ([100], 100, 0, 4, None),
    ],
)  # fmt: skip
def test_the_time_left(
    left: list[int], gained: int, seconds: float, slots: int, wanted: float | None
) -> None:
    assert remaining_seconds(left, gained, seconds, slots) == wanted


@given(
    st.lists(st.integers(1, 5_000), min_size=1, max_size=30), st.integers(20, 10_000),
    st.floats(0.1, 1e5), st.integers(1, 16), st.integers(0, 29),
)  # fmt: skip
def test_less_to_write_never_takes_longer(
    left: list[int], gained: int, seconds: float, slots: int, shorter: int
) -> None:
    before = remaining_seconds(left, gained, seconds, slots)
    smaller = [units // 2 if at == shorter else units for at, units in enumerate(left)]
    after = remaining_seconds(smaller, gained, seconds, slots)
    assert before is not None
    assert after is not None
    assert after <= before * 1.000001 or len([x for x in smaller if x]) < len(left)


def test_a_meter_knows_the_last_seconds_and_what_was_gained_since_text_came() -> None:
    clock = Clock()
    meter = Meter(tokens=len, clock=lambda: clock.now)
    assert meter.tokens_per_second is None
    assert meter.gained(500) == (0, 0.0)
    for _ in range(40):
        clock.now += 1
        meter.take("x" * 20, open_sections=3)
    assert meter.gained(500) == (0, 0.0)
    assert meter.tokens_per_second == pytest.approx(20 * 16 / WINDOW)
    clock.now += 10
    assert meter.gained(700) == (200, 10.0)
    assert meter.most_open == 3
    clock.now += WINDOW
    assert meter.tokens_per_second is None
    assert meter.seconds == 65
