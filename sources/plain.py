"""Knows how plain text is read: paragraphs, and the lines that look like headings."""

from __future__ import annotations

import re

from domain.text.sentences import ends_sentence
from sources.encoding import decoded
from sources.extract import Draft, Piece
from sources.hidden import visible_text
from sources.lines import joined, paragraphs_of, width_of

_NUMBERED = re.compile(r"(\d{1,3}(?:\.\d{1,3}){0,4})\.?\s+[^\W\d_]")
_CHAPTER = re.compile(
    r"(?:chapter|part|book|appendix)\s+(?:\d{1,4}|[ivxlc]{1,8}|[a-z]+)\b|第[\d一二三四五六七八九十百千零〇两]{1,8}[章部卷篇节節回]",
    re.IGNORECASE,
)
_LONGEST = 90
"""Characters of a heading."""


def read(data: bytes) -> Draft:
    """The paragraphs of a text; raises RequestError for what is no text."""
    text, encoding = decoded(data)
    lines = visible_text(text).expandtabs(4).split("\n")
    width = width_of(lines)
    pieces: list[Piece] = []
    block: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            block.append(line)
        elif block:
            pieces += _pieces(block, width)
            block = []
    return Draft(tuple(pieces), encoding=encoding)


def heading_level(line: str) -> int:
    """The level that a line standing alone has as a heading; 0: it is none."""
    line = line.strip()
    if not line or len(line) > _LONGEST or ends_sentence(line):
        return 0
    if _CHAPTER.match(line):
        return 1
    if found := _NUMBERED.match(line):
        return found[1].count(".") + 1
    letters = [character for character in line if character.isalpha()]
    return int(len(letters) >= 4 and all(character.isupper() for character in letters))


def _pieces(block: list[str], width: int) -> list[Piece]:
    level = heading_level(block[0]) if len(block) == 1 else 0
    if level:
        return [Piece("heading", joined(block), level)]
    return [Piece("paragraph", text) for text in paragraphs_of(block, width)]
