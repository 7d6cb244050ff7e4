"""Knows how a place in an outline is written on a line: `every 3`, `2-4`, `last`, `sections 2-5`.

`place_of` reads what people write, `line_of` writes it; each is the other's inverse.
"""

from __future__ import annotations

from typing import Final

import regex

from domain.constraints.constraint import ANYWHERE, Place, Unit

FARTHEST: Final = 2_000
"""The largest number of a part or section, counted from either end."""
GRAMMAR: Final = (
    '"anywhere", "2", "2-4", "first", "last", "last 2", "every part", "every 3", "every 2 of 4-9"; '
    'parts are meant, unless it says sections: "sections 2-4", "every 3 sections"'
)
"""What may be written, for messages."""
_F = regex.IGNORECASE
_CHINESE: Final = (
    (r"全文|任何地方|任意位置|不限", "anywhere"), (r"每隔?(?:一)?个?", "every "),
    (r"(?:最后|末)一?", "last "), ("开头|首", "first "), ("第", " "), ("[到至～]", "-"),
    ("个?(?:部分|章)", " part "), ("个?(?:小节|节)", " section "), ("之?中的", " of "),
)  # fmt: skip
_UNIT = r"(?P<unit>(?:part|chapter|section)s?)"
_N = r"-?\d{1,4}|first|last"
_DASH = r"\s*(?:\bto\b|\bthrough\b|\.\.|[-–—])\s*"
_RANGE = rf"(?P<low>{_N})(?:{_DASH}(?P<high>{_N}|end))?"
_EVERY = regex.compile(
    rf"(?:every|each)(?:\s*(?P<step>\d{{1,3}})(?:st|nd|rd|th)?)?(?:\s*{_UNIT})?"
    rf"(?:\s*(?:of|in|from)\s+(?:(?:part|chapter|section)s?\s+)?{_RANGE})?", _F
)  # fmt: skip
_EDGE = regex.compile(rf"(?P<edge>first|last)\s+(?P<count>\d{{1,4}})(?:\s*{_UNIT})?", _F)
_SPAN = regex.compile(rf"(?:{_UNIT}\s*)?{_RANGE}(?:\s*(?P<later>(?:part|chapter|section)s?))?", _F)


def place_of(text: str) -> Place:
    """The place that a line names. Raises ValueError, which teaches what may be written."""
    plain = _plain(text)
    if plain in ("", "anywhere", "-"):
        return ANYWHERE
    if found := _EVERY.fullmatch(plain):
        low, high = _range(found) if found["low"] else (1, -1)
        every = int(found["step"] or 1)
        if every:
            return Place(low, high, every, _unit(found["unit"]))
    elif found := _EDGE.fullmatch(plain):
        count = int(found["count"])
        if 0 < count <= FARTHEST:
            first = found["edge"].lower() == "first"
            low, high = (1, count) if first else (-count, -1)
            return canonical(Place(low, high, 0, _unit(found["unit"])))
    elif found := _SPAN.fullmatch(plain):
        low, high = _range(found)
        return canonical(Place(low, high, 0, _unit(found["unit"] or found["later"])))
    raise ValueError(f"no place in {text[:60]!r}; write {GRAMMAR}")


def line_of(place: Place) -> str:
    """The place as a person writes it."""
    place = canonical(place)
    units = f"{place.unit}s"
    span = _span(place)
    if not place.every:
        return span or "anywhere" if place.unit == "part" else f"{units} {span or '1-last'}"
    each = f"{place.every} " if place.every > 1 else ""
    named = f"every {each}{units if each else place.unit}"
    if place.unit == "part" and each:
        named = f"every {place.every}"
    return f"{named} of {span}" if span else named


def canonical(place: Place) -> Place:
    """The same place in the one form that it is compared in."""
    low, high = place.first, place.last
    if low * high > 0 and low > high:
        low, high = high, low
    if (low, high, place.every) == (1, -1, 0):
        return ANYWHERE
    return Place(low, high, place.every, place.unit)


def _span(place: Place) -> str:
    low, high = place.first, place.last
    if (low, high) == (1, -1):
        return ""
    if low == high:
        return _end(low)
    return f"{low}-{high}" if low > 0 and high > 0 else f"{_end(low)} to {_end(high)}"


def _end(number: int) -> str:
    return "last" if number == -1 else str(number)


def _range(found: regex.Match[str]) -> tuple[int, int]:
    low = _number(found["low"])
    high = _number(found["high"]) if found["high"] else low
    if not (0 < abs(low) <= FARTHEST and 0 < abs(high) <= FARTHEST):
        raise ValueError(f"numbers of parts go from 1 to {FARTHEST:,}; write {GRAMMAR}")
    return low, high


def _number(word: str) -> int:
    return {"first": 1, "last": -1, "end": -1}.get(word.lower()) or int(word)


def _unit(word: str | None) -> Unit:
    return "section" if (word or "").lower().startswith("section") else "part"


def _plain(text: str) -> str:
    plain = text[:200]
    for said, meant in _CHINESE:
        plain = regex.sub(said, meant, plain)
    return " ".join(plain.split()).lower()
