"""Knows how a demand on a text is written on one line: `at least 3 examples @ every 2`.

Grammar: `[mention:|avoid:] [at least N|at most N|exactly N|N to M] what [@ place]`. In quotation
marks `what` is meant to the letter; `mention:` makes words of what else is counted.
"""

from __future__ import annotations

from typing import Any, Final

import regex

from domain.constraints.constraint import Kind
from domain.constraints.countables import counted, sort_of
from domain.constraints.place_line import place_of
from domain.text.numerals import english

LINES: Final = (
    '"a ferry", "at least 3 examples", "a recipe @ every 3", "the harbour @ 2-4", '
    '"avoid: delve", or "the words" in quotation marks for to the letter'
)
"""Samples, for messages."""
_F = regex.IGNORECASE
_HEAD = regex.compile(
    r"(?P<forbid>avoid|not|避免|不要|不写)\s*[:：]\s*|(?P<include>mention|提到|写到)\s*[:：]\s*", _F
)
_SMALL = "one|two|three|four|five|six|seven|eight|nine|ten|twelve"
_N = rf"(?:\d{{1,4}}|{_SMALL})"
_OFTEN = regex.compile(
    rf"(?:(?:at\s+least|至少)\s*(?P<least>{_N})|(?:at\s+most|up\s+to|最多|至多)\s*(?P<most>{_N})"
    rf"|(?:exactly|恰好|正好)\s*(?P<exactly>{_N})|(?P<low>{_N})\s*(?:to|-|–|至|到)\s*(?P<high>{_N}))"
    r"(?:\s?[个次张幅]|段|(?=\s|$))\s*", _F,
)  # fmt: skip
QUOTES: Final = '"“”「」『』'
_ARTICLE = regex.compile(r"(?:an?|one|some)\s+", _F)
_QUOTED = regex.compile(r"[\"“「『](?P<text>[^\"“”「」『』]+)[\"”」』]")
_AT = regex.compile(r"(?P<what>.*\S)\s[@＠]\s(?P<place>.*)")


def read_line(line: str) -> dict[str, Any]:
    """The fields of the demand that a line states. Raises ValueError where it states none."""
    what, place = _place(" ".join(line.split()))
    head = _HEAD.match(what)
    what = what[head.end() :] if head else what
    if not what:
        raise ValueError("it does not say what")
    if head and head["forbid"]:
        return {"kind": "forbid", "text": what, "place": place}
    often = _OFTEN.match(what)
    least, most = _bounds(often) if often else (1, None)
    what = what[often.end() :] if often else what
    if not what.strip():
        raise ValueError("it does not say what")
    fields = {"text": what, "place": place, "least": least, "most": most}
    bare = what if often else _ARTICLE.sub("", what, count=1)
    counted = not (head and head["include"]) and sort_of(bare)
    return {**fields, "kind": "count", "text": counted} if counted else fields


def written_line(
    kind: Kind, text: str, place: str, least: int, most: int | None, *, exact: bool
) -> str:
    """The line of a demand, which `read_line` reads again as the same."""
    what = f'"{text}"' if exact else text
    if kind == "forbid" or (kind == "count" and most == 0):
        line = f"avoid: {what}"
    else:
        often = _often(least, most)
        if kind == "count":
            last = least if most is None else most
            line = f"{often or 'at least 1'} {counted(last, what).partition(' ')[2]}"
        else:
            line = _as_words(f"{often} {what}" if often else what, what, often=bool(often))
    where = "" if place == "anywhere" and not _AT.fullmatch(line) else f" @ {place}"
    return line + where


def unquoted(text: str) -> tuple[str, bool]:
    """A text without quotation marks around the whole of it, and whether there were any."""
    found = _QUOTED.fullmatch(text.strip())
    return (found["text"].strip() or text, True) if found else (text.strip(), False)


def _as_words(line: str, what: str, *, often: bool) -> str:
    """The line of a mention, marked as one where it would be read as something else."""
    if sort_of(what) or (not often and sort_of(_ARTICLE.sub("", what, count=1))):
        return f"mention: {line}"
    if _HEAD.match(line):
        return f"mention: {line}"
    if not often and _OFTEN.match(what):
        return f"at least 1 {what}"
    return line


def _often(least: int, most: int | None) -> str:
    if most is None:
        return f"at least {least}" if least > 1 else ""
    if least == most:
        return f"exactly {least}"
    return f"{least} to {most}" if least else f"at most {most}"


def _bounds(often: regex.Match[str]) -> tuple[int, int | None]:
    if often["least"]:
        return _number(often["least"]), None
    if often["most"]:
        return 0, _number(often["most"])
    low, high = (_number(often[name] or often["exactly"]) for name in ("low", "high"))
    return low, high


def _number(word: str) -> int:
    return int(english(word) or 0)


def _place(line: str) -> tuple[str, str]:
    """What and where; what is quoted whole has no place inside."""
    cut = None if _QUOTED.fullmatch(line) else _AT.fullmatch(line)
    if cut is None:
        return line, "anywhere"
    place_of(cut["place"])
    return cut["what"], cut["place"]
