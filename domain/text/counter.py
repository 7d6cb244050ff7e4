"""Knows what a word is: the one counter that steers, gates, shows and scores.

Counting rules are those of Unicode's word boundaries (UAX #29) for scripts with spaces; each
Han, kana, Hangul and Bopomofo character counts one. Scripts written without spaces for which
UAX #29 needs a dictionary (Thai, Lao, Khmer, Burmese) are approximated by four letters a word.
"""

import re
from collections.abc import Callable, Iterator
from typing import Literal

import regex

from domain.text.markdown import fence_mark, readable

__all__ = ["Counter", "cjk_share", "count", "paragraphs", "readable", "words"]

Counter = Literal["words", "characters", "longwriter", "longen", "runs", "spaced"]
"""`words`: the product counter; `characters`: the visible ones; the others: published scores."""

# Conjoining vowels and finals (the rest of a decomposed Hangul syllable) do not count again.
_CJK = r"[[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Bopomofo}ーｰ]--[\u1160-\u11FF\uD7B0-\uD7FF]]"
_UNSPACED = r"[[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]&&\p{L}]"
_INNER = r"[\p{M}\u00AD\u200C\u200D\u2060]"
_SPACED = (
    r"[[\p{L}\p{Nd}\p{Nl}]--[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Bopomofo}ーｰﾞﾟ]"
    r"--[[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]&&\p{L}]]"
)
# Joiners count only between two letters or two digits; an underscore joins anything.
_JOINER = r"(?:(?<=[\p{L}\p{M}])['’.·‧](?=\p{L})|(?<=\p{Nd})[.,'’٫٬](?=\p{Nd})|_+)"
_WORD = regex.compile(
    rf"(?V1){_CJK}[\p{{M}}\u1160-\u11FF\uD7B0-\uD7FFﾞﾟ]*+"
    rf"|(?:{_UNSPACED}{_INNER}*+){{1,4}}"
    rf"|{_SPACED}(?:{_SPACED}|{_INNER})*+(?:{_JOINER}{_SPACED}(?:{_SPACED}|{_INNER})*+)*+"
)
_ASCII_WORD = re.compile(
    r"[A-Za-z0-9]+(?:(?:(?<=[A-Za-z])['.](?=[A-Za-z])|(?<=[0-9])[.,'](?=[0-9])|_+(?=[A-Za-z0-9]))"
    r"[A-Za-z0-9]+)*"
)
_CJK_CHARACTER = regex.compile(rf"(?V1){_CJK}")
_VISIBLE = regex.compile(r"[^\s\p{Z}\p{Cc}\p{Cf}\p{Mn}\p{Me}\u1160-\u11FF\uD7B0-\uD7FF]")
_LONGEN_CJK = re.compile("[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]")
_LIST_ITEM = re.compile(r"[ \t]*(?:[-*+•]|\d{1,4}[.)、]|[A-Za-z][.)])[ \t]+\S")


def count(text: str, counter: Counter = "words") -> int:
    """How long `text` (Markdown) is, in units of `counter`.

    `words` and `characters` count what a reader reads (see `readable`). The others count the raw
    text exactly as benchmarks do. `longwriter` (THUDM/LongWriter, Apache-2.0): Han characters
    U+4E00-9FFF, plus runs of word characters made of ASCII letters only. `longen`
    (QwenLM/Self-Lengthen): these characters and CJK punctuation, plus what white space separates
    in the rest. `runs` (Geaming2002/Ruler): runs of word characters. `spaced`: what white space
    separates.
    """
    if counter in _RAW:
        return _RAW[counter](text)
    seen = readable(text)
    if counter == "characters":
        return sum(1 for _ in _VISIBLE.finditer(seen))
    return len(_words(seen))


def words(text: str) -> Iterator[str]:
    """The words of plain text in order, one per character in Chinese, Japanese and Korean."""
    return iter(_words(text))


def _words(text: str) -> list[str]:
    pattern = _ASCII_WORD if text.isascii() else _WORD
    return pattern.findall(text)


def cjk_share(text: str) -> float:
    """Share, 0 to 1, of the words of plain `text` that are single CJK characters."""
    total = len(_words(text))
    return sum(1 for _ in _CJK_CHARACTER.finditer(text)) / total if total else 0.0


def paragraphs(text: str) -> list[str]:
    """The blocks between blank lines; a code fence or a loose list stays one block.

    Blocks come without surrounding blank lines; their own indentation and line breaks stay.
    """
    blocks: list[list[str]] = []
    fence, after_gap = "", True
    for line in text.splitlines():
        mark = fence_mark(line, fence)
        if not line.strip() and not fence:
            after_gap = True
            continue
        if not after_gap:
            blocks[-1].append(line)
        elif blocks and not mark and _continues_list(blocks[-1][0], line):
            blocks[-1] += ["", line]
        else:
            blocks.append([line])
        after_gap = False
        if mark:
            fence = "" if fence else mark
    return ["\n".join(block).rstrip() for block in blocks]


def _continues_list(first: str, line: str) -> bool:
    """Whether `line`, after a blank line, belongs to the block that begins with `first`."""
    if not _LIST_ITEM.match(first):
        return False
    return bool(_LIST_ITEM.match(line)) or line.startswith(("  ", "\t"))


def _longwriter(text: str) -> int:
    han = sum("\u4e00" <= character <= "\u9fff" for character in text)
    latin = sum(1 for run in re.split(r"\W+", text) if run.isascii() and run.isalpha())
    return han + latin


def _longen(text: str) -> int:
    rest, cjk = _LONGEN_CJK.subn(" ", text)
    return cjk + len(rest.split())


_RAW: dict[str, Callable[[str], int]] = {
    "longwriter": _longwriter,
    "longen": _longen,
    "runs": lambda text: len(re.findall(r"\w+", text)),
    "spaced": lambda text: len(text.split()),
}
