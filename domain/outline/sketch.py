"""A short draft of a whole document, and which piece of it belongs to which section."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

MOST = 2500
"""Counted units of a draft at most: what models write in one answer without losing the thread."""
SHARE = 0.4
"""Of the document's length, where that is less."""

_MARK = re.compile(r"^[#*_\s]{0,8}\[(\d{1,4}(?:\.\d{1,4}){0,2})\][*_:.\s]{0,8}(.*)$")


@dataclass(frozen=True)
class Sketch:
    """The draft, marks and all, and its pieces by section key; sections may be missing."""

    text: str
    pieces: Mapping[str, str]


def length_of(target: int) -> int:
    """Counted units to draft for a document of `target`."""
    return max(1, min(MOST, round(target * SHARE)))


def read_sketch(text: str, keys: Collection[str]) -> Sketch:
    """Take a draft apart at its marks; of a key that comes twice the first piece counts."""
    pieces: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        found = _MARK.match(line)
        if found and found[1] in keys:
            current = [found[2]] if found[2] else []
            pieces.setdefault(found[1], current)
        else:
            current.append(line)
    joined = {key: "\n".join(lines).strip() for key, lines in pieces.items()}
    return Sketch(text.strip(), {key: piece for key, piece in joined.items() if piece})
