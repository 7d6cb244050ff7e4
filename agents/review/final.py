"""The whole document's last check: repeats across sections, then the length, both bounded.

Steps are named by the revision they start from and the round, so that a check that runs again
after a crash finds the answers it has paid for.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import replace

from agents.material.supply import supplied
from agents.memory.remembered import known_of
from agents.review.scores import continuity, document_scores
from agents.review.sourcing import sourcing
from agents.run.calls import UNREPAIRED
from agents.run.context import WritingContext
from agents.run.milestones import end
from agents.run.together import together
from agents.writer.demands import kept_up
from agents.writer.extender import enrich
from agents.writer.fixer import replace_paragraph, trim
from agents.writer.gates import inspect
from agents.writer.job import EXACT, SENTENCE, Draft, Job
from agents.writer.section import commit_draft, make_job, overhead, shortened
from domain.outline.assembly import document_markdown
from domain.outline.plan import Outline
from domain.text.counter import count, paragraphs
from domain.text.ngrams import near_duplicates
from storage import revisions
from storage.sections import StoredSection


async def final_check(ctx: WritingContext) -> None:
    """Repair the document as a whole, seal its sections, store its scores, end the run.

    Raises:
        LLMError: the endpoint cannot be used at present; nothing is lost.
    """
    outline = await ctx.outline()
    assert outline is not None
    stored = await ctx.sections()
    failed = [section.key for section in stored if not ctx.is_written(section)]
    if not failed:  # else the run goes on with them first, and must find the others open
        await _replace_repeats(ctx, outline)
        await _repair_length(ctx, outline)
        stored = await ctx.sections()
    text = document_markdown(outline, {section.key: section.text for section in stored})
    verdicts = document_scores(ctx.request, outline, stored, text, ctx.policy.thresholds)
    known = await known_of(ctx, outline)
    verdicts += await asyncio.to_thread(continuity, known, outline, stored)
    verdicts += await sourcing(ctx, [section for section in stored if section.text])
    await end(ctx, stored, text, verdicts)


async def _replace_repeats(ctx: WritingContext, outline: Outline) -> None:
    """A paragraph that says what an earlier section says is written anew, once."""
    stored = [s for s in await ctx.sections() if s.text]
    blocks = [(s, block) for s in stored for block in paragraphs(s.text)]
    limits = ctx.policy.thresholds
    pairs = near_duplicates([block for _, block in blocks], threshold=limits.near_duplicate)
    seen: set[int] = set()
    for first, second, _ in pairs:
        (source, elsewhere), (section, paragraph) = blocks[first], blocks[second]
        if second in seen or source.key == section.key or not ctx.may_change(section):
            continue
        seen.add(second)
        now = await ctx.section(section.key)
        if paragraph not in now.text:
            continue
        job = await _job(ctx, outline, now)
        try:
            draft = _as_draft(job, now)
            step = f"{job.step}/replace/{_mark(paragraph)}"
            new = await replace_paragraph(job, draft, paragraph, elsewhere, step)
        except UNREPAIRED:
            continue
        if new.text != now.text and inspect(job, new).faults <= inspect(job, draft).faults:
            await commit_draft(job, new)


async def _repair_length(ctx: WritingContext, outline: Outline) -> None:
    """Bring the total into the contract's window: the residual goes to sections not sealed.

    What costs no model call is tried first: after a round in which nothing changed, sections are
    written shorter. One that a model could bring no nearer leaves the next round to others.
    """
    low, high = ctx.request.length.window
    firm, stuck = False, set[str]()
    for number in range(1, ctx.policy.length.document_rounds + 1):
        stored = await ctx.sections()
        residual = ctx.request.length.aim - sum(section.words for section in stored)
        if low <= ctx.request.length.aim - residual <= high:
            return
        open_ = [s for s in stored if ctx.may_change(s) and s.text]
        goals = _goals([s for s in open_ if s.key not in stuck] or open_, residual)
        cut = await _trimmed_before(ctx)
        jobs = [
            (await _job(ctx, outline, s, number, goals[s.key]), s) for s in open_ if s.key in goals
        ]
        changed = await together(_adjust(job, s, firm or s.key in cut) for job, s in jobs)
        for (_, section), nearer in zip(jobs, changed, strict=True):
            if not nearer and (residual > 0 or firm or section.key in cut):
                stuck.add(section.key)
        firm = not any(changed)


async def _trimmed_before(ctx: WritingContext) -> set[str]:
    """Sections that deterministic deletion has had its share of."""
    return await ctx.db.run(
        lambda s: revisions.keys_of_kind(s, ctx.document_id, "trim"), write=False
    )


def _goals(open_: Sequence[StoredSection], residual: int) -> dict[str, int]:
    """New lengths for as few sections as can take the residual: those furthest off first.

    A section takes up to a third of its target when it grows and a tenth when it shrinks; what
    that leaves is for the next round, and after the last for the scorecard.
    """
    sign = 1 if residual > 0 else -1
    share = 1 / 3 if sign > 0 else 1 / 10
    ordered = sorted(open_, key=lambda s: sign * (s.words - s.target) / max(1, s.target))
    chosen: dict[str, int] = {}
    left = abs(residual)
    for section in ordered:
        if left <= 0:
            break
        part = min(left, max(SENTENCE, round(section.target * share)))
        chosen[section.key] = section.words + sign * part
        left -= part
    return chosen


async def _adjust(job: Job, section: StoredSection, firm: bool) -> bool:
    """Bring one section nearer to its new length; whether it changed."""
    draft = _as_draft(job, section)
    try:
        new = await kept_up(job, await _resized(job, draft, firm), draft, f"{job.step}/demands")
    except UNREPAIRED:
        return False
    nearer = abs(new.units - job.goal) < abs(draft.units - job.goal)
    if not nearer or not _no_worse(job, new, draft):
        return False
    await commit_draft(job, new)
    return True


async def _resized(job: Job, draft: Draft, firm: bool) -> Draft:
    if draft.units < job.goal:
        return await enrich(job, draft, f"{job.step}/enrich")
    if not firm:
        return trim(job, draft, job.goal)
    return await shortened(job, draft, f"{job.step}/shorten")


def _mark(paragraph: str) -> str:
    """Tells the paragraphs of one revision apart in the names of steps."""
    return hashlib.sha256(paragraph.encode()).hexdigest()[:8]


def _no_worse(job: Job, new: Draft, old: Draft) -> bool:
    """Whether a change made for one thing has spoilt no other; length is judged apart."""
    return inspect(job, new).faults <= inspect(job, old).faults


async def _job(
    ctx: WritingContext,
    outline: Outline,
    section: StoredSection,
    number: int = 0,
    goal: int | None = None,
) -> Job:
    units = section.words if goal is None else goal
    body = max(1, units - overhead(ctx, outline, section.key))
    job = await make_job(ctx, outline, section.key, body)
    step = f"final/{section.key}@{section.revision_id}/{number}"
    return await supplied(replace(job, step=step, tolerance=EXACT), section.text)


def _as_draft(job: Job, section: StoredSection) -> Draft:
    units = count(section.text, job.ctx.request.length.counter)
    return Draft(section.text, units, "draft")
