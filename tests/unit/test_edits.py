"""Cuts and joins: whole sentences, passages between paragraphs, nothing lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.writer.edits import cut_back, join, spots, unbroken
from domain.text.sentences import ends_finished

PROSE = st.lists(
    st.sampled_from(["The sea is wide.", "It moves!", "Why does it", "潮水上涨。", "# A heading",
                     "- an item", "| a | b |", "He said:"]),
    min_size=1, max_size=8,
).flatmap(lambda parts: st.sampled_from([" ".join(parts), "\n\n".join(parts)]))  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("The sea is wide. It mov", "The sea is wide."),
        ("The sea is wide.", "The sea is wide."),
        ("The sea is wide.\n\nIt moves because the", "The sea is wide."),
        ("no end at all", "no end at all"),
        ("潮水上涨。月亮牵引着", "潮水上涨。"),
        ("", ""),
    ],
)
def test_a_text_is_cut_back_to_its_last_sentence(text: str, kept: str) -> None:
    assert cut_back(text) == kept


@given(PROSE)
def test_cutting_back_keeps_a_beginning_and_settles(text: str) -> None:
    kept = cut_back(text)
    assert text.startswith(kept)
    assert cut_back(kept) == kept
    assert kept == text or ends_finished(kept)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("The sea is wide.\n\nI", "The sea is wide."),
        ("The sea is wide.\n\nThe Old Man", "The sea is wide."),
        ("The sea is wide.\n\n### The ti", "The sea is wide."),
        ("The sea is wide. It moves.", "The sea is wide. It moves."),
        ("It holds:\n\n- salt\n- pep", "It holds:\n\n- salt"),
        ("It holds:\n\n- salt.", "It holds:\n\n- salt."),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n| 3", "| a | b |\n|---|---|\n| 1 | 2 |"),
        ("It is this:\n\n```\nx = 1\n```\n", "It is this:\n\n```\nx = 1\n```"),
        ("It runs. It is this:\n\n```\nx = 1.\n", "It runs."),
        ("潮水上涨。月亮牵引着", "潮水上涨。"),
        ("I", ""),
        ("## The tides", ""),
        ("", ""),
    ],
)
def test_of_what_was_broken_off_no_stub_stays(text: str, kept: str) -> None:
    assert unbroken(text) == kept


@given(PROSE, st.floats(0, 1))
def test_what_is_kept_of_a_broken_text_is_its_beginning_and_has_an_end(
    text: str, share: float
) -> None:
    kept = unbroken(text[: round(len(text) * share)])
    assert text.startswith(kept)
    assert not kept or ends_finished(kept)


@pytest.mark.parametrize(
    ("text", "more", "joined"),
    [
        ("", "More.", "More."),
        ("One.", "Two.", "One. Two."),
        ("One. Two. Three.", "Four.", "One. Two. Three.\n\nFour."),
        ("潮水上涨。", "月亮牵引。", "潮水上涨。月亮牵引。"),
        ("- an item", "Two.", "- an item\n\nTwo."),
        ("One.", "#### A heading\n\nTwo.", "One.\n\n#### A heading\n\nTwo."),
        ("One.", "- an item", "One.\n\n- an item"),
        ("One.", "| a | b |", "One.\n\n| a | b |"),
    ],
)
def test_a_continuation_flows_on_or_stands_apart(text: str, more: str, joined: str) -> None:
    assert join(text, more) == joined


def test_a_passage_is_put_where_the_text_is_thinnest() -> None:
    text = "\n\n".join(["A long paragraph. " * 9, "Thin.", "Thin too.", "Another long one. " * 9])
    first = spots(text)[0]
    assert (first.before.endswith("Thin."), first.after.startswith("Thin too.")) == (True, True)
    assert "Thin.\n\nNew.\n\nThin too." in first.filled("New.")


def test_a_single_paragraph_is_parted_at_a_sentence() -> None:
    (spot,) = spots("One. Two. Three. Four. Five.")
    assert spot.head.endswith(".")
    assert spot.tail
    (below,) = spots("#### A heading\n\nOne. Two. Three. Four. Five.")
    assert below.head.startswith("#### A heading\n\nOne. Two. Three.")
    assert below.tail == "Four. Five."
    assert spots("#### A heading\n\nOne sentence.") == []
    assert spots("Only one sentence.") == []
    assert spots("") == []


@given(PROSE, st.sampled_from(["New one. New two.", "新的段落。"]))
def test_a_filled_spot_loses_nothing_and_is_no_postscript(text: str, passage: str) -> None:
    for spot in spots(text):
        filled = spot.filled(passage)
        assert spot.tail.strip()
        assert "".join(filled.replace(passage, "", 1).split()) == "".join(text.split())
        assert not filled.rstrip().endswith(passage)
