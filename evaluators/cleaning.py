"""Knows what a model writes around a section, and takes it off without touching the prose.

Only the two ends of an answer are cleaned. Inside, headings move below the document's own levels
and runs of blank lines shrink; nothing else changes. Linear in the text, and idempotent.
"""

import re
from bisect import bisect_left

from domain.text.markdown import fence_mark
from domain.text.sentences import ends_sentence, spans
from evaluators.ending import is_lone_mark
from evaluators.phrases import REACH, bare, is_farewell, is_meta, numbered_end, preamble_end
from evaluators.structure import (
    HEADING_LENGTH,
    Line,
    heading_name,
    headings,
    is_underline,
    lines,
)
from evaluators.voice import in_quotes

BODY_LEVEL = 4
"""Headings inside a section start here: title, part and section have levels 1 to 3."""

_WRAPPERS = frozenset({"", "markdown", "md", "text", "txt", "plaintext"})
_QUOTES = {'"': '"', "“": "”", "「": "」", "『": "』"}
_TITLES = ("title:", "heading:", "section title:", "chapter title:", "标题：", "标题:", "题目：")
_RULE = re.compile(r"[ \t]*([-*_=])(?:[ \t]*\1){2,}[ \t]*$")
_HASHES = re.compile(r" {0,3}#{1,6}(?=[ \t])")
_DEEPEST = 6
_LABEL_LENGTH = 100
_SAME_SHARE = 0.6
"""A marked heading that holds the known one, or is held by it, to this share, repeats it."""


def clean_section(text: str, *, heading: str = "", title: str = "") -> str:
    """The prose of a section without what a model put around it, in any language known here.

    Taken off at the start: an announcement ("Sure! Here is the section:"), the section's heading
    or the document's title, `Section 3: …`, `Title: …`. At the end: remarks to whoever asked,
    word counts, "[End of section]", half a list item. On both: rules, blank lines, a code fence
    or one pair of quotation marks around everything. Body headings become level 4 or deeper.

    Args:
        text: a model's answer.
        heading: the heading that the document prints above the section.
        title: the document's title.
    """
    return _body(clean_ends(text, heading=heading, title=title))


def clean_ends(text: str, *, heading: str = "", title: str = "") -> str:
    """As `clean_section`, with the inside left alone: for texts whose headings are their own."""
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ends = _Ends(rows, heading, title)
    while ends.trim_start() or ends.trim_end() or ends.unwrap():
        pass
    return "\n".join(ends.rows[ends.low : ends.high])


class _Ends:
    """A window over lines that only shrinks: every step takes a line or a pair of marks."""

    def __init__(self, rows: list[str], *known: str) -> None:
        self.rows = rows
        self.known = [name for name in map(heading_name, known) if name]
        self.low, self.high = 0, len(rows)
        self.fences = [number for number, row in enumerate(rows) if fence_mark(row, "")]
        self.quotes = {
            mark: sum(row.count(mark) for row in rows) for mark in {*_QUOTES, *_QUOTES.values()}
        }
        """How often each quotation mark stands in the window."""

    def _replace(self, number: int, row: str) -> None:
        for mark in self.quotes:
            self.quotes[mark] += row.count(mark) - self.rows[number].count(mark)
        self.rows[number] = row

    def _drop_first(self, how_many: int = 1) -> None:
        for _ in range(how_many):
            self._replace(self.low, "")
            self.low += 1

    def _drop_last(self) -> None:
        self.high -= 1
        self._replace(self.high, "")

    def trim_start(self) -> bool:
        """Takes what does not belong off the start; whether anything was taken."""
        taken = False
        while self.low < self.high:
            row = self.rows[self.low]
            rest = _without_announcement(row)
            if not row.strip() or _RULE.match(row) or not rest:
                self._drop_first()
            elif rest != row:
                self._replace(self.low, rest)
            elif title := self._title_lines(row):
                self._drop_first(title)
            else:
                break
            taken = True
        return taken

    def _title_lines(self, row: str) -> int:
        """How many lines, 0 to 2, the heading at the window's start takes."""
        if len(row) > HEADING_LENGTH:
            return 0
        following = self.rows[self.low + 1] if self.low + 1 < self.high else ""
        ruled = bool(following.strip()) and is_underline(following)
        if not (_is_label(row) or self._is_known(row, ruled, following)):
            return 0
        return 2 if ruled else 1

    def _is_known(self, row: str, ruled: bool, following: str) -> bool:
        """Whether a line is a heading that is printed already; verse may open like its title."""
        name, mark = heading_name(row), row.lstrip()[0]
        if name in self.known:
            return ruled or mark in "#*_" or not following.strip()
        return (ruled or mark == "#") and any(_overlap(name, known) for known in self.known)

    def trim_end(self) -> bool:
        """Takes what does not belong off the end; whether anything was taken."""
        taken = False
        while self.low < self.high:
            row = self.rows[self.high - 1]
            kept = _without_farewell(row)
            if _is_end_noise(row) or not kept:
                self._drop_last()
            elif kept != row:
                self._replace(self.high - 1, kept)
            else:
                break
            taken = True
        return taken

    def unwrap(self) -> bool:
        """Takes a code fence or a pair of quotation marks off both ends."""
        return self.low < self.high and (self._unfence() or self._unquote())

    def _unfence(self) -> bool:
        first, last = self.rows[self.low], self.rows[self.high - 1]
        mark = fence_mark(first, "")
        if not mark or self.high - self.low < 2 or not fence_mark(last, mark):
            return False
        if first.strip().lstrip("`~").strip().casefold() not in _WRAPPERS:
            return False
        index = bisect_left(self.fences, self.low + 1)
        inner = self.fences[index] if index < len(self.fences) else self.high
        if inner < self.high - 1 and not self.rows[inner].strip().lstrip("`~"):
            return False
        self._drop_first()
        self._drop_last()
        return True

    def _unquote(self) -> bool:
        first, last = self.rows[self.low].lstrip(" \t"), self.rows[self.high - 1].rstrip()
        closing = _QUOTES.get(first[:1])
        if closing is None or not last.endswith(closing):
            return False
        wanted = 2 if closing == first[0] else 1
        if any(self.quotes[mark] != wanted for mark in (first[0], closing)):
            return False
        self._replace(self.low, first[1:])
        self._replace(self.high - 1, self.rows[self.high - 1].rstrip()[:-1])
        return True


