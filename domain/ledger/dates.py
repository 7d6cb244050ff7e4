"""Knows when a date lies: "12 March 1987", "the 1980s", "20世纪80年代", as an interval of days."""

from __future__ import annotations

from typing import Final

import regex

_F = regex.IGNORECASE
_YEAR = 372
"""Days of a year of twelve months of 31: enough to compare."""
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
MONTH: Final = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
YEAR: Final = r"(?:1[0-9]\d\d|20\d\d|[3-9]\d\d)"
"""Years that are written without more: 300 to 2099."""
_DIGITS = "〇零一二三四五六七八九"
_CHINESE_YEAR = rf"(?:{YEAR}|[〇零一二三四五六七八九]{{4}})"
ENGLISH: Final = (
    rf"(?:(?:about|around|circa|c\.)\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH},?\s+{YEAR}"
    rf"|{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,\s+{YEAR}|{MONTH}\s+(?:of\s+)?{YEAR}"
    rf"|(?:the\s+)?(?:(?:early|mid|late)[\s-]+)?{YEAR[:-1]}0s)"
    rf"|(?:the\s+)?(?:(?:early|mid|late)[\s-]+)?\d{{1,2}}(?:st|nd|rd|th)\s+century|{YEAR}\b(?!\s*%))"
)
CHINESE: Final = (
    rf"(?:大约|约)?(?:{_CHINESE_YEAR}年(?:代|(?:\s*\d{{1,2}}月(?:\s*\d{{1,2}}[日号])?)?)"
    r"|(?:公元)?\d{1,2}世纪(?:\d0年代)?(?:初|中叶|末)?)(?:前后|左右)?"
)
"""Find a date; `days` gives its interval."""
_ENGLISH_PARTS = regex.compile(
    rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?)?(?:(?P<month>{MONTH})\s*)?"
    rf"(?:(?:of\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,\s+)?(?:,?\s*)(?P<year>{YEAR})(?P<decade>s)?",
    _F,
)
_CENTURY = regex.compile(r"(\d{1,2})(?:(?:st|nd|rd|th)\s+century|世纪(?:(\d0)年代)?)", _F)
_CHINESE_PARTS = regex.compile(
    rf"(?P<year>{_CHINESE_YEAR})年(?P<decade>代)?(?:\s*(?P<month>\d{{1,2}})月(?:\s*(?P<day>\d{{1,2}}))?)?"
)
_ABOUT = regex.compile(r"\b(?:about|around|circa|c\.)|约|前后|左右", _F)
_SPOKEN = regex.compile(
    rf"\b(?:in|by|since|until|around|from|before|after)\s+(?:{MONTH}\s+)?((?:1\d|20)\d\d)\b"
    r"|(?<!\d)((?:1\d|20)\d\d)年",
    _F,
)
_MARGIN = 5
"""Years on either side of a date that is only about right."""

Days = tuple[int, int]


def days(text: str) -> Days | None:
    """First and last day of the date that `text` states, on a scale for comparing; None if none."""
    text = text[:80]
    found = _century(text) or _english(text) or _chinese(text)
    if found and _ABOUT.search(text):
        return found[0] - _MARGIN * _YEAR, found[1] + _MARGIN * _YEAR
    return found


def years(text: str) -> frozenset[int]:
    """The years of which a passage speaks: "in 1990", "by June 2004", "1990年"."""
    return frozenset(int(found[1] or found[2]) for found in _SPOKEN.finditer(text[:2_000]))


def _span(first: int, last: int) -> Days:
    return first * _YEAR, last * _YEAR + _YEAR - 1


def _century(text: str) -> Days | None:
    found = _CENTURY.search(text)
    if not found:
        return None
    start = (int(found[1]) - 1) * 100
    return _span(start + int(found[2]), start + int(found[2]) + 9) if found[2] else (
        _span(start, start + 100))  # fmt: skip


def _english(text: str) -> Days | None:
    found = _ENGLISH_PARTS.search(text)
    if not found or "年" in text:
        return None
    year = int(found["year"])
    if found["decade"]:
        return _span(year, year + 9)
    name = (found["month"] or "").lower().rstrip(".")
    month = next(
        (n for n, full in enumerate(_MONTHS, start=1) if name and full.startswith(name)), 0
    )
    return _day(year, month, int(found["day"] or 0))


def _chinese(text: str) -> Days | None:
    found = _CHINESE_PARTS.search(text)
    if not found:
        return None
    digits = "".join(
        str(max(0, _DIGITS.index(c) - 1)) if c in _DIGITS else c for c in found["year"]
    )
    year = int(digits)
    if found["decade"]:
        return _span(year, year + 9)
    return _day(year, int(found["month"] or 0), int(found["day"] or 0))


def _day(year: int, month: int, day: int) -> Days | None:
    if not 1 <= month <= 12:
        return _span(year, year)
    start = year * _YEAR + (month - 1) * 31
    return (start + day - 1, start + day - 1) if 1 <= day <= 31 else (start, start + 30)
