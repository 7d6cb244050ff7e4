"""Who plans one item of an outline anew, as a person wishes; all others stay."""

from __future__ import annotations

from dataclasses import replace

from agents.planner.asking import composing, plan
from agents.planner.contracts import distinct, make_part
from agents.planner.notes import told
from agents.planner.reply import OutlineForm
from agents.run.context import WritingContext
from core.errors import FormatError, NotFoundError
from domain.outline.book import divisions_near
from domain.outline.plan import Division, Outline, Part, SectionPlan
from prompts.library import Prompt


def item_of(outline: Outline, key: str) -> tuple[Part, SectionPlan | None]:
    """The part with this key, or the part that holds this section, and the section.

    Raises:
        NotFoundError: there is none.
    """
    for part in outline.parts:
        if part.key == key:
            return part, None
        for section in part.sections:
            if section.key == key:
                return part, section
    there = ", ".join(part.key for part in outline.parts)
    raise NotFoundError(f"the outline has no item {key!r}", f"There are: {there}.")


async def replan(ctx: WritingContext, outline: Outline, key: str, wish: str, step: str) -> Outline:
    """The outline with one item planned anew, as long as before.

    A part with several sections gets as many new ones; anything else a new heading, main point
    and key points.

    Args:
        ctx: the run.
        outline: the plan as it is.
        key: of a part or a section.
        wish: what is to be different.
        step: the calls' name in the journal.

    Raises:
        NotFoundError: there is no such item.
        FormatError: the model gave no plan.
        LLMError: the endpoint cannot be used.
    """
    part, section = item_of(outline, key)
    item = section or part
    count = 1 if section else max(1, len(part.sections))
    form = OutlineForm(
        count, fewest=count, most=count, titled=False, with_points=True, bounded=False, even=False
    )

    known = await told(ctx, outline, key)

    def rendered(notes: str) -> Prompt:
        return ctx.prompts.render(
            "planner/item",
            ctx.fence,
            prompt=ctx.request.prompt,
            title=outline.title,
            items=[*_around(outline, part), *(part.sections if section else ())],
            key=key,
            heading=item.heading,
            count=count,
            total=ctx.phrase(item.target),
            unit=ctx.request.unit,
            wish=wish,
            language=ctx.language_name,
            notes=notes,
            only_sources=ctx.request.only_sources,
        )

    first = composing(ctx, known, form, rendered)
    reply, source = await plan(ctx, step, form, first, part, known)
    if source == "fallback":
        raise FormatError("the model gave no plan for this item", "Say it otherwise, or try again.")
    if count > 1:
        return outline.with_part(distinct(outline, make_part(part, reply, source)))
    new = reply.sections[0]
    if part.is_division:
        division = outline.division(key)
        return outline.with_division(replace(division, heading=new.heading, point=new.point))
    planned = SectionPlan(key, new.heading, new.point, item.target, tuple(new.key_points))
    if section is None or len(part.sections) == 1:
        changed = replace(part, heading=new.heading, point=new.point, sections=(planned,))
    else:
        own = tuple(planned if old.key == key else old for old in part.sections)
        changed = replace(part, sections=own)
    return outline.with_part(replace(changed, source=source))


def _around(outline: Outline, part: Part) -> list[Division | Part]:
    """What a prompt shows of the plan: in a book the divisions, and the part's own chapters."""
    chapters = outline.chapters(part.division)
    own = () if part.is_division else chapters
    return [*divisions_near(outline, part.division), *own]
