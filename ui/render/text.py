"""Texts of any origin as Markdown that shows them letter by letter."""

from __future__ import annotations

import re

from core.errors import LongleafError
from ui.messages import said

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~$!&])")


def plain(text: str) -> str:
    """The text as one line: servers and people choose words that must not become markup."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def problem(error: LongleafError, language: str) -> str:
    """An error in plain words of a language, with its remedy."""
    message = said(f"{error.message.rstrip('. ')}.", language)
    remedy = said(error.remedy, language)
    return f"**{plain(_capital(message))}** {plain(_capital(remedy))}".rstrip()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
