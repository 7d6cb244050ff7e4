import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.length.budget import apportion, normalise, part_count, section_count

WEIGHTS = st.lists(st.floats(0, 1e6), min_size=1, max_size=40)
ASKED = st.lists(
    st.one_of(st.none(), st.integers(), st.floats(allow_nan=True, allow_infinity=True)),
    min_size=1,
    max_size=30,
)


@given(WEIGHTS, st.integers(0, 100_000), st.integers(0, 5))
def test_shares_sum_exactly_and_keep_their_floor(weights, extra, low):
    total = low * len(weights) + extra
    shares = apportion(total, weights, low=low)
    assert sum(shares) == total
    assert min(shares) >= low


@given(st.lists(st.floats(1, 100), min_size=1, max_size=20))
def test_shares_are_within_one_of_their_proportion(weights):
    shares = apportion(100_000, weights)
    whole = sum(weights)
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - 100_000 * weight / whole) <= 1


def test_shares_by_example():
    assert apportion(10, [1, 1, 1]) == [4, 3, 3]
    assert apportion(10, [0, 0]) == [5, 5]
    assert apportion(100, [1, 99], low=10) == [10, 90]
    assert apportion(0, []) == []


@pytest.mark.parametrize(
    ("total", "weights", "low"),
    [(5, [1, 1, 1], 2), (5, [], 0), (5, [-1, 2], 0), (5, [math.nan], 0), (5, [math.inf, 1], 0)],
)
def test_what_cannot_be_divided_is_refused(total, weights, low):
    with pytest.raises(ValueError, match=r"divided|weights"):
        apportion(total, weights, low=low)


@pytest.mark.parametrize(
    ("total", "suggested"),
    [(20, 1), (300, 1), (500, 2), (800, 4), (1000, 4), (2000, 5), (5000, 11), (10_000, 20),
     (20_000, 40), (100_000, 180)],
)  # fmt: skip
def test_suggested_sections(total, suggested):
    assert section_count(total)[1] == suggested


@given(st.integers(20, 2_000_000), st.integers(0, 10_000))
def test_sections_grow_with_the_total_and_keep_their_size(total, more):
    fewest, suggested, most = section_count(total)
    assert 1 <= fewest <= suggested <= most
    longer = section_count(total + more)
    assert all(a <= b for a, b in zip((fewest, suggested, most), longer, strict=True))
    assert total / suggested <= 1000
    assert suggested == 1 or total / suggested >= 200


@pytest.mark.parametrize(
    ("leaves", "parts"), [(0, 0), (1, 1), (12, 12), (13, 4), (40, 8), (180, 20)]
)
def test_parts(leaves, parts):
    assert part_count(leaves) == parts


@given(ASKED, st.integers(0, 50_000))
def test_a_planners_numbers_sum_exactly_whatever_they_are(asked, extra):
    total = len(asked) * 3 + extra
    targets = normalise(asked, total, low=3)
    assert sum(targets) == total
    assert len(targets) == len(asked)
    assert min(targets) >= 3


def test_a_planners_numbers_are_rescaled_and_tamed():
    assert normalise([100, 200, 100], 4000) == [1000, 2000, 1000]
    assert normalise([None, 300, -4, 300], 1200) == [300] * 4
    assert normalise([300, 300, 10**400, math.nan], 1200) == [300] * 4
    assert normalise([300, 300, 300, 90_000], 1200) == [300] * 4
    assert normalise([None, None], 100) == [50, 50]
    low, *_, high = normalise([1, 100, 100, 100, 500], 1000)
    assert high / low == pytest.approx(4, rel=0.05)
