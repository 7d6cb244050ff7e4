"""Which length is meant by what is entered in a form: an amount or a phrase, a unit, a relation."""

from __future__ import annotations

import re
from dataclasses import replace

from core.errors import RequestError
from domain.length.contract import Length, Relation, Unit
from domain.length.parser import parse_length

_SAID: dict[Unit, tuple[str, str]] = {
    "words": ("words", "字"), "characters": ("characters", "字符"), "pages": ("pages", "页"),
    "minutes": ("minutes", "分钟"),
}  # fmt: skip
"""In English, and in Chinese."""
_NUMBER = r"(\d{1,3}(?:[,，]\d{3}){1,5}|\d{1,18}(?:\.\d{1,6})?)"
_AMOUNTS = re.compile(rf"{_NUMBER}(?:\s*(?:-|–|—|~|～|to|至|到)\s*{_NUMBER})?", re.IGNORECASE)


def entered_length(
    text: str, unit: Unit = "words", relation: Relation = "about", *, cjk: bool = False
) -> Length:
    """The length in "3,000", "2000-3000", "at least 5 pages", "三千".

    A phrase with a unit speaks for itself; unit and relation fill in what it leaves open.

    Args:
        text: as entered.
        unit: of a bare number.
        relation: of an amount that states none.
        cjk: whether the document is Chinese, Japanese or Korean: its pages hold fewer units.

    Raises:
        RequestError: it is no length, out of range, or a range without its other end.
    """
    given = text.strip()
    bare = _AMOUNTS.fullmatch(given)
    found = _asked(bare, unit, cjk) if bare else _phrase(given, unit, cjk)
    if found.relation != "about" or relation == "about":
        return found
    if relation == "range":
        raise RequestError("a range has two ends", 'For example "2,000 to 3,000".')
    return replace(found, relation=relation)


def _asked(bare: re.Match[str], unit: Unit, cjk: bool) -> Length:
    amounts = [float(re.sub("[,，]", "", each)) for each in bare.groups() if each]
    low, high = min(amounts), max(amounts)
    if low == high:
        return Length.asked(low, unit, cjk=cjk)
    return Length.asked(low, unit, "range", high=high, cjk=cjk)


def _phrase(given: str, unit: Unit, cjk: bool) -> Length:
    english, chinese = (f"{given} {_SAID[unit][0]}", given + _SAID[unit][1])
    for text in (given, chinese, english) if cjk else (given, english, chinese):
        if (found := parse_length(text)) is not None:
            return found
    raise RequestError(f"no length in {given[:80]!r}", 'For example "about 2,000 words".')
