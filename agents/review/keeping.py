"""What a review leaves behind: the versions kept and how it ended, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from agents.run.context import WritingContext
from agents.run.feed import Event
from agents.run.milestones import REVIEWED
from agents.writer.job import Draft, Job
from agents.writer.section import storing
from domain.score import Score
from storage import documents, scores, sections

TAKEN = "a section was changed meanwhile, by a person"


@dataclass(frozen=True)
class Change:
    """A section's new version."""

    job: Job
    draft: Draft
    since: int | None
    """The revision that it was made from; it takes the place of no other."""
    kind: str = ""

    def fits(self, s: Session) -> bool:
        """Whether the section still is what this version was made from."""
        now = sections.get(s, self.job.ctx.document_id, self.job.section.key)
        return now.status.open and now.revision_id == self.since


async def keep_changes(ctx: WritingContext, changes: Sequence[Change], news: Event) -> None:
    """Store new versions and what there is to tell; what a person changed meanwhile stays theirs.

    Raises:
        StaleHolderError: another process holds the run; nothing was stored.
    """
    ready = [(change, *storing(change.job, change.draft, change.kind)) for change in changes]

    def work(s: Session) -> list[Event]:
        documents.lock(s, ctx.document_id)
        fitting = [(store, told) for change, store, told in ready if change.fits(s)]
        for store, _ in fitting:
            store(s)
        return [*(told for _, told in fitting), news]

    await ctx.commit(work, lambda told: told)


async def keep_review(
    ctx: WritingContext,
    key: str,
    changes: Sequence[Change],
    verdicts: Sequence[Score],
    news: dict[str, Any],
) -> None:
    """Store what a review kept, its verdict and how it was come to: all of it, or nothing.

    Where a person changed one of the texts meanwhile, no version is stored: together they would
    be one that nobody has judged.

    Args:
        ctx: the run.
        key: the section that was reviewed; empty for the document.
        changes: the versions to keep.
        verdicts: on them.
        news: how the review went, for the event.

    Raises:
        StaleHolderError: another process holds the run; nothing was stored.
    """
    ready = [storing(change.job, change.draft, change.kind) for change in changes]
    void = {**news, "kept": 0, "after": None, "issues": 0, "why": TAKEN}

    def work(s: Session) -> list[Event]:
        documents.lock(s, ctx.document_id)
        if not all(change.fits(s) for change in changes):
            none = [replace(each, value=None, reason=TAKEN, findings=()) for each in verdicts]
            scores.save(s, ctx.hold, ctx.document_id, key, *none)
            return [Event(REVIEWED, {"key": key, **void})]
        for store, _ in ready:
            store(s)
        scores.save(s, ctx.hold, ctx.document_id, key, *verdicts)
        return [*(told for _, told in ready), Event(REVIEWED, {"key": key, **news})]

    await ctx.commit(work, lambda told: told)
