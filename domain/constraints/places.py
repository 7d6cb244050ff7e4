"""Knows the phrases that say where in a document, and how often: "in every third chapter"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import regex

from domain.constraints.constraint import ANYWHERE, Place, Unit
from domain.text.numerals import chinese, english

_F = regex.IGNORECASE
_SMALL = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_NUMBER = rf"(?:\d{{1,4}}|{_SMALL})"
_ORDINALS: Final = dict(
    first=1, second=2, third=3, fourth=4, fifth=5, sixth=6, seventh=7, eighth=8, ninth=9, tenth=10,
    opening=1, other=2, last=-1, final=-1, closing=-1, penultimate=-2,
)  # fmt: skip
_ORDINAL = rf"(?:{'|'.join(_ORDINALS)}|\d{{1,4}}(?:st|nd|rd|th))"
UNIT: Final = (
    r"(?:chapter|section|part|episode|act|lesson|module|week|day|month|floor|block|letter"
    r"|diary entr|entr|stor)(?:s|y|ies)?"
)
_DOCUMENT = (
    r"(?:\s+of\s+(?:the|your|this)\s+(?:\w+\s+)?(?:text|story|essay|article|report|post|book|novel"
    r"|document|paper|piece|letter|speech|guide))?"
)
_IN = r"(?:(?:in|within|throughout|from|for|across|of|over|during)\s+)?"

_CHINESE_NUMBER = r"[0-9一二两三四五六七八九十百]{1,5}"
UNIT_CHINESE: Final = r"(?:章|节|部分|篇|回|幕|集|课|周|天|日|层|段落?)"


@dataclass(frozen=True)
class Located:
    """A clause without the words that say where, and the place they mean."""

    rest: str
    place: Place


def english_place(clause: str) -> Located | None:
    """The place that an English clause names; None if it names one that no outline has."""
    return _located(clause, _ENGLISH, _UNREAD)


def chinese_place(clause: str) -> Located | None:
    """The place that a Chinese clause names; None if it names one that no outline has."""
    return _located(clause, _CHINESE, _UNREAD_CHINESE)


Reader = Callable[["regex.Match[str]"], "Place | None"]


def _located(
    clause: str, readers: tuple[tuple[regex.Pattern[str], Reader], ...], unread: regex.Pattern[str]
) -> Located | None:
    place, rest = ANYWHERE, clause
    for pattern, reader in readers:
        found = pattern.search(rest)
        if found is None:
            continue
        read = reader(found)
        if read is None or (not place.anywhere and read != place):
            return None
        place = read
        rest = f"{rest[: found.start()]} {rest[found.end() :]}"
        break
    if unread.search(rest):
        return None
    return Located(" ".join(rest.split()), place)


def _unit(word: str) -> Unit:
    return "section" if word.lower().startswith(("section", "节")) else "part"


def _number(word: str) -> int:
    return int(english(word.rstrip("stndrh") if word[0].isdigit() else word) or 0)


def _ordinal(word: str) -> int:
    return _ORDINALS.get(word.lower()) or _number(word)


def _range(found: regex.Match[str]) -> Place | None:
    low, high = sorted((_number(found["low"]), _number(found["high"])))
    every = 1 if (found["each"] or "").strip() else 0
    return Place(low, high, every, _unit(found["unit"])) if low > 0 else None


def _one(found: regex.Match[str]) -> Place | None:
    at = _number(found["n"])
    return Place(at, at, 0, _unit(found["unit"])) if at > 0 else None


def _beside(found: regex.Match[str]) -> Place | None:
    at = _number(found["n"])
    after = found["side"].lower() in ("after", "from")
    low, high = (at + (found["side"].lower() == "after"), -1) if after else (1, at - 1)
    return Place(low, high, 0, _unit(found["unit"])) if high else None


def _periodic(found: regex.Match[str]) -> Place | None:
    groups = found.groupdict()
    step = groups.get("count") or groups.get("nth")
    every = 1 if step is None else _ordinal(step) if groups.get("nth") else _number(step)
    return Place(1, -1, every, _unit(found["unit"])) if 0 < every < 1_000 else None


def _nth(found: regex.Match[str]) -> Place | None:
    at = _ordinal(found["nth"])
    count = _number(found["count"]) if found["count"] else 1
    low, high = (at, at + count - 1) if at > 0 else (at - count + 1, at)
    return Place(low, high, 0, _unit(found["unit"]))


def _edge(found: regex.Match[str]) -> Place:
    first = bool(regex.search("begin|start|intro|open", found["edge"], _F))
    return Place(1, 1, 0, "section") if first else Place(-1, -1, 0, "section")


_ENGLISH: Final[tuple[tuple[regex.Pattern[str], Reader], ...]] = (
    (regex.compile(
        rf"\b{_IN}(?P<each>(?:each|every|all)\s+(?:one\s+)?(?:of\s+)?)?(?:the\s+)?"
        rf"(?:between\s+)?(?P<unit>{UNIT})\s+"
        rf"(?P<low>{_NUMBER})\s*(?:to|through|until|and|-|–|—)\s*(?P<high>{_NUMBER})\b", _F,
    ), _range),
    (regex.compile(
        rf"\b(?P<side>after|before|from)\s+(?P<unit>{UNIT})\s+(?P<n>{_NUMBER})\b(?:\s+on(?:wards?)?)?",
        _F), _beside),
    (regex.compile(rf"\b{_IN}(?P<unit>{UNIT})\s+(?P<n>{_NUMBER})\b", _F), _one),
    (regex.compile(
        rf"\b{_IN}(?:each|every)\s+(?:(?P<nth>{_ORDINAL})\s+|(?P<count>{_NUMBER})\s+|single\s+)?"
        rf"(?P<unit>{UNIT})\b", _F), _periodic),
    (regex.compile(rf"\bper\s+(?P<unit>{UNIT})\b", _F), _periodic),
    (regex.compile(
        rf"\b{_IN}(?:the\s+)(?:very\s+)?(?P<nth>{_ORDINAL})\s+(?:(?P<count>{_NUMBER})\s+)?"
        rf"(?P<unit>{UNIT})\b", _F), _nth),
    (regex.compile(
        rf"\b(?:at|in|towards?)\s+(?:the|its|your)\s+(?:very\s+)?(?P<edge>end|beginning|start"
        rf"|introduction|conclusion|opening|closing|ending)\b{_DOCUMENT}", _F), _edge),
    (regex.compile(
        r"^\s*(?:and\s+|also\s+)?(?:the|its|your)\s+(?P<edge>introduction|conclusion|opening|ending)"
        r"(?=\s+(?:must|should|shall|has|needs?|ought|mentions?|includes?)\b)", _F), _edge),
)  # fmt: skip
_UNREAD: Final = regex.compile(
    rf"\b(?:{UNIT}\s+{_NUMBER}\b|(?:each|every|first|last|middle|one|same|this|that|next|previous)"
    rf"\s+(?:{UNIT}|paragraph|sentence|line|page|scene|stanza|half|character|slide)\b"
    r"|in\s+(?:the\s+)?(?:title|heading|headings|subject|abstract|middle)\b)",
    _F,
)


def _value(word: str) -> int:
    return int(chinese(word) or 0)


def _range_zh(found: regex.Match[str]) -> Place | None:
    low, high = sorted((_value(found["low"]), _value(found["high"])))
    return Place(low, high, int(bool(found["each"])), _unit(found["unit"])) if low else None


def _one_zh(found: regex.Match[str]) -> Place | None:
    at = _value(found["n"])
    return Place(at, at, 0, _unit(found["unit"])) if at else None


def _periodic_zh(found: regex.Match[str]) -> Place | None:
    step = _value(found["count"]) if found["count"] else 1
    every = step + 1 if found["gap"] else step
    return Place(1, -1, every, _unit(found["unit"])) if 0 < every < 1_000 else None


def _edge_zh(found: regex.Match[str]) -> Place:
    first = found["edge"] in ("开头", "开篇", "文首", "引言", "开始", "第一")
    return Place(1, 1, 0, "section") if first else Place(-1, -1, 0, "section")


def _last_zh(found: regex.Match[str]) -> Place:
    count = _value(found["count"] or "一")
    return Place(-count, -1, 0, _unit(found["unit"]))


_INSIDE = r"(?:的?(?:中间|当中|里面|中|里|内|都|处|时|部分)){0,2}"
_CHINESE: Final[tuple[tuple[regex.Pattern[str], Reader], ...]] = (
    (regex.compile(
        rf"[在于从]?第?(?P<low>{_CHINESE_NUMBER})(?P<unit>{UNIT_CHINESE})?\s*(?:到|至|-|–|—|~|～)\s*第?"
        rf"(?P<high>{_CHINESE_NUMBER})(?P<unit>{UNIT_CHINESE})"
        rf"(?:的?(?P<each>每一?{UNIT_CHINESE}))?{_INSIDE}"), _range_zh),
    (regex.compile(
        rf"[在于]?第(?P<n>{_CHINESE_NUMBER})(?P<unit>{UNIT_CHINESE}){_INSIDE}"), _one_zh),
    (regex.compile(
        rf"[在于]?每(?P<gap>隔)?(?:一?(?:个)?(?=[章节篇回幕集课周天日层部])|(?P<count>{_CHINESE_NUMBER})个?)"
        rf"(?P<unit>{UNIT_CHINESE}){_INSIDE}"), _periodic_zh),
    (regex.compile(
        rf"[在于]?(?:最后|末)(?P<count>{_CHINESE_NUMBER})(?P<unit>{UNIT_CHINESE})"
        rf"{_INSIDE}"), _last_zh),
    (regex.compile(
        rf"[在于]?(?:文章|全文|故事|小说|报告|文中)?的?(?P<edge>开头|开篇|文首|引言|结尾|末尾|文末|结语|结论|最后部分)"
        rf"{_INSIDE}"), _edge_zh),
)  # fmt: skip
_UNREAD_CHINESE: Final = regex.compile(
    rf"第{_CHINESE_NUMBER}{UNIT_CHINESE}|每[个一]?(?:{UNIT_CHINESE}|人|句|行|页|题|条|点)|标题|题目|摘要|中间"
)
