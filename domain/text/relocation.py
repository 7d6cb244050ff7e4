"""Knows where a passage of one text stands in a later version of it, if it still does."""

from __future__ import annotations

from domain.text.splices import common

AROUND = 80
"""Characters before and after a passage that tell its recurrences apart."""
MOST = 200
"""Recurrences that are looked at."""

Span = tuple[int, int]


def relocate(old: str, new: str, span: Span) -> Span | None:
    """Where the words at `span` of `old` stand in `new`; None where they do not any more.

    Of several places the one counts whose surroundings are most alike, then the nearest. What is
    found spells exactly what was looked for.

    Args:
        old: the text that the offsets are of.
        new: a later version of it.
        span: 0 <= start < end <= len(old), in code points.
    """
    start, end = span
    if not 0 <= start < end <= len(old):
        return None
    if old == new:
        return span
    wanted = old[start:end]
    places = _places(new, wanted)
    if not places:
        return None
    best = max(places, key=lambda at: (_alike(old, span, new, at), -abs(at - start)))
    return best, best + len(wanted)


def _places(text: str, wanted: str) -> list[int]:
    found: list[int] = []
    at = text.find(wanted)
    while at >= 0 and len(found) < MOST:
        found.append(at)
        at = text.find(wanted, at + 1)
    return found


def _alike(old: str, span: Span, new: str, at: int) -> int:
    """Characters that the surroundings of both places have in common."""
    start, end = span
    stop = at + end - start
    before = old[max(0, start - AROUND) : start][::-1], new[max(0, at - AROUND) : at][::-1]
    after = old[end : end + AROUND], new[stop : stop + AROUND]
    return common(*before) + common(*after)
