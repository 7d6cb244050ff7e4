"""How a text is divided for summaries: exact lengths, nothing lost, nothing twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RequestError
from domain.condensation import LEAST_PIECE, Source, grouped, halves, planned, shares_of, thinned
from domain.text.counter import count

UNITS = st.lists(st.integers(1, 5_000), min_size=1, max_size=60)


@given(UNITS, st.integers(50, 4_000), st.integers(20, 5_000))
def test_groups_hold_everything_in_order_and_none_is_too_small(
    units: list[int], per: int, into: int
) -> None:
    groups = grouped(units, per, into)
    assert [number for group in groups for number in group] == list(range(len(units)))
    assert all(groups)
    assert len(groups) <= max(1, into // LEAST_PIECE)


@given(UNITS, st.sampled_from([(20,), (20, 10), (40, 20, 10)]), st.sampled_from(["en", "zh"]))
def test_every_summary_has_its_share_and_comes_from_the_one_before(
    units: list[int], shares: tuple[int, ...], language: str
) -> None:
    sources = [Source(str(n), "", size) for n, size in enumerate(units, 1)]
    plan, made = planned("Ships", sources, shares, 3_000, language)
    whole = sum(units)
    before = [source.key for source in sources]
    assert plan.target == sum(section.target for section in plan.sections)
    for part, share in zip(plan.parts, shares, strict=True):
        own = [section.key for section in part.sections]
        assert [key for name in own for key in made[name]] == before
        assert part.target >= max(20, round(whole * share / 100))
        assert part.target <= max(20, round(whole * share / 100)) + 12  # the headings above it
        before = own


SENTENCES = st.sampled_from(["A ship came. ", "It left, at last. ", "Rain fell.\n\n"])


@given(st.lists(SENTENCES, min_size=2, max_size=40))
def test_halves_and_what_is_thinned_are_whole_sentences_of_the_text(pieces: list[str]) -> None:
    text = "".join(pieces).strip()
    two = halves(text)
    if two is not None:
        assert " ".join(" ".join(two).split()) == " ".join(text.split())
        assert all(two)
    short = thinned(text, max(3, count(text) // 2))
    assert count(short) <= max(3, count(text) // 2)
    assert all(word in text for word in short.split())


def test_what_is_thinned_comes_from_all_over_the_text() -> None:
    text = " ".join(f"Ship number {n} came in." for n in range(100))
    kept = thinned(text, 100)
    assert "number 9" in kept
    assert 60 <= count(kept) <= 100
    assert any(f"number {n} " in kept for n in range(80, 100))


@pytest.mark.parametrize("given", [(), (0.5,), (81,), (float("nan"),), range(1, 9)])
def test_shares_that_are_none_are_refused(given: tuple[float, ...]) -> None:
    with pytest.raises(RequestError):
        shares_of(given, 10_000)


def test_a_text_that_is_too_short_is_told_which_share_is_possible() -> None:
    with pytest.raises(RequestError) as told:
        shares_of((20, 5), 150)
    assert "14 %" in told.value.remedy
    assert shares_of((5, 20, 20), 1_000) == (20, 5)
