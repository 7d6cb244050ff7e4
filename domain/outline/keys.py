"""Knows which keys a plan has given to its parts and sections, and which come next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from domain.outline.plan import Outline

_FIRST = re.compile(r"\d{1,9}")


def keys_of(outline: Outline) -> Iterator[str]:
    """The key of every division, part and section."""
    yield from (division.key for division in outline.divisions)
    for part in outline.parts:
        yield part.key
        yield from (section.key for section in part.sections)


def new_keys(known: Iterable[str]) -> Iterator[str]:
    """Numbers behind all that were ever given."""
    numbers = [int(found[0]) for key in known if (found := _FIRST.match(key))]
    number = max(numbers, default=0)
    while True:
        number += 1
        yield str(number)
