"""The text that a run goes on from: its sections, what the writer sees of it, what is no copy."""

from __future__ import annotations

from agents.material.kinds import Material
from agents.run.context import WritingContext
from domain.outline.plan import Outline, SectionPlan
from domain.text.digest import digest, ending
from storage import outlines, sections
from storage.sections import StoredSection


async def earlier_sections(ctx: WritingContext) -> list[StoredSection]:
    """The sections that were there before the run began, in reading order; none in other runs."""
    what = ctx.options.continuation
    if what is None:
        return []
    if not what.reference:
        kept = set(what.kept)
        return [section for section in await ctx.sections() if section.key in kept]
    found = await ctx.db.run(lambda s: sections.all_of(s, what.reference), write=False)
    return [section for section in found if section.text]


async def earlier_outline(ctx: WritingContext) -> Outline | None:
    """The plan of a text that goes before a document without being part of it."""
    what = ctx.options.continuation
    if what is None or not what.reference:
        return None
    return await ctx.db.run(lambda s: outlines.latest(s, what.reference), write=False)


async def story(ctx: WritingContext, outline: Outline, section: SectionPlan) -> Material | None:
    """The end of the text that goes before, and the first sentences of its sections.

    None where the strategy shows the text itself.
    """
    what = ctx.options.continuation
    if what is None or (ctx.strategy.carries and not what.reference):
        return None
    before = await earlier_sections(ctx)
    if not before:
        return None
    last = ending(before[-1].text)
    pieces = [f"… {last}", *digest([(one.heading, one.text) for one in before])]
    return Material("story", tuple(pieces))
