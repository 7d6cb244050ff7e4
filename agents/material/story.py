"""What went before in a book, within a fixed room: the nearest in full, the distant shortened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agents.material.kinds import Material
from agents.run.context import WritingContext
from domain.outline.plan import Outline, Part, SectionPlan
from domain.text.counter import Counter, count
from evaluators.trimming import head_to
from storage import summaries

NEAR = 480
FAR = 320
"""Counted units for the chapters of the same division, and for the divisions before it."""
LEAST = 12
"""Counted units: what would be shown with fewer is left out."""


@dataclass(frozen=True)
class Before:
    """What stands before a chapter, the nearest first: headings by the keys of summaries."""

    chapters: dict[str, str]
    """Of the same division."""
    divisions: dict[str, str]


async def story(ctx: WritingContext, outline: Outline, part: Part) -> tuple[str, ...]:
    """What was said before a chapter, the nearest first; nothing where nothing is summed up.

    Never longer than `NEAR` and `FAR` together and a heading for each, however long the book is.
    """
    place = before(outline, part)
    keys = (*place.chapters, *place.divisions)
    if not ctx.strategy.lazy or not keys:
        return ()
    known = await ctx.db.run(lambda s: summaries.of(s, ctx.document_id, keys), write=False)
    told: list[str] = []
    for group, room in ((place.chapters, NEAR), (place.divisions, FAR)):
        there = {key: heading for key, heading in group.items() if known.get(key)}
        texts = within([known[key] for key in there], room, ctx.request.length.counter)
        told += [
            f'{key}, "{heading}": {text}'
            for (key, heading), text in zip(there.items(), texts, strict=False)
        ]
    return tuple(told)


async def story_so_far(
    ctx: WritingContext, outline: Outline, section: SectionPlan
) -> Material | None:
    """The nearest of it, as a material of a section: what stands just before its chapter.

    The plan of the chapter was made with all of it. Every section would pay for the rest, and the
    more the longer the book is.
    """
    pieces = await story(ctx, outline, outline.part_of(section.key))
    return Material("story", pieces[:1]) if pieces else None


def before(outline: Outline, part: Part) -> Before:
    """What stands before a chapter, or before a division that is not planned yet."""
    own = [chapter for chapter in outline.chapters(part.division) if not chapter.is_division]
    keys = [chapter.key for chapter in own]
    chapters = own[: keys.index(part.key)] if part.key in keys else own
    divisions = [division.key for division in outline.divisions]
    at = divisions.index(part.division) if part.division in divisions else 0
    return Before(
        {each.key: each.heading for each in reversed(chapters)},
        {each.key: each.heading for each in reversed(outline.divisions[:at])},
    )


def within(texts: Sequence[str], room: int, counter: Counter) -> list[str]:
    """As many of the texts as there is room for, each but the last in half of what is left.

    Args:
        texts: the most important first.
        room: counted units of all that is returned; a text is cut at the end of a sentence.
        counter: of the document.
    """
    kept: list[str] = []
    for number, text in enumerate(texts, start=1):
        share = room if number == len(texts) else room // 2
        part = head_to(text, share, counter) if share >= LEAST else ""
        if not part:
            break
        kept.append(part)
        room -= count(part, counter)
    return kept
