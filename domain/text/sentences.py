"""Knows where sentences begin and end, in spaced scripts and in Chinese and Japanese.

One linear scan over sentence enders; no model and no language setting. A line break always ends
a sentence: in Markdown it separates items, rows, headings and paragraphs. A quotation of several
sentences is split inside, so that each can be judged alone; who deletes sentences must look at
the balance of quotation marks and brackets.
"""

from functools import lru_cache

import regex

from domain.text.markdown import fence_mark

TERMINALS = "。！？｡؟۔।॥።။།។!?…‥⋯."
_WIDE = frozenset("。！？｡")
_CLOSERS = "\"'”’»›」』）)]】〉》〕｝}*_~`"
_OPENERS = "\"'“‘«‹「『（([【〈《〔｛{*_~`¿¡—–-"
_SPEECH = r"[^，。！？；：、“”「」\s]{0,10}?[说說道问問答喊叫想と言讲講笑]"
_ENDER = regex.compile(
    rf"(?P<run>[{regex.escape(TERMINALS)}]++)"
    rf"(?P<close>[{regex.escape(_CLOSERS)}]*+(?:[ \u00A0\u202F][»›])?)"
    rf"(?=(?P<space>\s*+)[{regex.escape(_OPENERS)}]*+(?P<next>.?))"
)
_CLOSED_SPEECH = regex.compile(_SPEECH)
_WORD_BEFORE = regex.compile(r"[\p{L}\p{M}\p{Nd}.'’]*+$")
_LOOK_BACK = 24
"""Characters looked back at for the word before a full stop."""

_TITLE = regex.compile(
    r"mr|mrs|ms|mx|dr|prof|rev|hon|st|mt|messrs|mme|mlle|vs|cf|al|approx|ca|viz|sen|gov|gen|col|lt"
    r"|sgt|capt|e\.g|i\.e|u\.s|u\.k|ph\.d|z\.b|d\.h|u\.a|bzw|hr|dhr|sra|srta|т\.е|г|гг|ул",
    regex.IGNORECASE,
)
"""Abbreviations that never end a sentence before a capital."""
_BEFORE_NUMBER = regex.compile(
    r"nos?|nr|vols?|figs?|eqs?|sec|ch|chap|pp?|art|núm|pág|рис|стр"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec",
    regex.IGNORECASE,
)
"""Abbreviations only before a number: "no. 5", but "He said no. Then"."""
_CONTINUERS = frozenset("，、；：,;:")

_STRUCTURAL = regex.compile(r"\#{1,6}[ \t]|\|.*\|$|\[\^?[\w .-]{1,40}\]|[-*_]{3,}$|<[^<>]*>$")
"""A heading, a table row, a reference, a rule, a tag: none of them ends like prose."""
_ITEM = regex.compile(r"(?:[-*+•]|\(?\d{1,4}[.)、）]|\(?[A-Za-z][.)])[ \t]*")
_LINK_END = regex.compile(r"(?:https?://|doi:|www\.)\S+$")
_AFTER_TERMINAL = regex.compile(r"(?:\s*+\[\^?\w{1,8}\]|[¹²³⁰⁴-⁹])++$")
_DANGLING = regex.compile(
    r"(?:\b(?:and|or|but|nor|the|an?|of|to|in|on|at|by|for|from|with|as|that|which|because|if|et|ou|"
    r"de|la|le|und|oder|der|die|das|y|el)|[和与與及而但的或在是把被对對为為]|[,，、;；:：\-–—(（“‘「『《])$",
    regex.IGNORECASE,
)
_DATE = regex.compile(r"\d{4}\s*[年./-]|\b(?:1[6-9]|20)\d\d$")
_UNPUNCTUATED = regex.compile(r"[\p{Thai}\p{Lao}]$")
_SHORT_LINE = 40
"""Characters; a last line this short may be a signature, a date or a line of verse."""


def sentences(text: str) -> list[str]:
    """The sentences of `text` in order, without surrounding white space."""
    return [text[start:end] for start, end in spans(text)]


def spans(text: str) -> list[tuple[int, int]]:
    """Start and end offset of each sentence: ordered, disjoint, covering all but white space.

    A line inside a code fence, a fence line and a table row are one span each.
    """
    return list(_spans(text))


