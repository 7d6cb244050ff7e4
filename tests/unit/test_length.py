import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RequestError
from domain.length.contract import DEFAULT_WORDS, MAX_LENGTH, MIN_LENGTH, Length, length_score

VALUES = st.integers(MIN_LENGTH, MAX_LENGTH)


@st.composite
def lengths(draw):
    relation = draw(st.sampled_from(["about", "at_least", "at_most", "range"]))
    value = draw(VALUES)
    high = draw(st.integers(value, MAX_LENGTH)) if relation == "range" else None
    return Length(value, relation=relation, high=high)


@given(lengths())
def test_steering_aims_inside_the_accepted_window(length):
    low, high = length.window
    assert low <= length.aim <= high
    assert length.accepts(low)
    assert length.accepts(high)
    assert not length.accepts(low - 1)
    assert not length.accepts(high + 1)


@given(VALUES.filter(lambda value: value >= 300))
def test_what_is_accepted_scores_98(value):
    for end in Length(value).window:
        assert Length(value).s_l(end) >= 98


@given(lengths())
def test_plain_values_round_trip(length):
    assert Length.from_dict(length.to_dict()) == length


@pytest.mark.parametrize(
    ("relation", "high", "window"),
    [
        ("about", None, (1930, 2100)),
        ("at_least", None, (2000, 2100)),
        ("at_most", None, (1930, 2000)),
        ("range", 2400, (2000, 2400)),
    ],
)
def test_window_by_relation(relation, high, window):
    assert Length(2000, relation=relation, high=high).window == window


@pytest.mark.parametrize(
    ("relation", "window"),
    [("about", (88, 112)), ("at_least", (100, 112)), ("at_most", (88, 100))],
)
def test_a_short_window_is_a_sentence_wide_and_never_crosses_a_bound(relation, window):
    assert Length(100, relation=relation).window == window


@pytest.mark.parametrize(
    ("relation", "high", "aim", "required"),
    [
        ("about", None, 1000, 1000),
        ("at_least", None, 1020, 1000),
        ("at_most", None, 985, 1000),
        ("range", 2000, 1500, 1500),
    ],
)
def test_aim_and_required(relation, high, aim, required):
    length = Length(1000, relation=relation, high=high)
    assert (length.aim, length.required) == (aim, required)


@pytest.mark.parametrize(
    ("written", "score"),
    [(1000, 100), (800, 87.5), (900, 94.44), (1100, 96.67), (1200, 93.33), (500, 50),
     (2000, 66.67), (4000, 0), (333, 0), (0, 0), (-5, 0)],
)  # fmt: skip
def test_published_values_of_s_l(written, score):
    assert length_score(1000, written) == pytest.approx(score, abs=0.01)


def test_a_range_scores_full_marks_inside_and_by_the_nearest_bound_outside():
    length = Length(1000, relation="range", high=2000)
    assert [length.s_l(n) for n in (1000, 1500, 2000)] == [100, 100, 100]
    assert length.s_l(800) == length_score(1000, 800)
    assert length.s_l(2400) == length_score(2000, 2400)
    assert length.s_l(0) == 0


@pytest.mark.parametrize("value", [0, -5, 19, 10**9, 10**400, 2.5, True])
def test_impossible_values_are_refused_with_a_remedy(value):
    with pytest.raises(RequestError) as caught:
        Length(value)
    assert "20" in caught.value.remedy


@pytest.mark.parametrize(
    "fields",
    [
        {"value": 100, "relation": "range"},
        {"value": 100, "relation": "range", "high": 99},
        {"value": 100, "high": 200},
        {"value": 100, "unit": "chapters"},
        {"value": 100, "relation": "roughly"},
        {"value": 100, "counter": "bytes"},
        {"value": 100, "nonsense": 1},
        {},
    ],
)
def test_bad_fields_are_refused(fields):
    with pytest.raises(RequestError):
        Length.from_dict(fields)


@pytest.mark.parametrize("amount", [float("nan"), float("inf"), 1e300])
def test_numbers_that_are_no_length(amount):
    with pytest.raises(RequestError):
        Length.asked(amount)


@pytest.mark.parametrize(
    ("amount", "unit", "cjk", "value", "counter"),
    [
        (10, "pages", False, 5000, "words"),
        (2.5, "pages", True, 2000, "words"),
        (15, "minutes", False, 2250, "words"),
        (4, "minutes", True, 1000, "words"),
        (500, "characters", False, 500, "characters"),
        (500, "words", True, 500, "words"),
    ],
)
def test_pages_and_minutes_are_converted(amount, unit, cjk, value, counter):
    length = Length.asked(amount, unit, cjk=cjk)
    assert (length.value, length.counter, length.unit) == (value, counter, unit)


@pytest.mark.parametrize(
    ("length", "language", "text"),
    [
        (Length(2000), "en", "about 2,000 words"),
        (Length(2000), "ja", "about 2,000 characters"),
        (Length(3000, relation="at_least"), "zh", "不少于3000字"),
        (Length(500, relation="at_most"), "zh-CN", "不超过500字"),
        (Length(500, relation="at_most"), "en", "at most 500 words"),
        (Length(3000, relation="range", high=4000), "en", "3,000 to 4,000 words"),
        (Length(3000, relation="range", high=4000), "zh", "3000到4000字"),
        (Length.asked(5, "pages"), "en", "about 5 pages (2,500 words)"),
        (Length.asked(1, "minutes"), "en", "about 1 minute (150 words)"),
        (Length.asked(2, "pages", "range", high=3), "en", "2 to 3 pages (1,000 to 1,500 words)"),
        (Length.asked(5, "pages", cjk=True), "zh", "约5页（4000字）"),
        (Length.asked(500, "characters"), "en", "about 500 characters"),
    ],
)
def test_description(length, language, text):
    assert length.describe(language) == text


def test_scaled_keeps_the_relation():
    assert Length(1000, relation="range", high=2000).scaled(0.5) == Length(
        500, relation="range", high=1000
    )
    assert Length.asked(10, "pages").scaled(0.1) == Length(500)


def test_default():
    assert Length.default() == Length(DEFAULT_WORDS)
