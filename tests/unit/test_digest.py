"""What a text says in short without a model: bounded, in order, only its own words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.text.digest import ENDING, LEAD, chosen_of, digest, ending, lead

TEXT = st.text(alphabet="ab. \n#|。字", max_size=3_000)


@given(TEXT)
def test_a_lead_and_an_ending_are_short_and_the_texts_own(text: str) -> None:
    first, last = lead(text), ending(text)
    assert len(first) <= LEAD
    assert len(last) <= ENDING
    assert text.rstrip().endswith(last)
    assert first.rstrip("…") in " ".join(text.split())


@given(st.integers(0, 500), st.integers(2, 60))
def test_the_last_sections_are_surely_told_of_and_the_others_evenly(total: int, most: int) -> None:
    chosen = chosen_of(total, most)
    assert chosen == sorted(set(chosen))
    assert len(chosen) == min(total, most)
    assert chosen[-1:] == ([total - 1] if total else [])
    if total > most:
        assert chosen[0] == 0


def test_headings_code_and_tables_are_no_lead() -> None:
    assert lead("### A\n\n| a | b |\n\n```\nx = 1\n```\n\nThe sea rises. It falls.") == (
        "The sea rises. It falls."
    )
    assert lead("word " * 100).endswith("…")


def test_the_section_nearest_the_end_comes_first() -> None:
    assert digest([("A", "One. Two."), ("", "Three.")]) == ["Three.", "A: One. Two."]
