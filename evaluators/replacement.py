"""Knows what a model writes around a passage that it was to replace, and takes it off.

A cleaning is used only where it would leave the replaced passage itself as it was: a text with
headings keeps its headings, one that talks about itself may go on doing so.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from domain.text.counter import cjk_share, count
from domain.text.sentences import spans
from evaluators.citations import without_citations
from evaluators.cleaning import clean_ends
from evaluators.selfreference import without_self_reference
from evaluators.structure import headings
from evaluators.trimming import drop_repeats

REACH = 20_000
"""Characters of the surroundings that an answer is compared with."""
LEAST = 4
"""Words (CJK: twice as many characters) of the surroundings that are no chance."""
_GAPS = re.compile(r"\n{3,}")


def clean_replacement(
    answer: str, passage: str, before: str = "", after: str = "", *, follows: bool = False
) -> str:
    """The words of an answer that can stand in place of a passage, or follow it.

    Args:
        answer: a model's.
        passage: what is to go.
        before: what stands before it.
        after: what stands after it.
        follows: whether the passage stays and the answer comes behind it.
    """
    given = passage.strip()
    ahead = before + passage if follows else before

    def alone(text: str) -> str:
        return without_surroundings(text, ahead, after)

    if clean_ends(given).strip() == given:
        answer = clean_ends(answer)
    if follows or alone(given).strip() == given:
        answer = alone(answer)
    for step in _STEPS:
        if step(given).strip() == given:
            answer = step(answer)
    return answer.strip()


def without_headings(text: str) -> str:
    """The text without its headings, and without the gaps that they leave."""
    kept, at = [], 0
    for heading in headings(text):
        kept.append(text[at : heading.start])
        at = heading.end
    return _GAPS.sub("\n\n", "".join([*kept, text[at:]])).strip("\n") if at else text


_STEPS: tuple[Callable[[str], str], ...] = (
    without_headings,
    without_citations,
    without_self_reference,
    drop_repeats,
)


def without_surroundings(text: str, before: str, after: str) -> str:
    """The text without what it repeats, word for word, of its surroundings at its two ends."""
    start = _repeated(_folded(before[-REACH:]), _folded(text))
    mirrored = _repeated(_folded(after[:REACH])[::-1], _folded(text)[::-1])
    text = text[_cut(text, start) :] if _is_much(text, before, start) else text
    tail = text[::-1]
    end = _cut(tail, mirrored)
    if not _is_much(tail, "", mirrored) and not _opens(after, text[len(text) - end :]):
        return text
    return text[: len(text) - end].rstrip() if end else text


def may_repeat(text: str, before: str) -> bool:
    """Whether all of the text so far stands in `before`: it may be about to repeat its end."""
    return _folded(text) in _folded(before[-REACH:])


def without_opening_of(after: str, text: str) -> str:
    """The text without anything at its end that could become a repetition of what follows."""
    tail = text[::-1]
    end = _cut(tail, _repeated(_folded(after[:REACH])[::-1], _folded(tail)))
    return text[: len(text) - end].rstrip() if end else text


def _folded(text: str) -> str:
    """Without white space, so that line breaks do not hide a repetition."""
    return "".join(text.split())


def _repeated(source: str, text: str) -> int:
    """Length of the longest beginning of `text` that is an end of `source`; both are folded.

    Knuth, Morris and Pratt's failure function (1977): linear.
    """
    text = text[: len(source)]
    if not text:
        return 0
    failure = [0] * len(text)
    matched = 0
    for at in range(1, len(text)):
        while matched and text[at] != text[matched]:
            matched = failure[matched - 1]
        matched += text[at] == text[matched]
        failure[at] = matched
    matched = 0
    for character in source:
        while matched and (matched == len(text) or character != text[matched]):
            matched = failure[matched - 1]
        matched += character == text[matched]
    return matched


def _cut(text: str, folded: int) -> int:
    """Where the first `folded` characters of the text end, white space not counted."""
    if not folded:
        return 0
    for at, character in enumerate(text):
        folded -= not character.isspace()
        if not folded:
            return at + 1
    return len(text)


def _is_much(text: str, before: str, folded: int) -> bool:
    """Whether what is repeated is no chance: some words, or the whole last sentence."""
    piece = text[: _cut(text, folded)].strip()
    least = LEAST * (2 if cjk_share(piece) > 0.5 else 1)
    return count(piece) >= least or bool(piece and before and _is_last(before, piece))


def _is_last(before: str, piece: str) -> bool:
    """Whether the piece is all that stands of the last, perhaps unfinished, sentence."""
    last = spans(before[-REACH:])[-1:]
    return any(
        _folded(before[-REACH:][start:end]) == _folded(piece) and count(piece) > 1
        for start, end in last
    )


def _opens(after: str, piece: str) -> bool:
    """Whether the piece is the whole first sentence of what follows."""
    first = spans(after[:REACH])[:1]
    return any(_folded(after[start:end]) == _folded(piece) for start, end in first)
