"""One item of a plan that waits for approval, planned anew by a model."""

from __future__ import annotations

import secrets
from dataclasses import replace

from sqlalchemy.orm import Session

from agents.planner.item import item_of, replan
from agents.run.feed import Event, Feed
from core.errors import NotFoundError
from domain.constraints.duties import kept
from domain.outline.plan import Outline
from llm.roles import Models
from services.outlines.waiting import refuse_unless_waiting
from services.runs.lifecycle import Runs
from services.runs.worker import Worker
from storage import outlines, runs, sections

OUTLINE = "outline"


async def regenerate(
    service: Runs, models: Models, run_id: str, key: str, wish: str
) -> tuple[Outline, int]:
    """Have one item planned anew; returns the new outline and its version.

    The run is held meanwhile, as by any work on it, and waits for approval as before.

    Raises:
        NotFoundError: no such run or item.
        ConflictError: the run does not wait for approval, or somebody works on it.
        FormatError: the model gave no plan.
        LLMError: the endpoint cannot be used.
    """

    def check(s: Session) -> Outline:
        run = runs.get(s, service.owner, run_id)
        refuse_unless_waiting(run)
        outline = outlines.latest(s, run.document_id)
        if outline is None:
            raise NotFoundError("there is no outline yet", "Wait for the planner.")
        item_of(outline, key)
        return outline

    outline = await service.db.run(check, write=False)
    worker = Worker(service.db, service.owner)
    claim = await worker.claim(run_id)
    ctx = service.context(claim, models, Feed())
    try:
        await ctx.tokens.warm()
        new = await replan(ctx, outline, key, wish, f"replan/{key}/{secrets.token_hex(4)}")
        new = replace(new, parts=kept(ctx.request.demands, outline, new.parts))

        def keep(s: Session) -> int:
            version = outlines.save(s, ctx.hold, ctx.document_id, new)
            sections.sync(s, ctx.hold, ctx.document_id, new)
            return version

        news = {"title": new.title, "source": new.source, "target": new.target,
                "sections": len(new.sections), "changed": key}  # fmt: skip
        version = await ctx.commit(keep, [Event(OUTLINE, news)])
    finally:
        await service.db.run(lambda s: runs.release(s, claim.hold))
    return new, version
