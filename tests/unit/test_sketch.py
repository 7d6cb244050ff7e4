"""Taking the draft of a whole document apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.outline.sketch import MOST, length_of, read_sketch

KEYS = ["1", "2.1", "2.2"]


@pytest.mark.parametrize(
    "text",
    [
        "[1]\nThe sea rises.\n\n[2.1]\nThe sea falls.\n\n[2.2]\nIt stays.",
        "**[1]**\nThe sea rises.\n[2.1] The sea falls.\n\n### [2.2]\n\nIt stays.\n",
        "Here it is:\n[1]: The sea rises.\n[2.1]\n\nThe sea falls.\n[2.2].\nIt stays.",
    ],
)
def test_pieces_stand_behind_their_marks(text: str) -> None:
    sketch = read_sketch(text, KEYS)
    assert sketch.pieces == {"1": "The sea rises.", "2.1": "The sea falls.", "2.2": "It stays."}
    assert sketch.text == text.strip()


def test_what_has_no_mark_is_still_a_draft() -> None:
    sketch = read_sketch("The sea rises.\n\nIt falls [3] again.", KEYS)
    assert sketch.pieces == {}
    assert sketch.text


def test_unknown_marks_are_text_and_the_first_of_two_counts() -> None:
    sketch = read_sketch("[1]\nOne.\n[9]\nNine.\n[1]\nTwice.\n[2.1]\n\n[2.2]\nLast.", KEYS)
    assert sketch.pieces == {"1": "One.\n[9]\nNine.", "2.2": "Last."}


@given(st.text(alphabet="[]12. \n*#ab", max_size=300))
def test_no_piece_is_invented(text: str) -> None:
    sketch = read_sketch(text, KEYS)
    assert set(sketch.pieces) <= set(KEYS)
    for piece in sketch.pieces.values():
        assert piece.strip()
        assert all(line.strip() in text for line in piece.splitlines())


@pytest.mark.parametrize(("target", "units"), [(1, 1), (1000, 400), (6250, 2500), (10**6, MOST)])
def test_a_draft_is_short(target: int, units: int) -> None:
    assert length_of(target) == units
