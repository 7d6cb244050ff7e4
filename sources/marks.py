"""Knows citation marks in a text: `[3]`, `[1, 2]`, `[4–6]`; and what only looks like one."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from domain.text.markdown import fence_mark

_NUMBER = r"\d{1,5}"
_RANGE = rf"{_NUMBER}(?:[ \t]?(?:[-–—~]|\.\.)[ \t]?{_NUMBER})?"
_MARK = re.compile(
    rf"(?P<gap>[ \t\u3000]?)[\[［【]"
    rf"(?P<inside>[ \t]?{_RANGE}(?:[ \t]?[,，、;；][ \t]?{_RANGE}){{0,19}}[ \t]?)[\]］】]"
)
_PART = re.compile(rf"({_NUMBER})(?:[ \t]?(?:[-–—~]|\.\.)[ \t]?({_NUMBER}))?")
_TICKS = re.compile(r"`+")
_MATH = re.compile(r"\$\$[^$]{1,2000}\$\$|(?<![\\$])\$(?![\s$])[^$\n]{1,300}(?<![\s\\])\$(?!\d)")
_DEFINITION = re.compile(r"^ {0,3}\[\d{1,5}\]:[ \t]*\S", re.MULTILINE)
_GAP = re.compile(r"\n[ \t]*\n")
_INDENT = 4
"""Characters before a definition, with the line feed."""
MOST = 999
"""The highest number of a mark, unless there are passages with higher ones: 2019 is a year."""
_FEWEST = 3
"""Numbers in a row that are written as a range."""


@dataclass(frozen=True)
class Mark:
    """A citation mark."""

    start: int
    """Offset of its bracket."""
    end: int
    gap: int
    """White space before it, 0 or 1 characters."""
    ranges: tuple[tuple[int, int], ...]
    """First and last number of each of its parts, as they are written."""

    def numbers(self, known: Iterable[int]) -> tuple[list[int], list[int]]:
        """Those of its numbers that are known, in the order written, and the single others.

        A range means what of it is known; one of which nothing is known counts by its ends.
        """
        told = sorted(known)
        found: list[int] = []
        lost: list[int] = []
        for first, last in self.ranges:
            within = [number for number in told if first <= number <= last]
            found += [number for number in within if number not in found]
            lost += [] if within else sorted({first, last})
        return found, lost


def highest(known: Iterable[int]) -> int:
    """The highest number that a mark may have where these mean something."""
    return max(MOST, max(known, default=0))


def marks(text: str, most: int = MOST) -> Iterator[Mark]:
    """The citation marks of Markdown, in order; linear in the text.

    Left alone: code in fences and ticks, formulas, links and images (`[1](…)`), definitions of
    links (`[1]: …`) and, where there are any, what refers to them (`[words][1]`), footnotes
    (`[^1]`), escaped brackets, brackets with 0, with a number above `most`, or with anything but
    numbers.
    """
    linked = _DEFINITION.search(text) is not None
    before = -1
    for start, end in _prose(text):
        for found in _MARK.finditer(text, start, end):
            mark = _mark(found)
            if mark is None or _beyond(mark, most) or _looks_only(text, mark, end):
                continue
            if linked and text[mark.start - 1 : mark.start] == "]" and before != mark.start:
                continue  # [words][1]
            before = mark.end
            yield mark


def blanked(text: str, found: Iterable[Mark]) -> str:
    """The text with spaces for these marks, so that every offset stays."""
    out, at = [], 0
    for mark in found:
        out += [text[at : mark.start], " " * (mark.end - mark.start)]
        at = mark.end
    return "".join([*out, text[at:]])


def written(numbers: Iterable[int]) -> str:
    """A citation mark of these numbers: ascending, three and more in a row as a range."""
    rows: list[list[int]] = []
    for number in sorted(set(numbers)):
        if rows and number == rows[-1][-1] + 1:
            rows[-1].append(number)
        else:
            rows.append([number])
    parts = [
        f"{row[0]}–{row[-1]}" if len(row) >= _FEWEST else ", ".join(map(str, row)) for row in rows
    ]
    return f"[{', '.join(parts)}]"


def _mark(found: re.Match[str]) -> Mark | None:
    """The mark that was matched; None: it has a 0, or a range that runs backwards."""
    ranges = tuple(
        (int(part[1]), int(part[2] or part[1])) for part in _PART.finditer(found["inside"])
    )
    if any(first < 1 or last < first for first, last in ranges):
        return None
    gap = len(found["gap"])
    return Mark(found.start() + gap, found.end(), gap, ranges)


def _beyond(mark: Mark, most: int) -> bool:
    return any(last > most for _, last in mark.ranges)


def _looks_only(text: str, mark: Mark, end: int) -> bool:
    """Whether what stands around a mark makes it something else."""
    before = text[mark.start - 1] if mark.start else ""
    after = text[mark.end : mark.end + 1] if mark.end < end else ""
    indent = text[max(0, mark.start - _INDENT) : mark.start]
    begins = not indent.rpartition("\n")[2].strip() and ("\n" in indent or len(indent) < _INDENT)
    return before in ("\\", "!") or after == "(" or (after == ":" and begins)


def _prose(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of what is neither code nor formula."""
    fence, offset, begun = "", 0, 0
    for line in text.split("\n"):
        mark = fence_mark(line, fence)
        if mark and not fence:
            yield from _spans(text, begun, offset)
        if mark:
            fence = "" if fence else mark
        offset += len(line) + 1
        if mark and not fence:
            begun = min(offset, len(text))
    if not fence:
        yield from _spans(text, begun, len(text))


def _spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """What is left between code spans and formulas."""
    at = start
    for left, right in _inline(text, start, end):
        if left >= at:
            yield at, left
            at = right
    yield at, end


def _inline(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Code spans, which end within their paragraph, and formulas outside of them."""
    found = [(math.start(), math.end()) for math in _MATH.finditer(text, start, end)]
    runs = [(run.start(), run.end()) for run in _TICKS.finditer(text, start, end)]
    closing = _closing(runs, [gap.start() for gap in _GAP.finditer(text, start, end)])
    at = start
    for left, right in runs:
        if left >= at and left in closing:
            at = closing[left]
            found.append((left, at))
        at = max(at, right)
    return sorted(found)


def _closing(runs: list[tuple[int, int]], gaps: list[int]) -> dict[int, int]:
    """Start of each run of ticks → end of the next one as long, in the same paragraph."""
    found: dict[int, int] = {}
    after: dict[tuple[int, int], int] = {}
    for left, right in reversed(runs):
        kind = (right - left, bisect_left(gaps, left))
        if kind in after:
            found[left] = after[kind]
        after[kind] = right
    return found
