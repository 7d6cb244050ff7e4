"""What a verdict is worth, and when one is better than another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.critique import DIMENSIONS, KINDS, Critique, Issue, Level

ISSUES = st.builds(
    Issue, st.sampled_from(KINDS), st.sampled_from(Level), st.just("wrong"), quote=st.text()
)
VERDICTS = st.builds(
    Critique,
    st.one_of(
        st.just({}),
        st.lists(st.integers(1, 5), min_size=6, max_size=6).map(
            lambda found: dict(zip(DIMENSIONS, found, strict=True))
        ),
    ),
    st.lists(ISSUES, max_size=4).map(tuple),
)
LEVELS = st.sampled_from(Level)


def graded(*grades: int, issues: str = "") -> Critique:
    """A verdict; each letter of `issues` is the level of one."""
    levels = {"m": Level.MINOR, "M": Level.MAJOR, "C": Level.CRITICAL}
    found = tuple(Issue("language", levels[letter], letter) for letter in issues)
    return Critique(dict(zip(DIMENSIONS, grades, strict=True)), found)


@pytest.mark.parametrize(
    ("grades", "quality"),
    [
        ((1, 1, 1, 1, 1, 1), 0),
        ((5, 5, 5, 5, 5, 5), 100),
        ((3, 3, 3, 3, 3, 3), 50),
        ((4, 3, 5, 2, 3, 4), 62.5),  # 75 + 50 + 100 + 25 + 50 + 75 = 375; a sixth of it
        ((1, 2, 3, 4, 5, 5), pytest.approx(350 / 6)),
    ],
)
def test_quality_is_the_mean_grade_on_a_scale_to_a_hundred(
    grades: tuple[int, ...], quality: float
) -> None:
    assert graded(*grades).quality == quality


def test_a_verdict_without_grades_is_unscored_and_no_better_than_any() -> None:
    none, worst = Critique(reason="it could not be read"), graded(1, 1, 1, 1, 1, 1, issues="CCC")
    assert none.quality is None
    assert not none.better_than(worst, Level.MAJOR)
    assert not worst.better_than(none, Level.MAJOR)


def test_severe_issues_come_worst_first_and_weigh_what_they_are() -> None:
    verdict = graded(3, 3, 3, 3, 3, 3, issues="mMCmC")
    assert "".join(issue.problem for issue in verdict.severe(Level.MAJOR)) == "CCM"
    weights = [verdict.weight(level) for level in Level]
    assert weights == [1 + 2 + 3 + 1 + 3, 2 + 3 + 3, 3 + 3]
    assert graded(3, 3, 3, 3, 3, 3).weight(Level.MINOR) == 0


@pytest.mark.parametrize(
    ("new", "old", "better"),
    [
        (graded(4, 3, 3, 3, 3, 3), graded(3, 3, 3, 3, 3, 3), True),
        (graded(3, 3, 3, 3, 3, 3), graded(3, 3, 3, 3, 3, 3), False),
        (graded(3, 3, 3, 3, 3, 3, issues="M"), graded(3, 3, 3, 3, 3, 3, issues="C"), True),
        (graded(3, 3, 3, 3, 3, 3, issues="mmm"), graded(3, 3, 3, 3, 3, 3), False),
        (graded(5, 5, 5, 5, 5, 5, issues="M"), graded(1, 1, 1, 1, 1, 1), False),
        (graded(3, 3, 3, 3, 3, 2), graded(3, 3, 3, 3, 3, 3, issues="CC"), False),
        (graded(5, 1, 3, 3, 3, 3), graded(3, 3, 3, 3, 3, 3, issues="M"), True),
    ],
)
def test_better_is_no_worse_in_both_and_better_in_one(
    new: Critique, old: Critique, better: bool
) -> None:
    assert new.better_than(old, Level.MAJOR) is better
    assert not old.better_than(new, Level.MAJOR)


def test_what_counts_as_severe_decides_what_is_better() -> None:
    new, old = graded(3, 3, 3, 3, 3, 3, issues="C"), graded(3, 3, 3, 3, 3, 3, issues="CM")
    assert [new.better_than(old, level) for level in Level] == [True, True, False]


@given(VERDICTS, VERDICTS, VERDICTS, LEVELS)
def test_better_is_a_strict_partial_order(a: Critique, b: Critique, c: Critique, at: Level) -> None:
    assert not a.better_than(a, at)
    assert not (a.better_than(b, at) and b.better_than(a, at))
    if a.better_than(b, at) and b.better_than(c, at):
        assert a.better_than(c, at)


@given(VERDICTS, VERDICTS, LEVELS)
def test_nothing_better_is_worse_in_anything(a: Critique, b: Critique, at: Level) -> None:
    if a.better_than(b, at):
        assert a.quality is not None
        assert b.quality is not None
        assert (a.quality, -a.weight(at)) > (b.quality, -b.weight(at))
        assert a.quality >= b.quality
        assert a.weight(at) <= b.weight(at)


@given(VERDICTS)
def test_quality_stays_on_its_scale(verdict: Critique) -> None:
    assert verdict.quality is None or 0 <= verdict.quality <= 100
