"""The benchmarks' formulas, against values computed by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RequestError
from domain.length.contract import Length, length_score
from domain.text.counter import Counter, count
from evaluators.published.booookscore import booook_score, clear_share
from evaluators.published.golden_thread import thread
from evaluators.published.hellobench import WEIGHTS, hello_eval
from evaluators.published.longbench_write import DIMENSIONS, bucket, overall, s_q
from evaluators.published.longen import interval, score
from evaluators.published.ruler import matched


@pytest.mark.parametrize(
    ("written", "expected"),
    [(800, 87.5), (900, 94.444), (1000, 100), (1100, 96.667), (1200, 93.333), (500, 50),
     (2000, 66.667), (4000, 0), (333, 0), (0, 0), (909, 94.995), (1150, 95)],
)  # fmt: skip
def test_the_length_score_of_longbench_write(written: int, expected: float) -> None:
    assert length_score(1000, written) == pytest.approx(expected, abs=0.2)


@pytest.mark.parametrize(
    ("text", "units"),
    [("潮水上涨。The sea rises", 7), ("don't well-known", 4), ("12 sheep", 1), ("cafés", 0),
     ("潮power", 1), ("カナ 한글", 0)],
)  # fmt: skip
def test_the_counter_of_longbench_write(text: str, units: int) -> None:
    assert count(text, "longwriter") == units


@pytest.mark.parametrize(
    ("counter", "text", "units"),
    [("longen", "潮水上涨。The sea rises", 8), ("longen", "《潮》 well-known don't", 5),
     ("longen", "Ｔides，no", 4), ("runs", "don't well-known 12 潮水", 6),
     ("spaced", "# Week 5\n\n潮水上涨。 ok", 5), ("longen", "", 0), ("runs", " ", 0)],
)  # fmt: skip
def test_the_counters_of_other_benchmarks(counter: Counter, text: str, units: int) -> None:
    assert count(text, counter) == units


def test_quality_is_the_mean_of_six_grades_from_0_to_100() -> None:
    grades = dict(zip(DIMENSIONS, (5, 4, 3, 2, 1, 5), strict=True))
    assert s_q(grades) == pytest.approx((100 + 75 + 50 + 25 + 0 + 100) / 6)
    assert s_q(dict.fromkeys(DIMENSIONS, 5)) == 100
    assert overall(80, 60) == 70


@pytest.mark.parametrize("bad", [0, 6, True, None, "5", 4.5])
def test_a_grade_that_is_none_leaves_the_text_unscored(bad: object) -> None:
    grades: dict[str, object] = {**dict.fromkeys(DIMENSIONS, 5), "Clarity": bad}
    assert s_q(grades) is None  # type: ignore[arg-type]
    del grades["Clarity"]
    assert s_q(grades) is None  # type: ignore[arg-type]


def test_lengths_are_reported_by_bucket() -> None:
    assert [bucket(n) for n in (20, 499, 500, 1999, 2000, 4000, 20_000, 30_000)] == [
        "<500", "<500", "500-2000", "500-2000", "2000-4000", "4000-20000", "4000-20000",
        "4000-20000",
    ]  # fmt: skip


LENGTHS = {
    "about": Length(1000),
    "range": Length(1000, relation="range", high=2000),
    "at_least": Length(1000, relation="at_least"),
    "at_most": Length(1000, relation="at_most"),
}


@pytest.mark.parametrize(
    ("relation", "low", "high"),
    [("about", 800, 1200), ("range", 1000, 2000), ("at_least", 1000, 1500),
     ("at_most", 500, 1000)],
)  # fmt: skip
def test_longen_falls_to_nothing_at_half_and_at_one_and_a_half(
    relation: str, low: int, high: int
) -> None:
    length = LENGTHS[relation]
    assert interval(length) == (low, high)
    assert score(length, low) == score(length, high) == 1
    assert score(length, low // 2) == score(length, high * 3 // 2) == 0
    assert score(length, round(0.75 * low)) == pytest.approx(0.5)
    assert score(length, round(1.25 * high)) == pytest.approx(0.5)


@given(st.sampled_from(sorted(LENGTHS)), st.integers(0, 100_000))
def test_longen_stays_between_0_and_1(relation: str, words: int) -> None:
    assert 0 <= score(LENGTHS[relation], words) <= 1


@pytest.mark.parametrize(
    ("target", "words", "expected"),
    [(10, 1, (True, True)), (10, 0, (False, False)), (10, 21, (False, False)),
     (80, 70, (False, True)), (80, 71, (True, True)), (80, 60, (False, False)),
     (300, 320, (True, True)), (300, 321, (False, True)), (300, 401, (False, False)),
     (700, 630, (False, True)), (700, 800, (False, True)), (801, 800, (False, False)),
     (900, 5000, (True, True))],
)  # fmt: skip
def test_ruler_matches_above_the_lower_and_up_to_the_upper_bound(
    target: int, words: int, expected: tuple[bool, bool]
) -> None:
    assert matched(target, words) == expected


def test_ruler_has_nine_targets() -> None:
    with pytest.raises(RequestError, match="200 words"):
        matched(200, 200)


def test_the_golden_thread_by_hand() -> None:
    """10 units asked for, 8 written; 12 instructions, 9 of them in written units, 6 of them met."""
    checks = [(1, True)] * 6 + [(2, False)] * 3 + [(9, False)] * 3
    found = thread(10, [1, 2, 3, 4, 5, 6, 7, 8, 99], checks)
    assert found.completion == 80
    assert found.stic_1 == pytest.approx(100 * 6 / 9)
    assert found.stic_2 == 50
    assert found.weighted == 40


def test_an_instruction_met_outside_a_written_unit_does_not_count() -> None:
    found = thread(2, [1], [(1, True), (2, True)])
    assert (found.stic_1, found.stic_2) == (100, 50)
    assert thread(3, [], []).weighted == 0


def test_hello_eval_by_hand() -> None:
    assert hello_eval(WEIGHTS["story_writing"], [1, 1, 1, 1, 1]) == pytest.approx(100)
    assert hello_eval(WEIGHTS["story_writing"], [0, 0, 0, 0, 0]) == -300
    assert hello_eval(WEIGHTS["story_writing"], [1, 0.5, 0.25, 0, 1]) == pytest.approx(
        (23.53 + 11.21 + 2.635 + 26.46 - 75) * 4
    )
    assert hello_eval(WEIGHTS["story_writing"], [1, 1, 1, 1, None]) is None
    assert hello_eval(WEIGHTS["story_writing"], [1, 1, 1, 1]) is None
    assert hello_eval(WEIGHTS["story_writing"], [1, 1, 1, 1, 0.3]) is None


def test_hellobench_has_38_categories() -> None:
    assert len(WEIGHTS) == 38
    assert {len(weights) for weights in WEIGHTS.values()} == {5, 6, 7}


@pytest.mark.parametrize("kind", WEIGHTS)
def test_the_weights_of_a_kind_sum_to_100(kind: str) -> None:
    assert sum(WEIGHTS[kind]) == pytest.approx(100, abs=0.05)


def test_booookscore_by_hand() -> None:
    """10 sentences, 2 of them confusing; then 4, 1 of them: the mean of 80 and 75."""
    first, second = [True, True] + [False] * 8, [False, True, False, False]
    assert clear_share(first) == 80
    assert clear_share(second) == 75
    assert booook_score([first, second]) == 77.5


def test_a_sentence_without_a_verdict_leaves_its_text_unscored() -> None:
    assert clear_share([False, None]) is None
    assert clear_share([]) is None
    assert booook_score([[False, None], [False]]) == 100
    assert booook_score([[None]]) is None
