"""The review of a finished text: its sections, the whole, what contradicts itself, the seams."""

from __future__ import annotations

from agents.review.continuity import mend_contradictions
from agents.review.demands import meet_demands
from agents.review.document import review_document, void_verdict
from agents.review.seams import mend_seams
from agents.review.section import review_section
from agents.run.context import WritingContext
from agents.run.milestones import set_status
from agents.run.together import together
from domain.run import RunStatus


async def review_text(ctx: WritingContext) -> None:
    """Judge and mend what is written; what this run has reviewed already is left alone.

    A text with sections that failed is not judged: the run goes on with those first. Where one
    section is written anew in a finished document, only that one is judged.

    Raises:
        LLMError: the endpoint cannot be used at present; nothing is lost.
        StaleHolderError: another process holds the run.
    """
    stored = await ctx.standings()
    if not all(ctx.is_written(section) for section in stored):
        return
    if ctx.request.rounds:
        await set_status(ctx, RunStatus.REVIEWING)
        await together(review_section(ctx, section.key) for section in stored)
        if len(stored) > 1:
            await (review_document(ctx) if ctx.options.redo is None else void_verdict(ctx))
        await mend_contradictions(ctx)
    await meet_demands(ctx)
    await mend_seams(ctx)
