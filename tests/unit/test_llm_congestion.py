from hypothesis import given
from hypothesis import strategies as st

from llm.congestion import Congestion


def _successes_until(congestion: Congestion, allowed: int) -> int:
    needed = 0
    while congestion.allowed < allowed:
        congestion.eased()
        needed += 1
    return needed


def test_it_halves_down_to_one_and_comes_back_slowly() -> None:
    congestion = Congestion(8)
    seen = [congestion.allowed]
    for _ in range(5):
        congestion.overloaded(congestion.round)
        seen.append(congestion.allowed)
    assert seen == [8, 4, 2, 1, 1, 1]
    steps = [_successes_until(congestion, allowed) for allowed in range(2, 9)]
    assert steps == sorted(steps)
    assert 1 <= steps[0] <= 2
    assert 6 <= steps[-1] <= 9
    for _ in range(100):
        congestion.eased()
    assert congestion.allowed == 8


def test_calls_of_one_overload_count_once() -> None:
    congestion = Congestion(16)
    began = congestion.round
    for _ in range(16):
        congestion.overloaded(began)
    assert congestion.allowed == 8
    congestion.overloaded(congestion.round)
    assert congestion.allowed == 4


@given(st.integers(1, 100), st.lists(st.booleans(), max_size=200))
def test_it_stays_between_one_and_its_most(most: int, course: list[bool]) -> None:
    congestion = Congestion(most)
    for good in course:
        if good:
            congestion.eased()
        else:
            congestion.overloaded(congestion.round)
        assert 1 <= congestion.allowed <= most
