"""Who drafts the whole document before its sections are written out.

Source: Self-Lengthen (arXiv 2410.23933), whose extender makes a short answer richer part by part;
here at inference time, with the outline's sections for parts, all at once.
"""

from __future__ import annotations

from agents.run.calls import UNREPAIRED, Composed, ask
from agents.run.context import WritingContext
from agents.writer.window import MARGIN, answer_room
from core.errors import ContextOverflowError
from domain.outline.plan import Outline
from domain.outline.sketch import Sketch, length_of, read_sketch
from storage import journal

STEP = "sketch"
_OVERRUN = 2.0


async def draw_sketch(ctx: WritingContext, outline: Outline) -> None:
    """Have the draft written and stored, unless it is; the run goes on without if none comes.

    Very small models get none: their prompts have no room for it.

    Raises:
        LLMError: the endpoint cannot be used at present.
    """

    async def compose() -> Composed:
        units = length_of(outline.target)
        prompt = ctx.prompts.render(
            "writer/sketch",
            ctx.fence,
            language=ctx.language_name,
            prompt=ctx.request.prompt,
            kind=ctx.request.kind,
            audience=ctx.request.audience,
            tone=ctx.request.tone,
            title=outline.title,
            sections=outline.sections,
            length=ctx.phrase(units),
        )
        room = answer_room(ctx, "writer", units, _OVERRUN)
        used = ctx.tokens.budget_count(prompt.system + prompt.user)
        if used + room + MARGIN > ctx.window("writer"):
            raise ContextOverflowError(f"a plan of {used:,} tokens leaves no room for a draft")
        return Composed(
            prompt, max_tokens=room, temperature=ctx.temperature, seed=ctx.seed(STEP),
            context={"asked": units},
        )  # fmt: skip

    if ctx.compact("writer"):
        return
    try:
        await ask(ctx, STEP, "writer", compose)
    except UNREPAIRED:
        return


async def stored_sketch(ctx: WritingContext, outline: Outline) -> Sketch | None:
    """The draft as it is in the journal; None where the strategy needs none or none came."""
    if not ctx.strategy.sketches:
        return None
    call = await ctx.db.run(lambda s: journal.find(s, ctx.run_id, STEP), write=False)
    if call is None or not call.text:
        return None
    return read_sketch(call.text, [section.key for section in outline.sections])
