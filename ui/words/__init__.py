"""Every text that the page shows of its own accord, by language and name."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module

from core.errors import RequestError

Words = Mapping[str, str]

PAGES = tuple(
    import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)
)
"""The modules here: each has `ENGLISH` and `CHINESE`, with the same names and places to fill in."""


def _all(language: str) -> dict[str, str]:
    return {name: text for page in PAGES for name, text in getattr(page, language).items()}


LANGUAGES: dict[str, Words] = {"en": _all("ENGLISH"), "zh": _all("CHINESE")}


def words_in(language: str = "en") -> Words:
    """The page's words in a language; raises RequestError naming those there are."""
    try:
        return LANGUAGES[language]
    except KeyError:
        raise RequestError(
            f"the page does not speak {language!r}", f"Use one of: {', '.join(LANGUAGES)}."
        ) from None
