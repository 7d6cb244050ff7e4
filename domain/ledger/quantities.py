"""Knows how much a stated quantity is: "about 1.2 km", "一千二百米", as an interval with a unit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import inf
from typing import Final

import regex

from domain.text import numerals

_F = regex.IGNORECASE
_UNITS: Final[dict[str, tuple[str, float, str]]] = {
    "mm": ("length", 0.001, r"mm|millimet(?:re|er)s?|毫米"),
    "cm": ("length", 0.01, r"cm|centimet(?:re|er)s?|厘米|公分"),
    "km": ("length", 1_000, r"km|kilomet(?:re|er)s?|公里|千米"),
    "m": ("length", 1, r"m|met(?:re|er)s?|米|公尺"),
    "mile": ("length", 1_609.34, r"miles?|英里"),
    "ft": ("length", 0.3048, r"ft|foot|feet|英尺"),
    "inch": ("length", 0.0254, r"in\.|inch(?:es)?|英寸"),
    "yard": ("length", 0.9144, r"yards?|码"),
    "li": ("length", 500, r"华里|里"),
    "kg": ("mass", 1, r"kg|kilograms?|kilos?|公斤|千克"),
    "t": ("mass", 1_000, r"t|tonnes?|tons?|吨"),
    "g": ("mass", 0.001, r"g|grams?|克"),
    "lb": ("mass", 0.4536, r"lbs?"),
    "jin": ("mass", 0.5, r"斤"),
    "km2": ("area", 1e6, r"km²|square kilomet(?:re|er)s?|平方公里|平方千米"),
    "m2": ("area", 1, r"m²|square met(?:re|er)s?|平方米|平米"),
    "ha": ("area", 1e4, r"ha|hectares?|公顷"),
    "acre": ("area", 4_046.9, r"acres?|英亩"),
    "mu": ("area", 666.7, r"亩"),
    "l": ("volume", 1, r"lit(?:re|er)s?|升"),
    "percent": ("percent", 1, r"%|per ?cent|个百分点"),
    "year": ("time", 31_536_000, r"years?(?: old)?|岁|年"),
    "month": ("time", 2_628_000, r"months?|个月"),
    "week": ("time", 604_800, r"weeks?|周|星期"),
    "day": ("time", 86_400, r"days?|天|日"),
    "hour": ("time", 3_600, r"hours?|小时"),
    "minute": ("time", 60, r"minutes?|分钟"),
    "degree": ("degree", 1, r"°C|degrees|度"),
    "dollar": ("dollar", 1, r"dollars?|USD|美元"),
    "euro": ("euro", 1, r"euros?|EUR|欧元"),
    "pound": ("pound", 1, r"pounds?|英镑"),
    "yuan": ("yuan", 1, r"yuan|RMB|元|块钱"),
}
_SIGNS: Final = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yuan", "￥": "yuan"}
UNIT: Final = "(?:" + "|".join(sorted(
    (one for *_, names in _UNITS.values() for one in regex.split(r"\|(?![^(]*\))", names)),
    key=len, reverse=True)) + ")"  # fmt: skip
_ABOUT = r"(?:about|around|roughly|approximately|some|circa|大约|大概|约为?|将近|近)"
_OVER = r"(?:more than|over|at least|above|upwards of|超过|不下于?|至少|逾)"
_UNDER = r"(?:less than|under|nearly|almost|up to|at most|not quite|不到|不足|最多)"
MANNER: Final = rf"(?:(?P<about>{_ABOUT})|(?P<over>{_OVER})|(?P<under>{_UNDER}))"
_MANNER = r"(?:" + _ABOUT + "|" + _OVER + "|" + _UNDER + r")"
_SCALES: Final = {
    "k": 1e3, "thousand": 1e3, "million": 1e6, "billion": 1e9, "百": 1e2, "千": 1e3, "万": 1e4,
    "百万": 1e6, "千万": 1e7, "亿": 1e8, "万亿": 1e12,
}  # fmt: skip
_DIGITS = (
    r"(?<![\d.,])(?:\d{1,3}(?:[,，]\d{3}){1,5}|\d{1,15})(?:\.\d{1,6})?(?![\d]|[.,，]\d)"
    r"(?:\s?(?:k\b|thousand\b|million\b|billion\b|百万|千万|万亿|[百千万亿]))?"
)
_VALUE = rf"(?:{_DIGITS}|{numerals.ENGLISH}|{numerals.CHINESE})"
NUMBER: Final = rf"(?:[$€£¥￥])?{_VALUE}"
QUANTITY: Final = (
    rf"(?:{_MANNER}\s*)?{NUMBER}(?:\s?(?:-|–|to|至|到)\s?{NUMBER})?[多余]?(?:个|名|座)?"
    rf"(?:[\s-]?{UNIT}(?![A-Za-z]))?(?:左右|以上)?"
)
"""Finds a quantity; `measure` reads it. Linear: every piece is bounded."""
_PARTS = regex.compile(
    rf"(?:{MANNER}\s*)?(?P<sign>[$€£¥￥])?(?P<low>{_VALUE})(?:\s?(?:-|–|to|至|到)\s?(?P<high>{_VALUE}))?"
    rf"(?P<more>[多余])?(?:个|名|座)?(?:[\s-]?(?P<unit>{UNIT})(?![A-Za-z]))?(?P<near>左右)?(?P<up>以上)?",
    _F,
)
_CONVERTED = 0.05
"""Relative difference that converting between units excuses."""
_LOOSE = 0.15
"""Relative difference that "about" excuses."""
_ROUND = 0.1
"""A round number stands for others as far as this share of it, at most."""


@dataclass(frozen=True)
class Measure:
    """A quantity as an interval in the base unit of its dimension."""

    dimension: str
    low: float
    high: float
    unit: str = ""
    """As it was stated: what was converted is compared with more tolerance."""
    step: float = 0.0
    """The last digit that was stated, in the base unit: 100 of 1,200 m, 0.1 of 3.1 m."""

    def agrees(self, other: Measure) -> bool | None:
        """Whether both may be said of the same thing; None where they cannot be compared."""
        if self.dimension != other.dimension:
            return None
        slack = max(_half(self, other), _half(other, self))
        if self.unit != other.unit:
            slack += _CONVERTED * max(abs(self.low), abs(other.low))
        slack += 1e-9 * max(1.0, abs(self.low))
        return self.low - slack <= other.high and other.low - slack <= self.high

    @property
    def key(self) -> str:
        """The same for the same quantity, however it is written."""
        return f"{self.dimension}:{self.low:.6g}:{self.high:.6g}"


def _half(one: Measure, other: Measure) -> float:
    """Half of what rounding may have taken from `one`, if `other` is given more exactly."""
    return one.step / 2 if one.step > other.step else 0.0


@lru_cache(maxsize=1 << 13)  # each is compared with others
def measure(text: str) -> Measure | None:
    """The quantity that `text` states, in English or Chinese; None if it states none."""
    found = _PARTS.search(text[:120])
    if not found:
        return None
    low = _number(found["low"])
    high = _number(found["high"]) if found["high"] else low
    if low is None or high is None or max(low, high) > 1e15:
        return None
    unit = _SIGNS.get(found["sign"] or "") or _unit(found["unit"] or "")
    dimension, factor, _ = _UNITS.get(unit, ("", 1.0, ""))
    low, high = sorted((low, high))
    step = _step(low, found["low"]) if low == high else 0.0
    low, high = _bounds(found, low, high)
    return Measure(dimension, low * factor, high * factor, unit, step * factor)


def _bounds(found: regex.Match[str], low: float, high: float) -> tuple[float, float]:
    if found["over"] or found["more"] or found["up"]:
        return low, inf
    if found["under"]:
        return low * (1 - 2 * _LOOSE), high
    if found["about"] or found["near"]:
        return low * (1 - _LOOSE), high * (1 + _LOOSE)
    return low, high


def _step(value: float, said: str) -> float:
    """The weight of the last digit that counts: of 1,200 it is 100, of 42 it is 1, of 3.1 0.1."""
    decimals = regex.search(r"\.(\d+)", said)
    if decimals:
        return 10.0 ** -len(decimals[1]) * _scale(said)
    whole = int(value)
    if whole < 100 or whole != value:
        return 1.0
    zeros = len(str(whole)) - len(str(whole).rstrip("0"))
    return min(10.0**zeros, _ROUND * value)


def _unit(word: str) -> str:
    for name, (_, _, names) in _UNITS.items():
        if regex.fullmatch(names, word, _F):
            return name
    return ""


def _number(said: str) -> float | None:
    plain = regex.sub(r"(?<=\d)[,，](?=\d)", "", said.strip())
    digits = regex.match(r"\d+(?:\.\d+)?", plain)
    if digits:
        return float(digits[0]) * _scale(plain)
    return numerals.chinese(plain) if regex.match(r"\p{Han}", plain) else numerals.english(plain)


def _scale(said: str) -> float:
    return _SCALES.get(said.strip().lstrip("0123456789.,， ").lower(), 1.0)
