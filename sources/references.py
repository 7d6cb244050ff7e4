"""Knows how a reference list reads, in English and in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sources.citations import Reference
from sources.extract import Place

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#$~&])")
_MAX_TITLE = 200
_MAX_HEADING = 80
_HEADINGS = 2
"""Headings of a place that are told: the innermost."""


def heading(language: str) -> str:
    """What stands above the list."""
    return "参考文献" if _chinese(language) else "References"


def listed(references: Iterable[Reference], language: str) -> str:
    """The entries as Markdown, a paragraph each: number, title, page, headings.

    Args:
        references: of one document.
        language: the document's, as a tag; all but Chinese have the English form.
    """
    return "\n\n".join(_entry(reference, language) for reference in references)


def place_words(place: Place, language: str, title: str = "") -> str:
    """Where a passage stands: "p. 12, “Mills › Stone”"; empty where nothing is known of it.

    Args:
        place: in its source.
        language: of the words around it.
        title: the source's; a heading that says the same is left out.
    """
    names = [name for name in place.headings if name.casefold() != title.casefold()]
    path = " › ".join(_cut(name, _MAX_HEADING) for name in names[-_HEADINGS:])
    chinese = _chinese(language)
    page = f"第 {place.page} 页" if chinese else f"p. {place.page}"
    told = [page if place.page else "", f"“{path}”" if path else ""]
    return ("，" if chinese else ", ").join(filter(None, told))


def _entry(reference: Reference, language: str) -> str:
    title = _escaped(_cut(reference.title, _MAX_TITLE))
    place = _escaped(place_words(reference.place, language, reference.title))
    if _chinese(language):
        return f"[{reference.number}] 《{title}》{'，' if place else ''}{place}。"
    return f"[{reference.number}] *{title}*{', ' if place else ''}{place}."


def _cut(text: str, most: int) -> str:
    """One line, cut where it is too long."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def _escaped(text: str) -> str:
    """Text in which Markdown has no meaning: it comes from a file."""
    return _SPECIAL.sub(r"\\\1", text)


def _chinese(language: str) -> bool:
    return language.lower().partition("-")[0] == "zh"
