"""What a document of the corpora is made of: one subject, told in several forms."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Material:
    """Clean prose on one subject, written by hand."""

    title: str
    headings: tuple[str, str, str]
    paragraphs: tuple[str, str, str, str, str, str]
    """Two for each heading."""
    items: tuple[str, ...]
    items_intro: str
    table: str
    quote: str
    dialogue: str
    poem: str
    references: tuple[str, ...]
    code: str = ""