@lru_cache(maxsize=64)  # several gates in a row ask for the sentences of one text
def _spans(text: str) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    fence, offset = "", 0
    for line in text.split("\n"):
        mark = fence_mark(line, fence)
        whole = bool(mark or fence or line.lstrip().startswith("|"))
        cuts = [] if whole else _cuts(line)
        for start, end in zip([0, *cuts], [*cuts, len(line)], strict=True):
            piece = line[start:end]
            left = start + len(piece) - len(piece.lstrip())
            right = start + len(piece.rstrip())
            if left < right:
                found.append((offset + left, offset + right))
        if mark:
            fence = "" if fence else mark
        offset += len(line) + 1
    return tuple(found)


def _cuts(line: str) -> list[int]:
    """Offsets after each sentence end inside one line."""
    return [
        found.end("close")
        for found in _ENDER.finditer(line)
        if found.end("close") < len(line) and _ends(line, found)
    ]


def _ends(line: str, found: regex.Match[str]) -> bool:
    run, following = found["run"], found["next"]
    spaced, closed = bool(found["space"]), bool(found["close"])
    if not following and not spaced:
        return True
    if following in _CONTINUERS or following.islower():
        return False
    if not spaced and closed and _CLOSED_SPEECH.match(line, found.end("close")):
        return False
    if any(character in _WIDE for character in run):
        return True
    if not spaced and not closed and not _is_ideograph(following):
        return False
    if run == ".":
        return not _is_abbreviation(line, found.start(), following)
    return spaced or closed or run[-1] not in "…‥⋯."


def _is_abbreviation(line: str, stop: int, following: str) -> bool:
    """Whether the full stop at `stop` belongs to the word before it, and ends no sentence."""
    before = _WORD_BEFORE.search(line, max(0, stop - _LOOK_BACK), stop)
    word = before[0] if before else ""
    if word.isdigit():
        return len(word) <= 3 and not line[: stop - len(word)].strip(_OPENERS + " \t#>")
    if following.isdigit() and _BEFORE_NUMBER.fullmatch(word):
        return True
    initial = len(word) == 1 and word.isupper() and word != "I" and following.isupper()
    dotted = "." in word and all(len(part) == 1 for part in word.split("."))
    may_end = word.casefold() in ("a.m", "p.m", "т.д", "т.п")
    return initial or bool(_TITLE.fullmatch(word)) or (dotted and not may_end)


def _is_ideograph(character: str) -> bool:
    return bool(character) and character >= "\u2e80"


def ends_finished(text: str) -> bool:
    """Whether `text` ends as finished writing does, not in the middle of something.

    Finished: a sentence end (with closing quotation marks, brackets, note marks), a heading, a
    list item of one sentence, a table row, a reference, a closed code fence, a signature or date
    line, verse. Unfinished: an open fence, a comma, a colon, a dangling "and", plain words.
    """
    fence, closed = "", False
    for line in text.rstrip().split("\n"):
        mark = fence_mark(line, fence)
        closed = bool(mark and fence)
        if mark:
            fence = "" if fence else mark
    lines = [line.strip() for line in text.rstrip()[-2_000:].split("\n") if line.strip()]
    if fence or not lines:
        return False
    return closed or _line_finished(lines)


def _line_finished(lines: list[str]) -> bool:
    last = lines[-1].lstrip("> \t")
    if _STRUCTURAL.match(last) or _LINK_END.search(last) or ends_sentence(last):
        return True
    if _DANGLING.search(last.rstrip("*_~`")):
        return False
    item = _ITEM.match(last)
    if item and item.end() < len(last):
        return len(sentences(last[item.end() :])) == 1
    return bool(_UNPUNCTUATED.search(last)) or _is_closing_line(last, lines[:-1])


def ends_sentence(line: str) -> bool:
    """Whether `line` ends in terminal punctuation, closing marks and note marks set aside."""
    bare = _AFTER_TERMINAL.sub("", line.rstrip()).rstrip(_CLOSERS + " \u00a0\u202f")
    return bare.endswith(tuple(TERMINALS))


def _is_closing_line(last: str, before: list[str]) -> bool:
    """A signature, a date, "(The end)", or verse, whose lines end without punctuation."""
    if len(last) > _SHORT_LINE:
        return False
    if _DATE.search(last) or (last[0] in _OPENERS and last[-1] in _CLOSERS):
        return True
    if not before:
        return False
    names = [word for word in last.split() if word[0].isalpha()]
    if last.isascii() and all(word[0].isupper() for word in names):
        return ends_sentence(before[-1]) or len(before[-1]) <= _SHORT_LINE
    verse = [line for line in before[-3:] if len(line) <= _SHORT_LINE]
    return len(verse) == 3 and sum(not ends_sentence(line) for line in verse) >= 2
