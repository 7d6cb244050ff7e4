"""A run and its document as a person sees them at one moment."""

from __future__ import annotations

from dataclasses import dataclass

from domain.run import RunStatus
from domain.text.counter import Counter
from services.documents.lookup import Document
from services.runs.reports import RunReport
from services.runs.review import Review


@dataclass(frozen=True)
class SectionView:
    """One section as a reader sees it."""

    key: str
    headings: tuple[tuple[int, str], ...]
    """(level, text) of the lines above it."""
    text: str
    words: int
    target: int
    state: str
    """A `SectionStatus`; `writing` while its text streams in; `unfinished` where that was stopped:
    such text is shown, but not stored, and the section is written anew."""
    reason: str = ""
    """Why it failed."""


@dataclass(frozen=True)
class RunView:
    """A run and its document at one moment."""

    run_id: str
    document_id: str
    title: str
    phase: str
    """A `RunStatus`, or `interrupted` where nobody works on a run that has not ended."""
    reason: str
    words: int
    target: int
    accepted: bool
    """Whether the length keeps the contract."""
    unit: str
    """What lengths are shown in: `words` or `characters`."""
    counter: Counter
    calls: int
    review: Review
    """What critic and reviser have come to."""
    live: bool
    """Whether this process works on it."""
    sections: tuple[SectionView, ...]
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0
    """In the currency of the endpoints' prices; 0 where they have none."""
    seconds: float = 0.0
    """Worked on it, without what goes on at present."""


def run_view(report: RunReport, document: Document, live: bool) -> RunView:
    """A run as the database has it."""
    status = RunStatus(report.status)
    left = status.active and not (live or report.working)
    return RunView(
        run_id=report.run_id,
        document_id=report.document_id,
        title=document.outline.title if document.outline else "",
        phase="interrupted" if left else status.value,
        reason=report.why,
        words=report.words,
        target=report.target_words,
        accepted=report.accepted,
        unit=document.request.unit,
        counter=document.request.length.counter,
        calls=report.calls,
        review=report.review,
        live=live,
        sections=_sections(document),
        prompt_tokens=report.prompt_tokens,
        completion_tokens=report.completion_tokens,
        cost=report.cost,
        seconds=report.seconds,
    )


def _sections(document: Document) -> tuple[SectionView, ...]:
    if document.outline is None:
        return ()
    outline = document.outline
    planned = {plan.key: outline.headings_above(plan.key) for plan in outline.sections}
    return tuple(
        SectionView(x.key, planned[x.key], x.text, x.words, x.target, x.status.value, x.reason)
        for x in document.sections
        if x.key in planned
    )
