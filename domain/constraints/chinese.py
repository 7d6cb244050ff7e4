"""Knows the Chinese clauses that demand contents: "第三章必须提到X", "至少三个例子"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import regex

from domain.constraints import countables
from domain.constraints.constraint import Constraint, Place
from domain.constraints.objects import chinese_objects
from domain.constraints.places import chinese_place
from domain.text.numerals import chinese

_NUMBER: Final = r"[0-9一二两三四五六七八九十]{1,3}"
_MODAL = r"(?:必须|务必|一定要?|需要|应该|应当|须要?|需|要|应|得|请)"
_LEAD = (
    r"^(?:[-*•\s]|[0-9]{1,3}[.)、．])*(?:并且|并|且|还|同时|另外|此外|而且|但是|但|然后|最后|其中|要求|注意"
    r"|(?:文章|全文|故事|小说|报告|作文|内容|正文|本文|教案|文案)?[中里内]?|都|也|，|,|：|:|\s)*"
)
_NAMED = r"(?:提到|提及|写到|谈到|讲到|说到|点到|点明|引用)"
_HELD = r"(?:包含|包括|涉及到?|出现|介绍|加入|融入|用到|使用|涵盖|讨论)"
_POSITIVE = regex.compile(
    rf"{_LEAD}(?:(?P<modal>{_MODAL})(?:都|也|还|至少|明确|简要|再次)*)*"
    rf"(?:(?P<named>{_NAMED})|(?P<held>{_HELD}))[出了]?\s*(?P<object>\S.*)$"
)
_NEGATIVE = regex.compile(
    rf"{_LEAD}(?:请)?(?:不要|不得|不能|请勿|切勿|勿|禁止|避免|不可以?|不应该?|不许|不准|别)(?:再|直接|明确)*"
    rf"(?:(?P<named>{_NAMED}|透露|泄露|谈论)|(?P<held>使用|出现|包含|包括|涉及|用))[出到了]?\s*(?P<object>\S.*)$"
)
_AMOUNT = (
    r"(?:(?P<least>至少|不少于|最少|不低于|起码)|(?P<most>最多|不超过|至多|不多于)"
    r"|(?P<exactly>恰好|正好|只))?"
)
_COUNT = regex.compile(
    rf"{_AMOUNT}(?:举出?|给出|提供|包含|包括|列出|列举|使用|引用|加入|插入|提出|附上?|有|用|设置?){_AMOUNT}"
    rf"(?P<n>{_NUMBER})[个条张道处幅句段则](?:[^，。；！？、\s]{{0,6}}?的)?(?P<sort>{countables.CHINESE})(?:$|[来以并，])"
)
_NONE = regex.compile(
    rf"{_LEAD}(?:不要|不得|不能|请勿|切勿|勿|禁止|避免)(?:使用|出现|包含|插入|用|有)(?:任何)?(?P<sort>{countables.CHINESE})$"
)
_TIMES = regex.compile(rf"{_AMOUNT}(?P<n>{_NUMBER})[次遍回]")
_CLAUSES = regex.compile(r"[，,；;。！!？?\n]\s*")
_STOP = regex.compile(r"[，,；;。！!？?：:（(]|来说明|以便|从而|使得?|让|并且?|而|的(?:时候|情况)")


def constraints(sentence: str) -> Iterator[Constraint]:
    """The demands of one Chinese sentence; `span` are offsets in it."""
    start = 0
    for cut in [*_CLAUSES.finditer(sentence), None]:
        end = cut.start() if cut else len(sentence)
        if cut and _is_place(sentence[start:end]):
            continue  # "在最后一章中，必须提到灯塔": one clause
        for made in _clause(sentence[start:end]):
            yield replace(made, span=(start, end))
        start = cut.end() if cut else end


def _clause(clause: str) -> Iterator[Constraint]:
    located = chinese_place(clause)
    if located is None:
        return
    rest, place = located.rest.strip(" ，,"), located.place
    if none := _NONE.match(rest):
        yield from _count(none["sort"], place, 0, 0)
    elif held := _COUNT.search(rest):
        yield from _count(held["sort"], place, *_often(held))
    elif found := _NEGATIVE.match(rest):
        yield from _forbidden(found, place)
    elif (found := _POSITIVE.match(rest)) and _is_order(found, place):
        yield from _wanted(found["object"], place)


def _is_place(clause: str) -> bool:
    located = chinese_place(clause)
    return located is not None and not located.place.anywhere and not located.rest.strip("，, ")


def _is_order(found: regex.Match[str], place: Place) -> bool:
    """Whether it orders: "提到X" does, "包括X" only with "必须" or a place."""
    return bool(found["modal"]) or bool(found["named"]) or not place.anywhere


def _wanted(said: str, place: Place) -> Iterator[Constraint]:
    times = _TIMES.search(said)
    least, most = _often(times) if times else (1, None)
    for wanted in chinese_objects(_object(_TIMES.sub("", said))):
        yield Constraint("include", wanted.text, place, least, most, exact=wanted.exact)


def _forbidden(found: regex.Match[str], place: Place) -> Iterator[Constraint]:
    """What is forbidden by name; a thing not to be used must be quoted to be looked for."""
    for wanted in chinese_objects(_object(found["object"])):
        if wanted.exact or found["named"]:
            yield Constraint("forbid", wanted.text, place, 0, 0, exact=wanted.exact)


def _object(said: str) -> str:
    if said[:1] in '“"「『《':
        return said
    stop = _STOP.search(said)
    return said[: stop.start()] if stop else said


def _count(name: str, place: Place, least: int, most: int | None) -> Iterator[Constraint]:
    sort = countables.sort_of(name)
    if sort:
        yield Constraint("count", sort, place, least, most)


def _often(found: regex.Match[str]) -> tuple[int, int | None]:
    number = int(chinese(found["n"]) or 0) or 1
    if found["most"]:
        return 0, number
    return number, number if found["exactly"] else None
