"""The whole document's review: what no section shows by itself, judged and revised in rounds."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from agents.review.critic import NAME, VERSION, judge_document, score_of
from agents.review.keeping import Change, keep_review
from agents.review.reviser import revise
from agents.review.rounds import improve
from agents.review.section import review_job
from agents.run.context import WritingContext
from agents.run.milestones import current_outline, is_reviewed
from agents.run.together import together
from agents.writer.job import Draft, Job
from domain.critique import Critique, Issue
from domain.outline.plan import Outline
from domain.score import Score
from storage import scores

WHOLE = ""
"""Key of the document among those of its sections."""

Texts = Mapping[str, Draft]
"""A version of the document: every section's text by key."""


async def review_document(ctx: WritingContext) -> None:
    """Judge the written document and have the sections mended that it names; once in a run.

    All sections of a round change together: the version of the whole is kept or dropped.

    Raises:
        LLMError: the endpoint cannot be used at present.
        StaleHolderError: another process holds the run.
    """
    if await is_reviewed(ctx, WHOLE):
        return
    outline, stored = await current_outline(ctx), await ctx.sections()
    works = {s.key: await review_job(ctx, outline, s) for s in stored if s.text}
    first: Texts = {key: draft for key, (_, draft) in works.items()}
    jobs = {s.key: works[s.key][0] for s in stored if s.text and ctx.may_change(s)}
    review = _Review(ctx, outline, jobs, f"review/document@{_mark(first)}")
    done = await improve(first, review.judge, review.mend, ctx.request.rounds, ctx.policy.least)
    since = {section.key: section.revision_id for section in stored}
    changes = [
        Change(jobs[key], draft, since[key])
        for key, draft in done.version.items()
        if draft is not first[key]
    ]
    texts = {key: draft.text for key, draft in done.version.items()}
    score = score_of(done.critique, texts, why=done.why)
    await keep_review(ctx, WHOLE, changes, [score], done.told())


async def void_verdict(ctx: WritingContext) -> None:
    """Take back what was said of the whole, of which a section is to be written anew by this run.

    Raises:
        StaleHolderError: another process holds the run.
    """
    none = Score(NAME, VERSION, None, "a section was written anew since the whole was judged")
    await ctx.commit(lambda s: scores.save(s, ctx.hold, ctx.document_id, WHOLE, none))


@dataclass(frozen=True)
class _Review:
    ctx: WritingContext
    outline: Outline
    jobs: Mapping[str, Job]
    """Of the sections that may be changed."""
    step: str

    async def judge(self, texts: Texts, number: int) -> Critique:
        shown = {key: draft.text for key, draft in texts.items()}
        return await judge_document(self.ctx, self.outline, shown, f"{self.step}/judge/{number}")

    async def mend(self, texts: Texts, critique: Critique, number: int) -> Texts | None:
        wanted: dict[str, list[Issue]] = {}
        for issue in critique.severe(self.ctx.policy.least):
            if issue.section in self.jobs:
                wanted.setdefault(issue.section, []).append(issue)
        changed = await together(
            self._mended(key, texts[key], issues, number) for key, issues in wanted.items()
        )
        new = {key: draft for key, draft in changed if draft is not None}
        return {**texts, **new} if new else None

    async def _mended(
        self, key: str, draft: Draft, issues: list[Issue], number: int
    ) -> tuple[str, Draft | None]:
        self.ctx.feed.emit("revise", key=key, issues=len(issues))
        step = f"{self.step}/{key}/{number}"
        return key, await revise(self.jobs[key], draft, issues, step)


def _mark(texts: Texts) -> str:
    """Tells the versions of a document apart in the names of steps."""
    joined = "\x00".join(f"{key}\x00{draft.text}" for key, draft in texts.items())
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:12]
