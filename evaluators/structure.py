"""Knows the lines of a Markdown text: which are prose, and which are headings, tables, code."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from domain.text.markdown import fence_mark
from evaluators.phrases import numbered_end

Kind = Literal["blank", "code", "heading", "table", "item", "quote", "rule", "prose"]

_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|$)")
_ITEM = re.compile(r"[ \t]*(?:[-*+•]|\d{1,4}[.)、]|[A-Za-z][.)])[ \t]+(?=\S)")
_RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|=+[ \t]*)$")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*$")
_NUMBER = re.compile(
    r"\s*(?:\d{1,3}(?:\.\d{1,3})*[.)、:：]?\s+|\d{1,3}[.)、](?!\d)|[ivxIVX]{1,5}[.)]\s+"
    r"|[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[)）])\s*"
)
_MARKS = " \t\u3000*_#>~`"
_NEW_LINES = 0.5
"""Share of distinct lines from which verse may repeat them: a pantoum has each line twice."""
_VERSE = 60
"""Columns; a Chinese character takes two."""
HEADING_LENGTH = 160
"""Characters: a longer line is not a heading whatever its marks say."""


@dataclass(frozen=True)
class Line:
    """One line; `start` and `end` are offsets in the text, the line break excluded."""

    start: int
    end: int
    kind: Kind
    text: str


@dataclass(frozen=True)
class Heading:
    """A heading with its Markdown level, 1 to 6, and its offsets."""

    level: int
    text: str
    start: int
    end: int


def lines(text: str) -> list[Line]:
    """All lines of `text` with their kinds; fence lines are code."""
    found: list[Line] = []
    fence, position = "", 0
    for line in text.split("\n"):
        mark = fence_mark(line, fence)
        kind: Kind = "code" if mark or fence else _kind(line)
        if mark:
            fence = "" if fence else mark
        found.append(Line(position, position + len(line), kind, line))
        position += len(line) + 1
    return found


def _kind(line: str) -> Kind:
    stripped = line.strip()
    if not stripped:
        return "blank"
    if _RULE.match(line):
        return "rule"
    if _ATX.match(line):
        return "heading"
    if stripped[0] == "|" or (stripped[-1] == "|" and stripped.count("|") > 1):
        return "table"
    if stripped[0] == ">":
        return "quote"
    return "item" if _ITEM.match(line) else "prose"


def item_start(line: str) -> int:
    """Where the content of a list item begins; 0 for a line that is none."""
    found = _ITEM.match(line)
    return found.end() if found else 0


def is_underline(line: str) -> bool:
    """Whether a line turns the line above into a heading (setext)."""
    return bool(_UNDERLINE.match(line))


def headings(text: str) -> list[Heading]:
    """The headings of `text` in order: `#` lines and single lines with an underline."""
    found: list[Heading] = []
    rows = lines(text)
    for number, line in enumerate(rows):
        mark = _ATX.match(line.text) if line.kind == "heading" else None
        if mark:
            content = line.text[mark.end() :].strip().rstrip("#").strip()
            if content:
                found.append(Heading(len(mark[1]), content, line.start, line.end))
        elif underlined(rows, number):
            level = 1 if "=" in rows[number + 1].text else 2
            found.append(Heading(level, line.text.strip(), line.start, rows[number + 1].end))
    return found


def underlined(rows: list[Line], number: int) -> bool:
    """Whether the line is a one-line paragraph with an underline: a setext heading."""
    line = rows[number]
    if line.kind != "prose" or len(line.text) > HEADING_LENGTH or number + 1 >= len(rows):
        return False
    if number and rows[number - 1].kind not in ("blank", "heading", "rule"):
        return False
    return rows[number + 1].kind != "code" and is_underline(rows[number + 1].text)


def without_code(text: str) -> str:
    """`text` with every character of code, fenced or inline, replaced by a space."""
    parts = [
        " " * len(line.text) if line.kind == "code" else _without_inline(line.text)
        for line in lines(text)
    ]
    return "\n".join(parts)


def _without_inline(line: str) -> str:
    if line.count("`") < 2:
        return line
    return re.sub(r"`[^`\n]*+`", lambda found: " " * len(found[0]), line)


def same_heading(one: str, other: str) -> bool:
    """Whether two headings say the same but for marks, numbering, case and punctuation."""
    name = heading_name(one)
    return bool(name) and name == heading_name(other)


def heading_name(heading: str) -> str:
    """A heading without marks, numbering, case, spaces and punctuation, for comparing."""
    plain = heading[: 2 * HEADING_LENGTH].strip(_MARKS)
    plain = plain[numbered_end(plain) :].strip(_MARKS)
    number = _NUMBER.match(plain)
    if number and number.end() < len(plain):
        plain = plain[number.end() :]
    folded = unicodedata.normalize("NFKC", plain).casefold()
    return "".join(character for character in folded if character.isalnum())


def passages(text: str) -> list[tuple[int, int]]:
    """Start and end of each paragraph, list or quotation: runs of lines that hold prose."""
    found: list[tuple[int, int]] = []
    is_open = False
    for line in lines(text):
        if line.kind not in ("prose", "item", "quote"):
            is_open = False
        elif is_open:
            found[-1] = (found[-1][0], line.end)
        else:
            found.append((line.start, line.end))
            is_open = True
    return found


def is_verse(passage: str) -> bool:
    """Whether a passage is several short lines of prose each: verse, which may have refrains."""
    rows = [line for line in lines(passage) if line.kind != "blank"]
    return len(rows) > 1 and all(
        row.kind == "prose" and _columns(row.text) < _VERSE for row in rows
    )


def with_refrains(texts: Sequence[str]) -> frozenset[int]:
    """The numbers of the passages that are verse, whose lines may recur.

    None where the verse of all passages together is little but repetition.
    """
    verse = [number for number, text in enumerate(texts) if is_verse(text)]
    rows = [row.strip().casefold() for number in verse for row in texts[number].split("\n")]
    return frozenset(verse if len(set(rows)) >= _NEW_LINES * len(rows) else ())


def _columns(line: str) -> int:
    return sum(2 if character >= "\u2e80" else 1 for character in line.strip()[:_VERSE])
