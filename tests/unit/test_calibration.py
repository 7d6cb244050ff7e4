"""What is asked for so that the wanted length comes."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.length.calibration import LIMIT, MEMORY, Calibration, size_of


def taught(ratio: float, answers: int, goal: int = 400) -> Calibration:
    """What is known after answers of a model that writes `ratio` of what it is asked for."""
    known = Calibration()
    for _ in range(answers):
        asked = known.asked(goal)
        known = known.seen(asked, round(asked * ratio))
    return known


def test_nothing_is_known_at_first() -> None:
    assert Calibration().asked(437) == 437


@pytest.mark.parametrize(
    ("ratio", "answers", "factor"),
    [(0.4, 1, 0.4 ** (2 / 3)), (0.4, 2, 0.4**0.8), (2.5, 2, 2.5**0.8), (1.03, 20, 1.0)],
)
def test_little_knowledge_is_believed_a_little(ratio: float, answers: int, factor: float) -> None:
    """Two thirds and four fifths after one and two answers; 3 % of error is none."""
    known = Calibration()
    for _ in range(answers):
        known = known.seen(1000, round(1000 * ratio))
    assert known.factor == pytest.approx(factor)


@given(st.floats(0.35, 2.9))
def test_a_steady_model_comes_to_write_what_is_wanted(ratio: float) -> None:
    known = taught(ratio, 40)
    came = known.asked(400) * ratio
    assert abs(came / 400 - 1) < 0.15


@given(st.lists(st.tuples(st.integers(-5, 10**9), st.integers(-5, 10**9)), max_size=60))
def test_whatever_comes_it_stays_within_bounds(answers: list[tuple[int, int]]) -> None:
    known = Calibration()
    for asked, came in answers:
        known = known.seen(asked, came)
        assert 0 <= known.weight <= MEMORY
        assert 1 / LIMIT - 1e-9 <= known.factor <= LIMIT + 1e-9
        assert math.isfinite(known.ratio)
    for goal in (1, 12, 400, 20_000):
        assert 1 <= known.asked(goal) <= goal * LIMIT + 1


def test_old_answers_fade() -> None:
    known = taught(0.5, 40)
    for _ in range(60):
        known = known.seen(400, 400)
    assert known.factor == 1.0


def test_an_answer_of_nothing_tells_nothing() -> None:
    known = taught(0.5, 3)
    assert known.seen(0, 100) == known.seen(100, 0) == known


def test_goals_of_like_size_are_learnt_about_together() -> None:
    assert [size_of(goal) for goal in (1, 150, 151, 2400, 2401)] == [
        "150", "150", "300", "2400", "more",
    ]  # fmt: skip
