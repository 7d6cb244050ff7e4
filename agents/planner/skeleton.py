"""Who plans: a lean skeleton first, then each part's sections."""

from __future__ import annotations

from agents.planner.asking import composing, plan
from agents.planner.contracts import (
    book_form,
    make_book,
    make_part,
    make_skeleton,
    part_form,
    skeleton_form,
)
from agents.planner.notes import told
from agents.run.context import WritingContext
from domain.constraints.constraint import numbered
from domain.constraints.duties import wanted
from domain.outline.book import is_book, sections_of
from domain.outline.plan import Outline, Part
from prompts.library import Prompt


async def plan_skeleton(ctx: WritingContext) -> Outline:
    """The first stage. Raises LLMError only if the endpoint cannot be used at all."""
    target = ctx.request.length.aim
    compact = ctx.compact("planner")
    divided = is_book(target, ctx.policy.book)
    if divided:
        form = book_form(target, ctx.policy.book, compact=compact)
    else:
        form = skeleton_form(target, compact=compact)
    request, known = ctx.request, await told(ctx)

    def rendered(notes: str) -> Prompt:
        return ctx.prompts.render(
            "planner/skeleton",
            ctx.fence,
            compact=compact,
            prompt=request.prompt,
            kind=request.kind,
            audience=request.audience,
            tone=request.tone,
            must_include=wanted(request.demanded),
            count=form.count,
            total=ctx.phrase(target),
            unit=ctx.request.unit,
            with_points=form.with_points,
            divided=divided,
            language=ctx.language_name,
            notes=notes,
            only_sources=request.only_sources,
        )

    first = composing(ctx, known, form, rendered)
    reply, source = await plan(ctx, "plan/skeleton", form, first, None, known)
    return (make_book if divided else make_skeleton)(reply, target, source)


async def plan_part(ctx: WritingContext, outline: Outline, part: Part) -> Part:
    """The second stage, for a part longer than a section."""
    exact = numbered(ctx.request.demands, "section")
    form = part_form(sections_of(outline, part), exact=exact)
    known = await told(ctx, outline, part.key)

    def rendered(notes: str) -> Prompt:
        return ctx.prompts.render(
            "planner/part",
            ctx.fence,
            prompt=ctx.request.prompt,
            title=outline.title,
            parts=outline.parts,
            part=part,
            count=form.count,
            total=ctx.phrase(part.target),
            unit=ctx.request.unit,
            language=ctx.language_name,
            notes=notes,
            only_sources=ctx.request.only_sources,
        )

    first = composing(ctx, known, form, rendered)
    reply, source = await plan(ctx, f"plan/part/{part.key}", form, first, part, known)
    return make_part(part, reply, source)
