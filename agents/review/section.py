"""One section's review: judged and revised in rounds; the version kept is committed once."""

from __future__ import annotations

from dataclasses import replace

from agents.material.supply import supplied
from agents.review.critic import judge_section, score_of
from agents.review.keeping import Change, keep_review
from agents.review.reviser import revise
from agents.review.rounds import improve
from agents.review.support import Support, judge_support
from agents.run.context import WritingContext
from agents.run.milestones import current_outline, is_reviewed
from agents.writer.job import Draft, Job
from agents.writer.section import make_job
from domain.critique import Critique
from domain.outline.plan import Outline
from storage.sections import StoredSection


async def review_section(ctx: WritingContext, key: str) -> None:
    """Judge a written section and mend what is severe; once in a run, if the request has rounds.

    Nothing is stored before the end: a review that runs again after a crash finds its answers in
    the journal.

    Raises:
        LLMError: the endpoint cannot be used at present.
        StaleHolderError: another process holds the run.
    """
    if not ctx.request.rounds:
        return
    section = await ctx.section(key)
    if not section.text or not ctx.may_change(section) or await is_reviewed(ctx, key):
        return
    job, draft = await review_job(ctx, await current_outline(ctx), section)
    least = ctx.policy.least

    support: dict[str, Support] = {}

    async def judge(version: Draft, number: int) -> Critique:
        critique = await judge_section(job, version, f"{job.step}/judge/{number}")
        if not job.given:
            return critique
        found = await judge_support(job, version, f"{job.step}/support/{number}")
        support[version.text] = found
        return replace(critique, issues=(*critique.issues, *found.issues))

    async def mend(version: Draft, critique: Critique, number: int) -> Draft | None:
        issues = critique.severe(least)
        ctx.feed.emit("revise", key=key, issues=len(issues))
        return await revise(job, version, issues, f"{job.step}/revise/{number}")

    done = await improve(draft, judge, mend, ctx.request.rounds, least)
    changes = [Change(job, done.version, section.revision_id)] if done.kept else []
    score = score_of(done.critique, {key: done.version.text}, key, done.why)
    found = [support[done.version.text].score] if job.given else []
    await keep_review(ctx, key, changes, [score, *found], done.told())


async def review_job(
    ctx: WritingContext, outline: Outline, section: StoredSection
) -> tuple[Job, Draft]:
    """A written section with its contract, to be changed without changing its length."""
    job = await make_job(ctx, outline, section.key, max(1, ctx.count(section.text)))
    job = replace(job, step=f"review/{section.key}@{section.revision_id}")
    job = await supplied(job, section.text)
    return job, job.draft(section.text, "draft", (), 1.0)
