"""How one text became another: whole paragraphs first, then words inside those that changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Op = Literal["equal", "delete", "insert"]

EFFORT = 4_000_000
"""Comparisons of two pieces that one diff may take; beyond it changes are shown as a whole.

The longest-match search is quadratic where a text repeats itself, and texts come from anywhere.
"""
_PARAGRAPHS = re.compile(r"[^\n]*\n*")
_WORDS = re.compile(r"\s+|[^\W_]+|[^\w\s]|_", re.UNICODE)
_HAN = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_SIGNS = re.compile(rf"[{_HAN}]|[^{_HAN}]+")
"""Scripts without spaces are compared sign by sign."""


@dataclass(frozen=True)
class Piece:
    """Some text that is in both (`equal`), only in the old, or only in the new."""

    op: Op
    text: str


def diff(old: str, new: str) -> list[Piece]:
    """The pieces in order, neighbours of one kind joined.

    Those without `insert` make the old text, those without `delete` the new one. The work is
    bounded by `EFFORT`.
    """
    return list(_joined(_by_paragraph(old, new)))


def _by_paragraph(old: str, new: str) -> Iterator[Piece]:
    before, after = _PARAGRAPHS.findall(old), _PARAGRAPHS.findall(new)
    left = EFFORT - len(before) * len(after)
    if left < 0:
        yield from _replaced(old, new)
        return
    for op, i1, i2, j1, j2 in _matched(before, after):
        if op == "equal":
            yield Piece("equal", "".join(before[i1:i2]))
            continue
        gone, come = _words("".join(before[i1:i2])), _words("".join(after[j1:j2]))
        left -= len(gone) * len(come)
        if left < 0:
            yield from _replaced("".join(gone), "".join(come))
        else:
            yield from _by_word(gone, come)


def _by_word(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for op, i1, i2, j1, j2 in _matched(old, new):
        if op == "equal":
            yield Piece("equal", "".join(old[i1:i2]))
        else:
            yield from _replaced("".join(old[i1:i2]), "".join(new[j1:j2]))


def _matched(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _words(text: str) -> list[str]:
    return [part for word in _WORDS.findall(text) for part in _SIGNS.findall(word)]


def _replaced(old: str, new: str) -> Iterator[Piece]:
    if old:
        yield Piece("delete", old)
    if new:
        yield Piece("insert", new)


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    last: Piece | None = None
    for piece in pieces:
        if not piece.text:
            continue
        if last is not None and last.op == piece.op:
            last = Piece(last.op, last.text + piece.text)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last
