"""What must be told to somebody who has one text, so that they have another: little, quickly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from domain.text.sentences import spans

EFFORT = 250_000
"""Pairs of sentences that may be compared; beyond it all that differs is told as one piece."""


@dataclass(frozen=True)
class Splice:
    """Replace `cut` characters (code points) at `at` by `text`; cut None: all that follow."""

    at: int
    cut: int | None
    text: str

    def applied(self, text: str) -> str:
        """The text with this change."""
        rest = "" if self.cut is None else text[self.at + self.cut :]
        return text[: self.at] + self.text + rest


def splices(old: str, new: str) -> list[Splice]:
    """Changes that make `new` of `old` when they are applied in this order, the last place first.

    Sentence by sentence, since whole sentences are what repair puts in and takes out.
    """
    if old == new:
        return []
    head = common(old, new)
    if head == len(old):
        return [Splice(head, None, new[head:])]
    found = list(_by_sentence(old, new))
    tight = [_tight(start, end, text, old) for start, end, text in reversed(found)]
    return [Splice(at, None if at + cut == len(old) else cut, text) for at, cut, text in tight]


def _by_sentence(old: str, new: str) -> Iterator[tuple[int, int, str]]:
    """(start, end) in `old`, and what stands there in `new`, for each place that differs."""
    before, after = _pieces(old), _pieces(new)
    if len(before) * len(after) > EFFORT:
        yield 0, len(old), new
        return
    starts = [0]
    for piece in before:
        starts.append(starts[-1] + len(piece))
    for op, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if op != "equal":
            yield starts[i1], starts[i2], "".join(after[j1:j2])


def _pieces(text: str) -> list[str]:
    """The text's sentences, each with the white space that follows it."""
    starts = [0, *(start for start, _ in spans(text)[1:]), len(text)]
    return [text[a:b] for a, b in zip(starts, starts[1:], strict=False)]


def _tight(start: int, end: int, text: str, old: str) -> tuple[int, int, str]:
    """The same change without what is equal at its beginning and its end."""
    gone = old[start:end]
    head = common(gone, text)
    gone, text = gone[head:], text[head:]
    tail = common(gone[::-1], text[::-1])
    return start + head, len(gone) - tail, text[: len(text) - tail]


def common(one: str, other: str) -> int:
    """How many characters the texts have in common at their beginning."""
    most = min(len(one), len(other))
    if one[:most] == other[:most]:
        return most
    low, high = 0, most
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle)
    return low
