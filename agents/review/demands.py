"""Who has the whole text meet what is demanded of its contents, before its seams are mended."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from agents.context import WritingContext
from agents.demands import settled
from agents.feed import Event
from agents.milestones import current_outline, told
from agents.review.keeping import Change, keep_changes
from agents.review.section import review_job
from agents.together import together
from domain.allocation import Allocation
from domain.duties import allot
from domain.outline import Outline
from evaluators.constraints import Compliance, Constraints
from evaluators.debts import owed_of
from storage.sections import StoredSection

MENDED = "demands"
"""Type of the event that tells how many demands were missed, and how many still are."""


async def meet_demands(ctx: WritingContext) -> None:
    """Have sections edited that miss a demand, each once; once a run.

    An edit is kept if the document misses fewer demands with it. What no usable answer came for
    stays as it is, and stands in the scorecard.

    Raises:
        LLMError: the endpoint cannot be used at present.
        StaleHolderError: another process holds the run.
    """
    outline = await current_outline(ctx)
    allocation = allot(ctx.request.demands, outline)
    if not allocation.duties or ctx.compact("editor") or await told(ctx, MENDED):
        return
    stored = await ctx.sections()
    texts = {section.key: section.text for section in stored}
    found = await _compliance(allocation, outline, texts)
    works = [
        _edited(ctx, outline, section, found)
        for section in stored
        if ctx.may_change(section) and section.key in found.missed
    ]
    if not works:
        return
    changes, left = [], found
    for change in await together(works):
        if change is None:
            continue
        later = {**texts, change.job.section.key: change.draft.text}
        still = await _compliance(allocation, outline, later)
        if len(still.missed) < len(left.missed):
            texts, left = later, still
            changes.append(change)
    news = {"found": len(found.missed), "left": len(left.missed)}
    await keep_changes(ctx, changes, Event(MENDED, news))


async def _compliance(
    allocation: Allocation, outline: Outline, texts: Mapping[str, str]
) -> Compliance:
    """Long texts with many demands take a while."""
    return await asyncio.to_thread(Constraints().check, allocation, outline, texts)


async def _edited(
    ctx: WritingContext,
    outline: Outline,
    section: StoredSection,
    found: Compliance,
) -> Change | None:
    job, draft = await review_job(ctx, outline, section)
    debts = owed_of(found, section.key, section.text, job.duties)
    new = await settled(job, draft, debts, f"{job.step}/demands") if debts else None
    return None if new is None else Change(job, new, section.revision_id)
