"""Who plans how a text goes on: the further sections, from the plan and a digest of what is there.

What is there stays as it is; only what is added is planned, under keys that nothing has had.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from agents.material.earlier import earlier_outline, earlier_sections
from agents.planner.asking import TOKENS_WITH_POINTS, composed, plan
from agents.planner.contracts import make_skeleton, skeleton_form
from agents.planner.notes import Told, told, with_notes
from agents.planner.reply import OutlineForm
from agents.run.calls import Composed
from agents.run.context import WritingContext
from agents.writer.window import MARGIN
from core.errors import ContextOverflowError
from domain.continuation import extended
from domain.outline.keys import keys_of, new_keys
from domain.outline.plan import Outline, Part
from domain.text.digest import digest, ending
from prompts.library import Prompt
from storage import outlines
from storage.sections import StoredSection

STEP = "plan/continuation"
_NOTED = 4
"""What is known of the sources may have one part of the planner's window in so many."""


async def plan_continuation(ctx: WritingContext, outline: Outline | None) -> Outline:
    """The plan of the document with what is to come.

    Args:
        ctx: the run, whose options say what is added.
        outline: of the text that is there; None where that is another document's.

    Raises:
        LLMError: the endpoint cannot be used at all.
    """
    what = ctx.options.continuation
    assert what is not None
    before = await earlier_sections(ctx)
    shown = outline or await earlier_outline(ctx)
    target = ctx.request.length.aim - (sum(x.words for x in before) if outline else 0)
    form = replace(skeleton_form(target, compact=ctx.compact("planner")), titled=outline is None)
    noted = await told(ctx)

    def first(step: str, attempt: int) -> Composed:
        prompt = _fitted(ctx, shown, before, form, target, noted)
        return composed(ctx, prompt, form, step, attempt)

    name = before[-1].heading if before else ""
    rest = None if outline is None else Part("", name, ctx.request.prompt[:400], target)
    reply, source = await plan(ctx, STEP, form, first, rest, noted)
    more = make_skeleton(reply, target, source)
    if outline is None:
        return more
    known = await ctx.db.run(lambda s: outlines.versions(s, ctx.document_id), write=False)
    taken = {key for _, plan_ in known for key in keys_of(plan_)}
    return extended(outline, more, list(islice(new_keys(taken), len(more.parts))))


def _fitted(
    ctx: WritingContext,
    outline: Outline | None,
    before: Sequence[StoredSection],
    form: OutlineForm,
    target: int,
    known: Told,
) -> Prompt:
    """The prompt with as much of the digest as there is room for: half of it, and half again.

    Where there are sources, the digest leaves them a part of the window.

    Raises:
        ContextOverflowError: not even the request fits.
    """
    lines = digest([(one.heading, one.text) for one in before])
    last = ending(before[-1].text) if before else ""
    answer = min(TOKENS_WITH_POINTS * (form.count + 2), ctx.window("planner") // 2)
    limit = ctx.window("planner") - answer - MARGIN
    kept = min(ctx.tokens.budget_count(known.notes), ctx.window("planner") // _NOTED)

    def rendered(notes: str) -> Prompt:
        return ctx.prompts.render(
            "planner/continuation",
            ctx.fence,
            prompt=ctx.request.prompt,
            title=outline.title if outline else "",
            so_far="\n".join(reversed(lines)),
            before=last,
            count=form.count,
            total=ctx.phrase(target),
            unit=ctx.request.unit,
            with_points=form.with_points,
            titled=form.titled,
            language=ctx.language_name,
            notes=notes,
            only_sources=ctx.request.only_sources,
        )

    while True:
        prompt = rendered("")
        used = ctx.tokens.budget_count(prompt.system + prompt.user)
        if used <= limit - (kept if lines else 0):
            return with_notes(ctx, known, answer, rendered)
        if not lines and not last:
            raise ContextOverflowError(f"a request of {used:,} tokens leaves no room for a plan")
        lines, last = (lines[: len(lines) // 2], last) if lines else ([], "")
