"""Knows how numbers are written in English and Chinese: digits, words, and mixtures of both."""

from typing import Final

import regex

DIGITS: Final = (
    r"(?<![0-9])(?<![0-9][.,])(?:[0-9]{1,3}(?:[,，\u00A0\u202F\u2009][0-9]{3}|[ ]000)+(?![0-9])"
    r"|[0-9]{1,18}(?:\.[0-9]{1,6})?(?![0-9]))"
)
"""A number in digits, with or without thousands separators."""

_ONES = dict(
    zero=0, one=1, two=2, three=3, four=4, five=5, six=6, seven=7, eight=8, nine=9, ten=10,
    eleven=11, twelve=12, thirteen=13, fourteen=14, fifteen=15, sixteen=16, seventeen=17,
    eighteen=18, nineteen=19,
)  # fmt: skip
_TENS = dict(twenty=20, thirty=30, forty=40, fifty=50, sixty=60, seventy=70, eighty=80, ninety=90)
_SCALES = {"hundred": 100, "k": 1_000, "thousand": 1_000, "million": 1_000_000}
_SMALL = "|".join([*_TENS, *sorted(_ONES, key=len, reverse=True)])
_BIG = r"(?:hundred|thousand|million)\b"
ENGLISH: Final = (
    rf"(?:(?:{DIGITS})(?:\s?k\b|\s{_BIG})?"
    rf"|\b(?:half a|an?(?=[\s-]+{_BIG})|{_SMALL})(?:(?:\s+and\s+a\s+half)?[\s-]+(?:and\s+)?"
    rf"(?:(?:{_SMALL})\b|{_BIG})){{0,6}})"
)
"""Finds a number in English; `english` gives its value, which may be none ("a" alone)."""

_CHINESE_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_CHINESE_SCALES = {
    "十": 10, "百": 100, "千": 1_000, "万": 10_000, "萬": 10_000, "k": 1_000, "w": 10_000
}  # fmt: skip
_MARKS = regex.compile(r"(?<=[0-9])(?:[,，\u00A0\u202F\u2009]|[ ](?=000))")
_PIECE = regex.compile(r"([0-9.]+)([万萬千百kKwW]?)")
CHINESE: Final = (
    rf"(?<![几幾第0-9.])(?<!(?<![字词])[数數])"
    rf"(?:(?:{DIGITS})\s?(?:[万萬千百](?:[0-9][千百])?|[kKwW](?![a-zA-Z]))?"
    r"|[一二两兩三四五六七八九十][零〇一二两兩三四五六七八九十百千万萬]{0,12})"
)
"""Finds a number in Chinese; `chinese` gives its value, which may be none ("三五千")."""


def english(text: str) -> float | None:
    """The value of "2,500", "2.5k", "two thousand five hundred", "one and a half thousand"."""
    lowered = _MARKS.sub("", text.lower())
    digits = lowered.rstrip("abcdefghijklmnopqrstuvwxyz ")
    if digits[:1].isdigit():
        return _number(digits) * _SCALES.get(lowered[len(digits) :].strip(), 1)
    total, current, seen = 0.0, 0.0, False
    plain = lowered.replace("half a", "half").replace("and a half", "half").replace("-", " ")
    for word in plain.split():
        if word in _SCALES:
            current = (current or 1) * _SCALES[word]
            if _SCALES[word] > 100:
                total, current = total + current, 0.0
        else:
            current += 0.5 if word == "half" else _ONES.get(word, _TENS.get(word, 0))
        seen = seen or word not in ("a", "an", "and")
    return total + current if seen else None


def chinese(text: str) -> float | None:
    """The value of "1.5万", "1万2千", "两万五千", "八百"; None for "三五千" (three to five)."""
    plain = _MARKS.sub("", text).replace(" ", "")
    pieces = _PIECE.findall(plain)
    if pieces:
        return sum(
            _number(digits) * _CHINESE_SCALES.get(scale.lower(), 1) for digits, scale in pieces
        )
    return _chinese_words(plain)


def _chinese_words(text: str) -> float | None:
    total, section, digit, last_scale = 0, 0, 0, 1
    pending = False
    for character in text:
        if character in _CHINESE_DIGITS:
            if pending and digit:
                return None
            digit, pending = _CHINESE_DIGITS[character], True
            last_scale = 10 if digit == 0 else last_scale
            continue
        scale = _CHINESE_SCALES[character]
        if scale == 10_000:
            total, section = (total + section + digit) * scale, 0
        else:
            section += (digit or 1) * scale
        digit, pending, last_scale = 0, False, scale
    short = last_scale // 10 if last_scale >= 100 else 1  # 两万五 is 25,000
    return float(total + section + digit * short)


def _number(digits: str) -> float:
    return float(digits) if "." in digits else float(int(digits or "0"))
