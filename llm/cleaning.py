"""Knows how a model's text is made clean: its characters and its line ends."""

from __future__ import annotations

import re

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffd\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Cleaner:
    """Cleans a text that comes in pieces.

    Joins surrogate pairs, drops lone halves, control and replacement characters, and makes every
    line end a plain line feed.
    """

    def __init__(self) -> None:
        self._carry = ""

    def feed(self, delta: str) -> str:
        """The clean text of this piece; a trailing half (CR, high surrogate) waits for the next."""
        text = self._carry + delta
        self._carry = ""
        if text and (text[-1] == "\r" or "\ud800" <= text[-1] <= "\udbff"):
            text, self._carry = text[:-1], text[-1]
        return clean_text(text)

    def close(self) -> str:
        """What still waits, clean."""
        rest, self._carry = self._carry, ""
        return clean_text(rest)


def clean_text(text: str) -> str:
    """A whole text without lone surrogates and control characters, with plain line feeds."""
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
