"""What a run's document has said: its ledger, as far as it belongs to the plan."""

from __future__ import annotations

from agents.run.context import WritingContext
from domain.ledger.entries import Ledger, of_sections
from domain.outline.plan import Outline
from storage import facts


async def known_of(ctx: WritingContext, outline: Outline) -> Ledger:
    """The entries of the plan's sections, and those without a place; none if none are wanted."""
    if ctx.request.memory == "off":
        return Ledger()
    ledger = await ctx.db.run(lambda s: facts.all_of(s, ctx.document_id), write=False)
    return of_sections(ledger, {"", *(section.key for section in outline.sections)})
