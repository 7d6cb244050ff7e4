"""Knows what is looked for in a text: words without endings, and pairs of CJK characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from domain.text.counter import words

_FIRST_CJK = "\u2e80"


def terms(text: str) -> Iterator[str]:
    """The terms of a text in order, the same for what is searched and what is asked.

    English plurals lose their ending (the S stemmer of Harman 1991, "How effective is
    suffixing?"); Chinese, Japanese and Korean characters come in overlapping pairs, one that
    stands alone as it is.
    """
    run: list[str] = []
    for word in words(unicodedata.normalize("NFKC", text)):
        if word[0] >= _FIRST_CJK:
            run.append(word)
            continue
        yield from _pairs(run)
        run.clear()
        yield singular(word.casefold())
    yield from _pairs(run)


def _pairs(run: list[str]) -> list[str]:
    """Neighbours of a run of characters; a run of one is itself."""
    return [a + b for a, b in zip(run, run[1:], strict=False)] if len(run) > 1 else list(run)


def singular(word: str) -> str:
    """An English word without the ending of a plural; other words stay as they are."""
    if len(word) < 4 or not word.isascii() or word[-1] != "s":
        return word
    if word.endswith("ies"):
        return word if word[-4] in "ae" else f"{word[:-3]}y"
    if word.endswith("es"):
        return word if word[-3] in "aeo" else word[:-1]
    return word if word[-2] in "us" else word[:-1]
