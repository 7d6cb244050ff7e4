"""One section, whole: context, writing, gates, repair, commit. One `Send` target of the graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from agents.material.supply import supplied
from agents.memory.keeper import reported
from agents.planner.contracts import contract
from agents.review.invented import invented
from agents.run.calls import UNREPAIRED, UNUSABLE, complaint
from agents.run.context import WritingContext
from agents.run.feed import Event
from agents.run.milestones import SECTION_FAILED, current_outline, failures_of
from agents.strategies.base import Written
from agents.writer.demands import obliging
from agents.writer.draft import close, write
from agents.writer.extender import enrich
from agents.writer.fixer import excise, shorten, trim
from agents.writer.gates import Verdict, inspect
from agents.writer.job import EXACT, Draft, Job
from agents.writer.sketch import stored_sketch
from core.errors import ConflictError, StaleHolderError
from domain.ledger.entries import Entry
from domain.ledger.facts import extract
from domain.outline.assembly import printed_units
from domain.outline.plan import Outline
from domain.run import SectionStatus
from storage import facts, scores, sections
from storage.sections import StoredSection
from storage.standings import Standing

REWRITES = 2
"""Times a section is written anew because no repair can save it."""


async def write_section(ctx: WritingContext, key: str) -> StoredSection:
    """Write, check, repair and commit one section; what is committed already is returned as it is.

    A section that cannot be delivered is committed as failed, without text.

    Raises:
        LLMError: the endpoint cannot be used at present.
        StaleHolderError: another process holds the run.
    """
    mine = await ctx.section(key)
    if ctx.is_written(mine):
        return mine
    outline = await current_outline(ctx)
    job = await make_job(ctx, outline, key, await _goal(ctx, outline, key))
    job = await supplied(replace(job, sketch=await stored_sketch(ctx, outline)), mine.text)
    if ctx.options.redo is not None and ctx.options.redo.key == key:
        job = replace(job, instruction=ctx.options.redo.instruction, present=mine.text)
    if failed := await failures_of(ctx, key):
        job = job.at_step(f"{job.step}~{failed}")
    draft, problem = await _drafted(job)
    if draft is None:
        return await _failed(ctx, key, problem)
    draft = await obliging(job, draft, f"{job.step}/demands")
    return await commit_draft(job, draft, await reported(job, draft))


async def make_job(ctx: WritingContext, outline: Outline, key: str, goal: int) -> Job:
    """The section's contract, with what its strategy lets it see."""
    seen = ctx.strategy.visible(outline, key, [section.key for section in outline.sections])
    return Job(
        ctx,
        outline,
        contract(outline, key, ctx.request.demands),
        goal,
        f"section/{key}",
        ctx.policy.length.section_tolerance if len(outline.sections) > 1 else EXACT,
        tuple(
            Written(s.key, s.heading, outline.section(s.key).point, s.text)
            for s in await ctx.some(seen)
            if s.status.written
        ),
    )


def overhead(ctx: WritingContext, outline: Outline, key: str) -> int:
    """Counted units printed above a section: its headings, and before all else the title."""
    return printed_units(outline, key, ctx.request.length.counter)


async def _goal(ctx: WritingContext, outline: Outline, key: str) -> int:
    """The same from what is stored, which matters only where something is carried over."""
    return goal_of(ctx, outline, key, await ctx.standings() if ctx.strategy.carries else ())


