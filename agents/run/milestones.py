"""What the graph commits between the agents' work: plans, states, the wait for approval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from agents.planner.contracts import distinct, distinct_chapters
from agents.run.context import WritingContext
from agents.run.feed import Event
from domain.constraints.demand import Demand
from domain.constraints.duties import allot
from domain.outline.plan import Outline, Part
from domain.run import RunStatus, SectionStatus
from domain.score import Score
from storage import documents, events, outlines, runs, scores, sections, summaries
from storage.sections import StoredSection
from storage.summaries import Source

SECTION_FAILED = "section_failed"
"""Type of the event that tells of a section without a usable text."""
REVIEWED = "reviewed"
"""Type of the event that tells how a review of a section, or with no key of the whole, ended."""


async def set_status(ctx: WritingContext, status: RunStatus) -> None:
    """Enter a state, and tell so if it is a new one."""
    news = Event("status", {"status": status.value})
    await ctx.commit(
        lambda s: runs.set_status(s, ctx.hold, status), lambda is_new: [news] if is_new else []
    )


async def store_skeleton(ctx: WritingContext, outline: Outline) -> None:
    """Keep the plan's first stage; the document takes its title."""

    def work(s: Session) -> None:
        outlines.save(s, ctx.hold, ctx.document_id, outline)
        sections.sync(s, ctx.hold, ctx.document_id, outline)
        if outline.title:  # a person's text may have none
            owner = documents.lock(s, ctx.document_id)
            documents.set_title(s, owner, ctx.document_id, outline.title)

    news: dict[str, Any] = {
        "title": outline.title,
        "source": outline.source,
        "target": outline.target,
        "parts": [
            {"key": part.key, "heading": part.heading, "target": part.target}
            for part in outline.parts
        ],
        "sections": len(outline.sections),
    }
    if unplaced := _unplaced(ctx, outline):
        news["unplaced"] = unplaced
    await ctx.commit(work, [Event("outline", news)])


async def store_chapters(ctx: WritingContext, key: str, chapters: tuple[Part, ...]) -> Outline:
    """Keep the chapters of a division in the place of what stood for it; returns the plan.

    A chapter that is no longer than a section is its section, and known at once.
    """

    def work(s: Session) -> Outline:
        documents.lock(s, ctx.document_id)
        plan = outlines.latest(s, ctx.document_id)
        assert plan is not None
        parts = distinct_chapters(plan, chapters)
        outline = outlines.update_parts(s, ctx.hold, ctx.document_id, key, parts)
        sections.sync(s, ctx.hold, ctx.document_id, outline)
        return outline

    def told(outline: Outline) -> list[Event]:
        items = [
            {"key": part.key, "heading": part.heading, "target": part.target}
            for part in outline.chapters(key)
        ]
        return [Event("division", {"key": key, "source": chapters[0].source, "chapters": items})]

    return await ctx.commit(work, told)


def _unplaced(ctx: WritingContext, outline: Outline) -> list[str]:
    """Demands on parts that there are not; sections are not all known yet."""
    lacking = allot(ctx.request.demands, outline).unplaced
    return [Demand.of(one).line for one in lacking if one.place.unit == "part"]


async def store_part(ctx: WritingContext, part: Part) -> None:
    """Keep the plan of one part and make its sections known."""

    def work(s: Session) -> None:
        documents.lock(s, ctx.document_id)
        plan = outlines.latest(s, ctx.document_id)
        assert plan is not None
        outline = outlines.update_part(s, ctx.hold, ctx.document_id, distinct(plan, part))
        sections.sync(s, ctx.hold, ctx.document_id, outline)

    news = {
        "key": part.key,
        "source": part.source,
        "sections": [
            {"key": section.key, "heading": section.heading, "target": section.target}
            for section in part.sections
        ],
    }
    await ctx.commit(work, [Event("part", news)])


async def store_summary(ctx: WritingContext, key: str, text: str, source: Source) -> None:
    """Keep what a chapter or a division of a book says in short."""
    await ctx.commit(lambda s: summaries.save(s, ctx.hold, ctx.document_id, key, text, source))


async def failures_of(ctx: WritingContext, key: str) -> int:
    """How often this run has given the section up; each time makes its steps new ones."""
    return await _told_of(ctx, SECTION_FAILED, key)


async def told(ctx: WritingContext, type: str) -> bool:
    """Whether this run has told an event of that type."""
    return bool(await ctx.db.run(lambda s: events.of_type(s, ctx.run_id, type), write=False))


async def is_reviewed(ctx: WritingContext, key: str) -> bool:
    """Whether this run has reviewed the section; with an empty key, the document."""
    return bool(await _told_of(ctx, REVIEWED, key))


async def _told_of(ctx: WritingContext, type: str, key: str) -> int:
    return await ctx.db.run(lambda s: events.count_about(s, ctx.run_id, type, key), write=False)


async def current_outline(ctx: WritingContext) -> Outline:
    """The plan, which must be there by now."""
    outline = await ctx.outline()
    assert outline is not None
    return outline


async def written(ctx: WritingContext, *, tried: bool = False) -> set[str]:
    """Keys of the sections that have text; `tried` adds those that failed."""
    return {
        section.key
        for section in await ctx.standings()
        if ctx.is_written(section) or (tried and section.status is SectionStatus.FAILED)
    }


async def approval_pending(ctx: WritingContext) -> bool:
    """Whether a person wants to see the plan first and has not approved it yet."""
    if ctx.request.approve != "ask":
        return False
    return not await ctx.db.run(lambda s: outlines.approved(s, ctx.document_id), write=False)


async def end(
    ctx: WritingContext, stored: Sequence[StoredSection], text: str, verdicts: Sequence[Score]
) -> None:
    """End the run: its sections are sealed, or named where they have no usable text.

    Args:
        ctx: the run.
        stored: every section of the document.
        text: the whole, as it is printed.
        verdicts: scores of the whole.
    """
    failed = [section.key for section in stored if not ctx.is_written(section)]

    def work(s: Session) -> None:
        scores.save(s, ctx.hold, ctx.document_id, "", *verdicts)
        if not failed:
            sections.seal(s, ctx.hold, ctx.document_id, [section.key for section in stored])
        status = RunStatus.FAILED if failed else RunStatus.DONE
        reason = f"sections without a usable text: {', '.join(failed)}" if failed else ""
        runs.set_status(s, ctx.hold, status, reason)

    news = {"words": ctx.count(text), "target": ctx.request.length.required, "failed": failed}
    await ctx.commit(work, [Event("finished", news)])
