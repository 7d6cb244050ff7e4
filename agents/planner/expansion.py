"""Who plans a text from its summary: headings by the planner, everything else by the summary."""

from __future__ import annotations

from collections.abc import Sequence

from agents.planner.asking import composed, plan
from agents.planner.reply import OutlineForm, PlannedSection
from agents.run.calls import Composed
from agents.run.context import WritingContext
from domain.expansion import divided
from domain.length.budget import apportion
from domain.outline.plan import Outline, OutlineSource, Part, SectionPlan
from domain.text.counter import count

AT_ONCE = 10
"""Sections whose headings one call finds."""


async def plan_expansion(ctx: WritingContext) -> Outline:
    """The plan of a text that says all that its summary says, in its order.

    Every statement is a key point of one section. The planner finds the title and the headings;
    where it finds none, they are made by rule.

    Raises:
        LLMError: the endpoint cannot be used at all.
    """
    what = ctx.options.expansion
    assert what is not None
    target = ctx.request.length.aim
    groups = divided(what.statements, target)
    weights = [sum(max(1, count(x)) for x in group) for group in groups]
    shares = apportion(target, weights, low=min(20, target // len(groups)))
    title, parts = "", list[Part]()
    source: OutlineSource = "schema"
    taken: set[str] = set()
    for first in range(0, len(groups), AT_ONCE):
        batch = groups[first : first + AT_ONCE]
        found, items, source = await _named(ctx, batch, first)
        title = title or found
        for at, item in enumerate(items):
            key, own = str(first + at + 1), batch[at]
            heading = _fresh(item.heading, taken)
            point, share = item.point or own[0], shares[first + at]
            leaf = SectionPlan(key, heading, point, share, tuple(own))
            parts.append(Part(key, heading, point, share, (leaf,), source))
    return Outline(title, target, tuple(parts), source)


async def _named(
    ctx: WritingContext, groups: Sequence[Sequence[str]], number: int
) -> tuple[str, list[PlannedSection], OutlineSource]:
    """Title, and a heading and a point for each group of statements."""
    size = len(groups)
    compact = ctx.compact("planner")
    form = OutlineForm(
        count=size, fewest=size, most=size, titled=not number, with_points=False, even=True,
        bounded=compact,
    )  # fmt: skip

    def first(step: str, attempt: int) -> Composed:
        prompt = ctx.prompts.render(
            "planner/expansion",
            ctx.fence,
            prompt=ctx.request.prompt,
            text="\n\n".join(f"{n}. {' '.join(group)}" for n, group in enumerate(groups, 1)),
            count=size,
            titled=form.titled,
            unit=ctx.request.unit,
            language=ctx.language_name,
        )
        return composed(ctx, prompt, form, step, attempt)

    reply, source = await plan(ctx, f"plan/expansion/{number}", form, first, None)
    return reply.title, reply.sections, source


def _fresh(heading: str, taken: set[str]) -> str:
    name, number = heading, 1
    while name.casefold() in taken:
        number += 1
        name = f"{heading} {number}"
    taken.add(name.casefold())
    return name
