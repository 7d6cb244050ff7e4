"""Knows which words of a text a quotation means, by the words around them.

The idea is that of the text quote selector (W3C Web Annotation Data Model, 4.2.4): the words
themselves, with as much of what stands before and after them as tells them apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from core.errors import RequestError

MOST = 1_000
"""Places of a quotation that are counted; no message needs to know more exactly."""
_ADD = "Add more of the words that stand before or after it (prefix, suffix)."


@dataclass(frozen=True)
class Selection:
    """A stretch of a text, 0 <= start <= end, in characters."""

    start: int
    end: int


def select(text: str, quote: str, prefix: str = "", suffix: str = "") -> Selection:
    """The one place where `quote` stands between `prefix` and `suffix`.

    Where there is none, a place counts that differs in white space only, if it is the only one.
    Without a quotation the whole text is meant.

    Raises:
        RequestError: there is no such place, or more than one; the message says how many.
    """
    if not quote.strip():
        if prefix.strip() or suffix.strip():
            raise RequestError("a prefix or a suffix without a quote", "Quote the selected words.")
        return Selection(0, len(text))
    places = _places(text, prefix + quote + suffix)
    if len(places) == 1:
        start = places[0] + len(prefix)
        return Selection(start, start + len(quote))
    if places:
        raise _ambiguous(places)
    return _loosely(text, quote, prefix, suffix)


def select_at(text: str, start: int, end: int | None, quote: str = "") -> Selection:
    """What stands between two offsets, however often it stands elsewhere.

    Args:
        text: the whole text.
        start: in code points.
        end: likewise; None: the end of the text.
        quote: what is to stand there; empty: whatever does.

    Raises:
        RequestError: the text does not reach so far, or other words stand there.
    """
    stop = len(text) if end is None else end
    if not 0 <= start <= stop <= len(text):
        raise RequestError(
            f"there is nothing from {start:,} to {stop:,} in a text of {len(text):,} characters",
            "Give start and end in characters of the present text.",
        )
    if quote and text[start:stop] != quote:
        raise RequestError(
            "other words stand there than those quoted",
            "Send the offsets of the present text, or quote without offsets.",
        )
    return Selection(start, stop)


def _loosely(text: str, quote: str, prefix: str, suffix: str) -> Selection:
    """As `select`, white space set aside on both sides."""
    before, wanted, after = map(_dense, (prefix, quote, suffix))
    dense = _dense(text)
    places = _places(dense, before + wanted + after)
    if len(places) > 1:
        raise _ambiguous(places)
    if not places:
        raise _missing(len(_places(dense, wanted)))
    first = places[0] + len(before)
    return Selection(_offset(text, first), _offset(text, first + len(wanted) - 1) + 1)


def _dense(text: str) -> str:
    return "".join(text.split())


def _offset(text: str, number: int) -> int:
    """Where the character with this number, from 0, stands if white space is not counted."""
    counted = accumulate(not character.isspace() for character in text)
    return next(at for at, count in enumerate(counted) if count > number)


def _places(text: str, wanted: str) -> list[int]:
    """Where `wanted` begins, overlapping places too; at most one more than `MOST`."""
    found: list[int] = []
    at = text.find(wanted)
    while at >= 0 and len(found) <= MOST:
        found.append(at)
        at = text.find(wanted, at + 1)
    return found


def _ambiguous(places: list[int]) -> RequestError:
    times = f"{len(places)} times" if len(places) <= MOST else f"more than {MOST:,} times"
    return RequestError(f"the quoted words stand in the text {times}", _ADD)


def _missing(elsewhere: int) -> RequestError:
    if not elsewhere:
        return RequestError(
            "the quoted words do not stand in the text",
            "Quote them exactly as they stand there, and send the present text.",
        )
    times = "once" if elsewhere == 1 else f"{elsewhere} times"
    return RequestError(
        f"the quoted words stand in the text {times}, but not between that prefix and suffix",
        "Give prefix and suffix exactly as they stand there.",
    )
