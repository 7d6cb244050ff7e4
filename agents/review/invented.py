"""Which citations were invented for a section: as its calls were answered, before they were cut."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from agents.writer.job import Draft, Job
from domain.score import Score
from evaluators.citations import citations_score
from sources.citations import without_lost
from sources.grounding import cited
from storage import journal, revisions


def invented(s: Session, job: Job, draft: Draft) -> tuple[Score, ...]:
    """The score of a section's citations, over all answers that this run had for it.

    Args:
        s: the session, in the transaction that stores the draft.
        job: the section's.
        draft: what is to be stored.

    Returns:
        Nothing for a request without sources.
    """
    ctx, key = job.ctx, job.section.key
    if not ctx.request.sources:
        return ()
    history = revisions.marks(s, ctx.document_id, key)
    earlier = [call for mark in history if mark.run_id == ctx.run_id for call in mark.call_ids]
    kept = cited(draft.text, job.given.keys())
    lost: list[str] = []
    for answer in journal.answers(s, dict.fromkeys((*earlier, *draft.calls))):
        lost += _lost(answer.text or "", {*answer.context.get("numbers", ()), *kept})
    return (citations_score(list(dict.fromkeys(lost)), len(kept), key),)


def _lost(text: str, known: Collection[int]) -> list[str]:
    return without_lost(text, known)[1]
