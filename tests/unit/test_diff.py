"""Diffs: both texts can be had back from the pieces, and the work is bounded."""

from hypothesis import given
from hypothesis import strategies as st

from domain.text.diff import EFFORT, Piece, diff

TEXTS = st.text(st.sampled_from("ab _.\n木々é😀"), max_size=60)


@given(TEXTS | st.text(max_size=60), TEXTS | st.text(max_size=60))
def test_both_texts_can_be_had_back(old: str, new: str) -> None:
    pieces = diff(old, new)
    assert "".join(p.text for p in pieces if p.op != "insert") == old
    assert "".join(p.text for p in pieces if p.op != "delete") == new
    assert all(a.op != b.op for a, b in zip(pieces, pieces[1:], strict=False))
    assert all(piece.text for piece in pieces)


@given(TEXTS)
def test_the_same_text_is_one_piece(text: str) -> None:
    assert diff(text, text) == ([Piece("equal", text)] if text else [])


def test_words_are_shown_not_paragraphs() -> None:
    old = "The first stays.\n\nThe old tree fell in spring.\n\nThe last stays."
    new = "The first stays.\n\nThe old oak fell in spring.\n\nThe last stays."
    assert [p for p in diff(old, new) if p.op != "equal"] == [
        Piece("delete", "tree"), Piece("insert", "oak"),
    ]  # fmt: skip


def test_chinese_is_compared_by_characters() -> None:
    changed = [p for p in diff("城市的树木很高。", "城市的花木很高。") if p.op != "equal"]
    assert changed == [Piece("delete", "树"), Piece("insert", "花")]


def test_repetitive_texts_are_shown_as_a_whole() -> None:
    lines = "a\n" * (int(EFFORT**0.5) + 1)
    assert [p.op for p in diff(lines, lines + "b")] == ["delete", "insert"]
    words = "a " * (int(EFFORT**0.5) + 1)
    assert [p.op for p in diff(words, words + "b")] == ["delete", "insert"]
