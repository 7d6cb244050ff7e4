"""Who has the whole text meet what is demanded of its contents, before its seams are mended."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from agents.review.keeping import Change, keep_changes
from agents.review.section import review_job
from agents.run.context import WritingContext
from agents.run.feed import Event
from agents.run.milestones import current_outline, told
from agents.run.together import together
from agents.writer.demands import ROUNDS, settled
from domain.constraints.allocation import Allocation, Duty
from domain.constraints.duties import allot
from domain.outline.plan import Outline
from evaluators.constraints import Compliance, Constraints
from evaluators.debts import due, gap
from storage.sections import StoredSection

MENDED = "demands"
"""Type of the event that tells how many demands were missed, and how many still are."""


async def meet_demands(ctx: WritingContext) -> None:
    """Have sections edited for what the whole misses, each `ROUNDS` times at most; once a run.

    An edit is kept if the document is nearer to its demands with it. What a section was asked for
    in vain is asked of another one of its place. What is still missed stands in the scorecard.

    Raises:
        LLMError: the endpoint cannot be used at present.
        StaleHolderError: another process holds the run.
    """
    outline = await current_outline(ctx)
    allocation = allot(ctx.request.demands, outline)
    if not allocation.duties or ctx.compact("editor") or await told(ctx, MENDED):
        return
    stored = await ctx.sections()
    found = left = await _compliance(allocation, outline, _texts(stored))
    able = [section.key for section in stored if ctx.may_change(section)]
    if not due(found, able):
        return
    kept: dict[str, Change] = {}
    spent = set[tuple[str, str]]()
    for number in range(1, ROUNDS + 1):
        wanted = due(left, able, spent)
        works = [
            _edited(ctx, outline, section, wanted[section.key], number, kept.get(section.key))
            for section in stored
            if section.key in wanted
        ]
        for change in filter(None, await together(works)):
            key, text = change.job.section.key, change.draft.text
            later = [replace(s, text=text) if s.key == key else s for s in stored]
            still = await _compliance(allocation, outline, _texts(later))
            if still.gap < left.gap:
                stored, left, kept[key] = later, still, change
        spent |= {(duty.constraint.id, key) for key, own in wanted.items() for duty in own}
    news = {"found": len(found.missed), "left": len(left.missed)}
    await keep_changes(ctx, list(kept.values()), Event(MENDED, news))


def _texts(stored: Sequence[StoredSection]) -> dict[str, str]:
    return {section.key: section.text for section in stored}


async def _compliance(
    allocation: Allocation, outline: Outline, texts: Mapping[str, str]
) -> Compliance:
    """Long texts with many demands take a while."""
    return await asyncio.to_thread(Constraints().check, allocation, outline, texts)


async def _edited(
    ctx: WritingContext,
    outline: Outline,
    section: StoredSection,
    wanted: Sequence[Duty],
    number: int,
    before: Change | None,
) -> Change | None:
    """The section with what it is to bring or to give up, and with what it brings already."""
    job, draft = await review_job(ctx, outline, section)
    draft = replace(draft, calls=before.draft.calls) if before else draft
    asked = {duty.constraint.id for duty in wanted}
    others = [duty for duty in job.duties if duty.constraint.id not in asked]
    held = [duty for duty in others if not gap((duty,), draft.text)]
    new = await settled(job, draft, (*wanted, *held), f"{job.step}/demands/{number}")
    return None if new.text == draft.text else Change(job, new, section.revision_id)
