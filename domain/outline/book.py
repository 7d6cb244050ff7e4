"""When a document is a book, how many divisions and chapters it has, what prompts name of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from core.setting_groups import BookSettings
from domain.length.budget import apportion, leaves_in, section_count
from domain.outline.plan import Division, Outline, Part

MOST_DIVISIONS = 40
"""A planner keeps no more apart; a longer book has more chapters in each."""
FEWEST_DIVISIONS = 2
SHOWN = 9
"""Divisions that a prompt names."""
Item = TypeVar("Item", Division, Part)


def is_book(target: int, book: BookSettings) -> bool:
    """Whether a document of `target` counted units has divisions above its parts."""
    return target > book.longer_than


def division_count(target: int, book: BookSettings) -> int:
    """Divisions of a book of `target` counted units."""
    chapters = section_count(target)[1] / book.chapter_sections
    return min(MOST_DIVISIONS, max(FEWEST_DIVISIONS, round(chapters / book.division_chapters)))


def chapter_count(share: int, target: int, book: BookSettings) -> int:
    """Chapters of a division that has `share` of the `target` units of its book."""
    sections = share * section_count(target)[1] / max(1, target)
    return max(1, round(sections / book.chapter_sections))


def section_counts(targets: Sequence[int], total: int) -> list[int]:
    """How many sections a division's chapters have, by their lengths; its own number in all.

    Args:
        targets: the chapters' lengths in counted units.
        total: the book's.
    """
    return apportion(max(len(targets), leaves_in(sum(targets), total)), targets)


def sections_of(outline: Outline, part: Part) -> int:
    """How many sections a part has, or is to have."""
    if part.sections:
        return len(part.sections)
    if part.is_division or not part.division:
        return leaves_in(part.target, outline.target)
    chapters = outline.chapters(part.division)
    counts = section_counts([chapter.target for chapter in chapters], outline.target)
    return counts[chapters.index(part)]


def chapters_of(outline: Outline, part: Part) -> int:
    """How many chapters stand, or are to stand, where a part does: more than one in a division.

    The settings of a run do not change them: demands that count chapters are given out by them.
    """
    book = BookSettings()
    return chapter_count(part.target, outline.target, book) if part.is_division else 1


def divisions_near(outline: Outline, key: str) -> tuple[Division, ...]:
    """At most `SHOWN` neighbouring divisions around one; none in a document without."""
    keys = [division.key for division in outline.divisions]
    if key not in keys:
        return ()
    begin = max(0, min(keys.index(key) - SHOWN // 2, len(keys) - SHOWN))
    return outline.divisions[begin : begin + SHOWN]


def shown_divisions(outline: Outline, key: str) -> tuple[Division, ...]:
    """The divisions that a prompt about a section names."""
    own = outline.part_of(key).division
    return tuple(_distant_in_short(divisions_near(outline, own), own))


def shown_chapters(outline: Outline, key: str) -> tuple[Part, ...]:
    """The parts that a prompt about a section names: all, of a book those of its own division."""
    part = outline.part_of(key)
    if not part.division:
        return outline.parts
    return tuple(_distant_in_short(outline.chapters(part.division), part.key))


def shown_plan(outline: Outline, key: str) -> tuple[Division | Part, ...]:
    """What a prompt about a section shows of the plan above its siblings."""
    return (*shown_divisions(outline, key), *shown_chapters(outline, key))


def _distant_in_short(items: Sequence[Item], own: str) -> Iterator[Item]:
    """The items; those that are not beside the own one with their heading only."""
    at = [item.key for item in items].index(own) if items else 0
    for number, item in enumerate(items):
        yield item if abs(number - at) <= 1 else replace(item, point="")
