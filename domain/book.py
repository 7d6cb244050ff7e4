"""How many divisions and chapters a book has; when a document is one."""

from __future__ import annotations

from core.setting_groups import BookSettings
from domain.budget import section_count
from domain.outline import Division, Outline, Part

MOST_DIVISIONS = 40
"""A planner keeps no more apart; a longer book has more chapters in each."""
FEWEST_DIVISIONS = 2
SHOWN = 9
"""Divisions that a prompt names."""


def is_book(target: int, book: BookSettings) -> bool:
    """Whether a document of `target` counted units has divisions above its parts."""
    return target > book.longer_than


def division_count(target: int, book: BookSettings) -> int:
    """Divisions of a book of `target` counted units."""
    chapters = section_count(target)[1] / book.chapter_sections
    return min(MOST_DIVISIONS, max(FEWEST_DIVISIONS, round(chapters / book.division_chapters)))


def chapter_count(share: int, target: int, book: BookSettings) -> int:
    """Chapters of a division that has `share` of the `target` units of its book."""
    sections = share * section_count(target)[1] / target
    return max(1, round(sections / book.chapter_sections))


def divisions_near(outline: Outline, key: str) -> tuple[Division, ...]:
    """At most `SHOWN` neighbouring divisions around one; none in a document without."""
    keys = [division.key for division in outline.divisions]
    if key not in keys:
        return ()
    begin = max(0, min(keys.index(key) - SHOWN // 2, len(keys) - SHOWN))
    return outline.divisions[begin : begin + SHOWN]


def shown_plan(outline: Outline, key: str) -> tuple[Division | Part, ...]:
    """What a prompt about a section shows of the plan above its siblings.

    All parts; of a book the divisions around its own, and the chapters of its own.
    """
    division = outline.part_of(key).division
    return (*divisions_near(outline, division), *outline.chapters(division))
