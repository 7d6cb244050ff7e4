"""Who mends the seams: where a section does not meet its neighbours, its edge is edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agents.review.keeping import Change, keep_changes
from agents.review.reviser import Around, revise
from agents.review.section import review_job
from agents.run.context import WritingContext
from agents.run.feed import Event
from agents.run.milestones import current_outline, told
from agents.run.together import together
from domain.critique import Issue, Level
from domain.edits import locate
from domain.outline.plan import Outline
from domain.score import Finding, Severity
from evaluators.seams import SectionEdge, document_findings
from storage.sections import StoredSection

MENDED = "seams"
"""Type of the event that tells how many seams were found and mended."""


async def mend_seams(ctx: WritingContext) -> None:
    """Have edges edited that repeat, open alike, conclude too early or do not connect; once a run.

    A missing hand-over is a matter of taste more than the others: it is mended only where the
    request has the text judged. An edit is kept if the document has fewer such findings with it.
    Very small models cannot do this.

    Raises:
        LLMError: the endpoint cannot be used at present.
        StaleHolderError: another process holds the run.
    """
    if ctx.compact("editor") or await told(ctx, MENDED):
        return
    outline, stored = await current_outline(ctx), await ctx.sections()
    edges = edges_of(outline, stored)
    found = _wanted(ctx, edges)
    works = [
        _edited(ctx, outline, section, edges, own)
        for section in stored
        if ctx.may_change(section)
        if (own := [finding for finding in found if finding.section == section.key])
    ]
    changes, left = [], found
    for change in await together(works):
        if change is None:
            continue
        key, text = change.job.section.key, change.draft.text
        later = [replace(edge, text=text) if edge.key == key else edge for edge in edges]
        if _weight(still := _wanted(ctx, later)) < _weight(left):
            edges, left = later, still
            changes.append(change)
    await keep_changes(ctx, changes, Event(MENDED, {"found": len(found), "left": len(left)}))


def edges_of(outline: Outline, stored: Sequence[StoredSection]) -> list[SectionEdge]:
    """The sections with text, in reading order, as their neighbours must fit them."""
    points = {section.key: section.opens_from for section in outline.sections}
    return [
        SectionEdge(section.key, section.heading, section.text, points.get(section.key, ""))
        for section in stored
        if section.text
    ]


def _wanted(ctx: WritingContext, edges: Sequence[SectionEdge]) -> list[Finding]:
    least = Severity.NOTE if ctx.request.rounds else Severity.WARN
    found = document_findings(edges, thresholds=ctx.policy.thresholds)
    return [finding for finding in found if finding.severity >= least]


def _weight(findings: Sequence[Finding]) -> int:
    return sum(finding.severity for finding in findings)


async def _edited(
    ctx: WritingContext,
    outline: Outline,
    section: StoredSection,
    edges: Sequence[SectionEdge],
    findings: Sequence[Finding],
) -> Change | None:
    job, draft = await review_job(ctx, outline, section)
    issues = [issue for finding in findings if (issue := _issue(section.text, finding))]
    at = next(number for number, edge in enumerate(edges) if edge.key == section.key)
    around = Around(
        _read(edges[at - 1], first=False) if at else "",
        _read(edges[at + 1], first=True) if at + 1 < len(edges) else "",
    )
    if not issues:
        return None
    ctx.feed.emit("revise", key=section.key, issues=len(issues))
    new = await revise(job, draft, issues, f"{job.step}/seam", around)
    return Change(job, new, section.revision_id, "seam") if new else None


def _issue(text: str, finding: Finding) -> Issue | None:
    """The finding as the reviser takes it; None where its words do not stand there just once."""
    if finding.start is None or finding.end is None:
        return None
    quote = text[finding.start : finding.end]
    if locate(text, quote) is None:
        return None
    return Issue("discontinuity", Level.MAJOR, finding.message, "", quote, finding.section)


def _read(edge: SectionEdge, *, first: bool) -> str:
    spans = edge.opening if first else edge.closing
    return " ".join(edge.read(span) for span in spans)
