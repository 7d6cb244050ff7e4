"""Texts of any origin as Markdown that shows them letter by letter."""

from __future__ import annotations

import re

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~$!&])")


def plain(text: str) -> str:
    """A text as one line that Markdown shows as it is."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def problem(message: str, remedy: str = "") -> str:
    """An error and what can be done about it."""
    text = plain(message[:1].upper() + message[1:]).rstrip(". ")
    return f"**{text}.** {plain(remedy[:1].upper() + remedy[1:])}".rstrip()
