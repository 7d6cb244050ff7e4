"""Knows how many tokens a text is to the fake, and how to keep as many as fit."""

from __future__ import annotations

import math
import re

from tests.fakes.chinese import han, is_han

TOKENS_PER_WORD = 1.3
_PIECE = re.compile(r"\s*(?:[\u3400-\u9fff]|[^\s\u3400-\u9fff]+)")


def count_tokens(text: str) -> int:
    """Count 1.3 tokens a word, one a Han character and none for punctuation by itself."""
    characters = len(han(text))
    spaced = "".join(" " if is_han(c) else c for c in text) if characters else text
    words = sum(any(map(str.isalnum, word)) for word in spaced.split())
    return math.ceil(words * TOKENS_PER_WORD) + characters


def cut(text: str, limit: int | None) -> tuple[str, bool]:
    """Keep as many words (or Han characters) as fit, and tell whether that is all of them."""
    if limit is None or count_tokens(text) <= limit:
        return text, True
    cost = 0.0
    kept = []
    for piece in _PIECE.findall(text):
        if is_han(piece[-1]):
            cost += 1
        elif any(map(str.isalnum, piece)):
            cost += TOKENS_PER_WORD
        if cost > limit:
            break
        kept.append(piece)
    return "".join(kept), False