def _without_announcement(row: str) -> str:
    """The line without the announcements at its start."""
    end = 0
    while step := preamble_end(row[end : end + REACH + 1]):
        end += step
    if not end:
        return row
    rest = row[end:].strip()
    return rest.strip("*_ \t") if row.lstrip()[0] in "*_" or not rest.strip("*_") else rest


def _is_label(row: str) -> bool:
    """Whether a line is `Section 3: The tide`, `Title: The tide` or the like, and not prose."""
    plain = bare(row)
    if len(row) > _LABEL_LENGTH or (ends_sentence(plain) and not plain.endswith((":", "."))):
        return False
    if plain.casefold().startswith(_TITLES):
        return True
    end = numbered_end(plain)
    return bool(end) and not ends_sentence(plain[end:])


def _overlap(name: str, known: str) -> bool:
    shorter, longer = sorted((name, known), key=len)
    return bool(shorter) and shorter in longer and len(shorter) >= _SAME_SHARE * len(longer)


def _is_end_noise(row: str) -> bool:
    return not row.strip() or bool(_RULE.match(row)) or is_lone_mark(row) or is_meta(row)


def _without_farewell(row: str) -> str:
    """The line without the sentences at its end that speak to whoever asked."""
    kept = len(row)
    for start, end in reversed(spans(row)):
        said = row[start:end]
        noise = is_farewell(said) or is_meta(said)
        if end - start > REACH or not noise or in_quotes(row, start):
            break
        kept = start
    return row if kept == len(row) else row[:kept].rstrip(" \t*_(")


def _body(text: str) -> str:
    """Moves headings below the document's, frees rules from the text above, joins blank lines."""
    rows = lines(text)
    levels = {heading.start: heading.level for heading in headings(text)}
    shift = max(0, BODY_LEVEL - min(levels.values(), default=BODY_LEVEL))
    kept: list[str] = []
    skip = False
    for number, row in enumerate(rows):
        if skip:
            skip = False
        elif row.start in levels:
            skip = row.kind != "heading"
            kept.append(_at_level(row, min(_DEEPEST, levels[row.start] + shift)))
        elif row.kind == "blank":
            kept += [""] if kept and kept[-1] else []
        else:
            below = number > 0 and rows[number - 1].kind == "prose" and row.kind != "code"
            kept += ["", row.text] if below and is_underline(row.text) else [row.text]
    return "\n".join(kept).strip("\n").rstrip()


def _at_level(row: Line, level: int) -> str:
    found = _HASHES.match(row.text)
    rest = row.text[found.end() :] if found else " " + row.text.strip()
    return "#" * level + rest
