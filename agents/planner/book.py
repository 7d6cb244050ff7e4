"""Who plans a book below its divisions: a division's chapters, a chapter's sections, in turn."""

from __future__ import annotations

from collections.abc import Sequence

from agents.material.kinds import GAP
from agents.material.story import story
from agents.planner.asking import Composer, composing, plan
from agents.planner.contracts import chapters_form, make_chapters, make_part, part_form
from agents.planner.notes import Told, told
from agents.planner.reply import OutlineForm
from agents.planner.skeleton import plan_part
from agents.run.context import WritingContext
from agents.run.milestones import current_outline, store_chapters, store_part
from agents.run.together import together
from domain.constraints.constraint import numbered
from domain.outline.book import chapter_count, chapters_of, divisions_near, sections_of
from domain.outline.plan import Division, Outline, Part
from prompts.library import Prompt


async def plan_below(ctx: WritingContext, key: str) -> tuple[Part, ...]:
    """Plan what stands at `key` as far as it is to be planned now, unless it is; store it.

    A division gets its chapters. Where the strategy is lazy, its first chapter gets its sections
    too; else all of them do, at the same time.

    Returns:
        The parts that have sections now.

    Raises:
        LLMError: the endpoint cannot be used at all.
        StaleHolderError: another process holds the run.
    """
    outline = await current_outline(ctx)
    part = outline.part(key)
    if not part.is_division:
        return (await _planned(ctx, part),)
    division = outline.division(key)
    chapters = await _chapters(ctx, outline, division)
    outline = await store_chapters(ctx, key, chapters)
    chapters = outline.chapters(key)
    now = chapters[:1] if ctx.strategy.lazy else chapters
    return tuple(await together(_planned(ctx, chapter) for chapter in now))


async def _planned(ctx: WritingContext, part: Part) -> Part:
    """A part with its sections, stored."""
    if part.sections:
        return part
    outline = await current_outline(ctx)
    planned = await _sections(ctx, outline, part)
    await store_part(ctx, planned)
    return planned


async def _chapters(ctx: WritingContext, outline: Outline, division: Division) -> tuple[Part, ...]:
    exact = numbered(ctx.request.demands, "part")
    asked = chapter_count(division.target, outline.target, ctx.policy.book)
    count = chapters_of(outline, outline.part(division.key)) if exact else asked
    form = chapters_form(count, exact=exact)
    before = await story(ctx, outline, outline.part(division.key))
    known = await told(ctx, outline, division.key)
    first = _composer(ctx, outline, division, (), before, known, form)
    reply, source = await plan(ctx, f"plan/division/{division.key}", form, first, division, known)
    return make_chapters(outline.target, division, reply, source)


async def _sections(ctx: WritingContext, outline: Outline, part: Part) -> Part:
    if not part.division:
        return await plan_part(ctx, outline, part)
    exact = numbered(ctx.request.demands, "section")
    form = part_form(sections_of(outline, part), exact=exact)
    before, chapters = await story(ctx, outline, part), outline.chapters(part.division)
    known = await told(ctx, outline, part.key)
    first = _composer(ctx, outline, part, chapters, before, known, form)
    reply, source = await plan(ctx, f"plan/part/{part.key}", form, first, part, known)
    return make_part(part, reply, source)


def _composer(
    ctx: WritingContext,
    outline: Outline,
    within: Division | Part,
    chapters: Sequence[Part],
    before: Sequence[str],
    known: Told,
    form: OutlineForm,
) -> Composer:
    """What composes the call that divides `within`: a division, or one of the chapters."""
    key = within.division if isinstance(within, Part) else within.key

    def rendered(notes: str) -> Prompt:
        return ctx.prompts.render(
            "planner/book",
            ctx.fence,
            prompt=ctx.request.prompt,
            title=outline.title,
            divisions=divisions_near(outline, key),
            chapters=chapters,
            part=within,
            story=GAP.join(before),
            count=form.count,
            total=ctx.phrase(within.target),
            unit=ctx.request.unit,
            language=ctx.language_name,
            notes=notes,
            only_sources=ctx.request.only_sources,
        )

    return composing(ctx, known, form, rendered)