def goal_of(ctx: WritingContext, outline: Outline, key: str, stored: Sequence[Standing]) -> int:
    """Units of body to write: the target without headings, and with what is carried over.

    A strategy that writes in order passes on what its finished sections missed or exceeded, in
    proportion; no section changes to less than half or more than twice its target.
    """
    target = outline.section(key).target
    if ctx.strategy.carries:
        more = ctx.options.continuation
        before = more.kept if more else ()  # what was there is as long as it is
        written = {s.key: s.words for s in stored if ctx.is_written(s) and s.key not in before}
        residual = sum(outline.section(k).target - units for k, units in written.items())
        rest = sum(s.target for s in outline.sections if s.key not in {*written, *before})
        target = min(2 * target, max(target // 2, target + round(residual * target / rest)))
    return max(1, target - overhead(ctx, outline, key))


async def _drafted(job: Job) -> tuple[Draft | None, str]:
    """The best draft that may be delivered, or None and why there is none."""
    problems: tuple[str, ...] = ()
    reason = ""
    best: tuple[Verdict, Draft] | None = None
    for attempt in range(1, REWRITES + 2):
        section = job.section
        job.ctx.feed.emit(
            "section", key=section.key, heading=section.heading, target=section.target
        )
        try:
            draft = await write(job, attempt, problems)
        except UNUSABLE as error:
            problems, reason = (*problems, complaint(error)), error.message
            continue
        draft, verdict = await repaired(job, draft, attempt)
        if best is None or verdict.badness < best[0].badness:
            best = verdict, draft
        if not verdict.rewrite and not verdict.undeliverable:
            break
        problems = verdict.problems
    if best is None or best[0].undeliverable:
        return None, "; ".join(best[0].problems) if best else reason
    return best[1], ""


async def repaired(job: Job, draft: Draft, attempt: int) -> tuple[Draft, Verdict]:
    """Up to `rounds` repairs; the closest version wins, not the last.

    Raises:
        LLMError: the endpoint cannot be used at present.
    """
    best, verdict = draft, inspect(job, draft)
    for number in range(1, job.ctx.policy.length.rounds + 1):
        if verdict.ok or verdict.rewrite:
            break
        step = f"{job.step}/write/{attempt}/repair/{number}"
        changed = await repair(job, best, verdict, step)
        if changed is best:
            break
        later = inspect(job, changed)
        if later.badness < verdict.badness:
            best, verdict = changed, later
        else:  # what was paid for counts, and so does what was learnt about the model
            best = Draft(best.text, best.units, best.kind, changed.calls, changed.ratio)
    if best.units > job.goal + job.slack:
        best = trim(job, best, job.goal + job.slack)
        verdict = inspect(job, best)
    return best, verdict


async def repair(job: Job, draft: Draft, verdict: Verdict, step: str) -> Draft:
    """One repair of what is worst; the draft itself where nothing can be done.

    Raises:
        LLMError: the endpoint cannot be used at present.
    """
    if verdict.leaks:
        return excise(job, draft, verdict.leaks)
    job.ctx.feed.emit("repair", key=job.section.key, units=draft.units, goal=job.goal)
    try:
        if draft.units < job.goal - job.slack:
            return await enrich(job, draft, step)
        if draft.units > job.goal + job.slack:
            trimmed = trim(job, draft, job.goal + job.slack)
            if trimmed.units <= job.goal + job.slack:
                return trimmed
            return await shortened(job, draft, step)
    except UNREPAIRED:
        return draft
    return draft


async def shortened(job: Job, draft: Draft, step: str) -> Draft:
    """An overlong draft brought down: rewritten shorter, else cut back and closed anew.

    Raises:
        LLMError: no usable answer came.
    """
    if job.ctx.compact("writer"):  # a very small model cannot follow this instruction
        return await close(job, draft, step)
    shorter = await shorten(job, draft, step)
    if job.fits(shorter.units):
        return shorter
    overlong = shorter if shorter.units > job.goal else replace(draft, calls=shorter.calls)
    return await close(job, overlong, step)


def storing(
    job: Job, draft: Draft, kind: str = "", said: Sequence[Entry] = ()
) -> tuple[Callable[[Session], StoredSection], Event]:
    """What stores a section's text with its scores and what it says, and the event that tells.

    Args:
        job: whose text it is.
        draft: the text.
        kind: what made it; the draft's own kind where it is empty.
        said: what a model has found said in it.
    """
    ctx, key = job.ctx, job.section.key
    verdict = inspect(job, draft)
    found = (*extract(draft.text, key), *said) if ctx.request.memory != "off" else None
    words = draft.units + overhead(ctx, job.outline, key)
    news = {"key": key, "words": words, "target": job.outline.section(key).target,
            "kind": kind or draft.kind, "findings": list(verdict.problems)}  # fmt: skip

    def work(s: Session) -> StoredSection:
        stored = sections.commit_text(
            s, ctx.hold, ctx.document_id, key, draft.text, words, kind or draft.kind,
            SectionStatus.DRAFT, draft.calls,
        )  # fmt: skip
        scores.save(s, ctx.hold, ctx.document_id, key, *verdict.scores, *invented(s, job, draft))
        if found is not None:
            facts.renew(s, ctx.document_id, key, draft.text, found)
        return stored

    return work, Event("draft", news)


async def commit_draft(job: Job, draft: Draft, said: Sequence[Entry] = ()) -> StoredSection:
    """Store a section's text with its scores, what it says and events, in one transaction."""
    work, news = storing(job, draft, said=said)
    try:
        return await job.ctx.commit(work, [news])
    except StaleHolderError:
        raise
    except ConflictError:
        stored = await job.ctx.section(job.section.key)
        if not stored.locked:
            raise
        return stored  # a person has taken it over meanwhile: theirs counts


async def _failed(ctx: WritingContext, key: str, reason: str) -> StoredSection:
    def work(s: Session) -> StoredSection:
        sections.fail(s, ctx.hold, ctx.document_id, key, reason)
        return sections.get(s, ctx.document_id, key)

    return await ctx.commit(work, [Event(SECTION_FAILED, {"key": key, "reason": reason})])
