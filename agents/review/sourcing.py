"""What a sourced document's scorecard says of it: its citations, and the claims that make them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from agents.material.evidence import cited_in
from agents.material.meaning import decision
from agents.material.shelf import SHELF
from agents.run.context import WritingContext
from domain.score import Score
from evaluators.citations import citations_of_whole
from evaluators.faithfulness import NAME, UNJUDGED, faithfulness, of_whole
from sources.citations import GATE
from sources.claims import claims
from storage import revisions, scores
from storage.scores import StoredScore
from storage.sections import StoredSection


async def sourcing(ctx: WritingContext, stored: Sequence[StoredSection]) -> tuple[Score, ...]:
    """The document's scores for citations and faithfulness, of what was said of its sections.

    What was said of a text that has changed since counts no more: its claims are then unjudged.

    Returns:
        Nothing for a request without sources.
    """
    if not ctx.request.sources:
        return ()
    chosen = await decision(ctx)
    stock = await SHELF.stock(ctx, chosen.model if chosen else "")
    said = await ctx.db.run(lambda s: _said(s, ctx.document_id), write=False)
    cited, supported = [], []
    for section in stored:
        given = cited_in(stock, section.text)
        found = claims(section.text, given)
        if (own := said.get((section.key, GATE))) is not None:
            cited.append((own, len(given)))
        judged = said.get((section.key, NAME)) or faithfulness(found, {}, section.key, UNJUDGED)
        supported.append((judged, len(found)))
    return citations_of_whole(cited), of_whole(supported)


def _said(s: Session, document_id: str) -> dict[tuple[str, str], Score]:
    """By section and name, the scores that are about the sections' present texts."""
    since: dict[str, dt.datetime] = {}
    for mark in revisions.marks(s, document_id):
        since[mark.section_key] = mark.created_at
    return {
        (each.section_key, each.score.name): each.score
        for each in scores.latest(s, document_id)
        if _holds(each, since)
    }


def _holds(score: StoredScore, since: dict[str, dt.datetime]) -> bool:
    begun = since.get(score.section_key)
    return begun is not None and score.created_at >= begun
