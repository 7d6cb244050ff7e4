"""Knows how places in a text are counted elsewhere: in UTF-16 code units, as editors do."""

from __future__ import annotations

from bisect import bisect_left


class Utf16:
    """Turns offsets in characters (code points) into offsets in UTF-16 code units.

    A character beyond U+FFFF, such as most emoji, takes two.
    """

    def __init__(self, text: str) -> None:
        self._wide = [at for at, character in enumerate(text) if character > "\uffff"]
        self.length = len(text) + len(self._wide)

    def at(self, offset: int) -> int:
        """The offset in code units; `offset` lies within the text."""
        return offset + bisect_left(self._wide, offset)
