"""Knows how the lines of a page become paragraphs: what was broken to fit is joined again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.text.sentences import ends_sentence

_BULLET = re.compile(r"\s*(?:[-*+•▪◦‣–]|\(?\d{1,3}[.)、]|[a-z]\))\s+\S")
_FULL = 0.75
"""Share of the usual width from which on a line counts as broken to fit."""
_WIDE = 160
"""Characters: a page has no lines that long, so each is a paragraph of its own."""
_UNBROKEN = 0.7
"""Share of lines that end a sentence, from which on each is a paragraph."""


def paragraphs_of(lines: Sequence[str], width: int) -> list[str]:
    """The paragraphs of lines that are separated by blank lines, indents and short last lines.

    Args:
        lines: without line feeds.
        width: characters of a full line, from `width_of`; 0 where each line is a paragraph.
    """
    made: list[list[str]] = []
    before = ""
    for line in lines:
        if not line.strip():
            before = ""
            continue
        if before and not _begins(line, before, width):
            made[-1].append(line)
        else:
            made.append([line])
        before = line
    return [joined(group) for group in made]


def width_of(lines: Sequence[str]) -> int:
    """How long a full line is; 0 where lines are not broken to fit a page."""
    sizes = sorted(len(line.rstrip()) for line in lines if line.strip())
    if not sizes:
        return 0
    width = sizes[len(sizes) * 9 // 10]
    inner = [
        line
        for line, after in zip(lines, lines[1:], strict=False)
        if line.strip() and after.strip()
    ]
    ended = sum(ends_sentence(line[-200:]) for line in inner)
    return 0 if width > _WIDE or (inner and ended > _UNBROKEN * len(inner)) else width


def joined(lines: Sequence[str]) -> str:
    """Lines of one paragraph as one line: no space in Chinese, no hyphen where a word was cut."""
    parts = [line.strip() for line in lines]
    text = [parts[0]]
    for before, after in zip(parts, parts[1:], strict=False):
        if _cut_word(before, after):
            text[-1] = text[-1][:-1]
        elif not (before[-1:] >= "\u2e80" and after[:1] >= "\u2e80"):
            text.append(" ")
        text.append(after)
    return "".join(text)


def _cut_word(before: str, after: str) -> bool:
    return before[-1:] in "-‐" and before[-2:-1].islower() and after[:1].islower()


def _begins(line: str, before: str, width: int) -> bool:
    """Whether a paragraph begins with `line`, which follows `before` at once."""
    if not width or _BULLET.match(line):
        return True
    indent = len(line) - len(line.lstrip())
    if line[0] == "\u3000" or (indent >= 2 and indent > len(before) - len(before.lstrip())):
        return True
    return len(before.rstrip()) < _FULL * width and ends_sentence(before[-200:])
