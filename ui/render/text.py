"""Texts of any origin as Markdown that shows them letter by letter."""

from __future__ import annotations

import re

from core.errors import LongleafError

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~$!&])")


def plain(text: str) -> str:
    """The text as one line: servers and people choose words that must not become markup."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def problem(error: LongleafError) -> str:
    """An error in plain words with its remedy."""
    message = error.message[:1].upper() + error.message[1:]
    remedy = error.remedy[:1].upper() + error.remedy[1:]
    return f"**{plain(message.rstrip('. '))}.** {plain(remedy)}".rstrip()
