"""Who makes all summaries of a text: one share after the other, the sections of each at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from agents.review.scores import document_scores
from agents.run.context import WritingContext
from agents.run.feed import Event
from agents.run.milestones import SECTION_FAILED, current_outline, end, failures_of, set_status
from agents.run.state import Failure, failure
from agents.run.together import together
from agents.summariser.condensing import Piece, condense
from agents.writer.job import EXACT, Draft, Job
from agents.writer.section import commit_draft, make_job, overhead
from core.errors import LongleafError, NotFoundError
from domain.condensation import Condensation
from domain.length.contract import Length
from domain.outline.assembly import document_markdown
from domain.outline.plan import Outline, Part
from domain.run import RunStatus
from storage import sections
from storage.sections import StoredSection

ROUNDS = 2
"""Times that the sections of a summary are made anew because together they miss its length."""
UNUSABLE = "no summary that came may stand"


async def summarise(ctx: WritingContext) -> list[Failure]:
    """Carry a run of summaries out; what is committed already is left as it is.

    Returns:
        Why it could not be finished now; nothing for a run that has ended.
    """
    what = ctx.options.summary
    assert what is not None
    try:
        await set_status(ctx, RunStatus.PLANNING)
        outline = await current_outline(ctx)
        await set_status(ctx, RunStatus.WRITING)
        texts = await ctx.db.run(lambda s: _texts(s, what.document), write=False)
        if not any(texts.values()):
            raise NotFoundError("the text that was to be summed up is gone", "Choose another one.")
        for number, part in enumerate(outline.parts):
            await _level(ctx, outline, part, what, texts, first=number == 0)
            stored = {section.key: section for section in await ctx.sections()}
            if any(not ctx.is_written(stored[x.key]) for x in part.sections):
                break
            texts = {x.key: stored[x.key].text for x in part.sections}
        await set_status(ctx, RunStatus.CHECKING)
        await _finish(ctx, outline)
    except LongleafError as error:
        return [failure("", error)]
    return []


def _texts(s: Session, document: str) -> dict[str, str]:
    return {section.key: section.text for section in sections.all_of(s, document)}


async def _level(
    ctx: WritingContext,
    outline: Outline,
    part: Part,
    what: Condensation,
    texts: Mapping[str, str],
    *,
    first: bool,
) -> None:
    """One summary: all its sections, then those again that keep it from its length."""
    stored = await ctx.sections()
    mine = {section.key: section for section in stored}
    pieces = {
        plan.key: await _piece(ctx, outline, plan.key, what, texts, first=first)
        for plan in part.sections
    }
    due = [x.key for x in part.sections if not ctx.is_written(mine[x.key])]
    for key, draft in await together(_made(pieces[key]) for key in due):
        await _keep(pieces[key].job, draft)
    if ctx.options.redo is None and due:
        await _levelled(ctx, part, pieces)


async def _piece(
    ctx: WritingContext,
    outline: Outline,
    key: str,
    what: Condensation,
    texts: Mapping[str, str],
    *,
    first: bool,
) -> Piece:
    goal = max(1, outline.section(key).target - overhead(ctx, outline, key))
    job = await make_job(ctx, outline, key, goal)
    tolerance = EXACT if len(outline.part_of(key).sections) == 1 else job.tolerance
    redo = ctx.options.redo
    wish = redo.instruction if redo is not None and redo.key == key else ""
    job = replace(job, step=f"summary/{key}", tolerance=tolerance, visible=(), instruction=wish)
    keys = what.sources.get(key, ())
    text = "\n\n".join(texts[source] for source in keys if texts.get(source))
    whole = not first or len(keys) == len(texts)
    return Piece(job, "summariser/whole" if whole else "summariser/section", text)


async def _made(piece: Piece) -> tuple[str, Draft | None]:
    job = piece.job
    key = job.section.key
    job.ctx.feed.emit("section", key=key, heading=job.section.heading, target=job.goal)
    if failed := await failures_of(job.ctx, key):
        piece = replace(piece, job=job.at_step(f"{job.step}~{failed}"))
    return key, await condense(piece) if piece.text.strip() else None


async def _keep(job: Job, draft: Draft | None) -> None:
    if draft is not None and draft.text:
        await commit_draft(job, draft)
        return
    ctx, key = job.ctx, job.section.key
    news = Event(SECTION_FAILED, {"key": key, "reason": UNUSABLE})
    await ctx.commit(lambda s: sections.fail(s, ctx.hold, ctx.document_id, key, UNUSABLE), [news])


async def _levelled(ctx: WritingContext, part: Part, pieces: Mapping[str, Piece]) -> None:
    """Bring a summary into its window: the sections furthest off are made anew, bounded."""
    wanted = sum(piece.job.goal for piece in pieces.values())
    low, high = Length(max(20, wanted)).window
    for number in range(1, ROUNDS + 1):
        stored = {x.key: x for x in await ctx.sections() if x.key in pieces}
        if not all(ctx.is_written(section) for section in stored.values()):
            return
        units = {key: ctx.count(section.text) for key, section in stored.items()}
        missing = wanted - sum(units.values())
        if low <= wanted - missing <= high:
            return
        sign = 1 if missing > 0 else -1
        order = sorted(pieces, key=lambda key: sign * (units[key] - pieces[key].job.goal))
        chosen = [key for key in order if ctx.may_change(stored[key])][: max(1, len(order) // 3)]
        share = -(-abs(missing) // max(1, len(chosen)))
        await together(
            _again(pieces[key], units[key] + sign * share, stored[key], number) for key in chosen
        )


async def _again(piece: Piece, goal: int, section: StoredSection, number: int) -> None:
    job = replace(
        piece.job, goal=max(1, goal), tolerance=EXACT,
        step=f"{piece.job.step}@{section.revision_id}/{number}",
    )  # fmt: skip
    draft = await condense(replace(piece, job=job))
    there = job.ctx.count(section.text)
    if draft is not None and abs(draft.units - goal) < abs(there - goal):
        await commit_draft(job, draft)


async def _finish(ctx: WritingContext, outline: Outline) -> None:
    """Seal what is there, store the scores of the whole, end the run."""
    stored = await ctx.sections()
    text = document_markdown(outline, {section.key: section.text for section in stored})
    limits = ctx.policy.thresholds
    verdicts = document_scores(ctx.request, outline, stored, text, limits)
    kept = [score for score in verdicts if score.name == "length"]  # they repeat each other
    await end(ctx, stored, text, kept)
