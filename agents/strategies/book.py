"""One chapter after the other, the sections of each at once: for books."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import takewhile

from agents.strategies.parallel import Parallel
from domain.outline.plan import Outline


class Book(Parallel):
    """Each chapter is planned when those before it are written, and sees them summed up.

    Sections inside a chapter know each other by their contracts, as with `parallel`: in order they
    would read little better and take as many times longer as a chapter has sections. In a document
    without divisions there is nothing to plan later, and its parts are written in order.
    """

    name = "book"
    summary = "chapter after chapter, each planned from what is written so far: for whole books"
    lazy = True

    def ready(self, outline: Outline, written: Collection[str]) -> list[str]:
        """What is missing of the first chapter that is not finished; nothing if it is no plan."""
        for part in outline.parts:
            missing = [section.key for section in part.sections if section.key not in written]
            if missing or not part.sections:
                return missing
        return []

    def settled(self, outline: Outline, key: str) -> Sequence[str]:
        """Those of the chapters before its own."""
        before = takewhile(lambda part: part is not outline.part_of(key), outline.parts)
        return [section.key for part in before for section in part.sections]
