"""What the evaluators say of a whole document: gates, measures, plan and seams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from agents.review.seams import edges_of
from domain.constraints.duties import allot
from domain.ledger.entries import Ledger
from domain.outline.plan import Outline
from domain.request import WritingRequest
from domain.score import Score
from evaluators.base import Evaluator, Subject
from evaluators.constraints import Constraints
from evaluators.continuity import Continuity
from evaluators.coverage import outline_coverage
from evaluators.headings import Headings
from evaluators.length import LengthGate
from evaluators.repetition import Repetition
from evaluators.seams import Seams
from evaluators.suite import evaluate, measures
from evaluators.thresholds import Thresholds
from storage.sections import StoredSection


def document_scores(
    request: WritingRequest,
    outline: Outline,
    stored: Sequence[StoredSection],
    text: str,
    limits: Thresholds,
) -> tuple[Score, ...]:
    """The scorecard of a document, its judge's verdict apart; `text` is the whole of it."""
    headings = [line for s in outline.sections for _, line in outline.headings_above(s.key)]
    subject = Subject(
        text=text,
        language=request.language,
        scope="document",
        length=request.length,
        counter=request.length.counter,
        headings=tuple(filter(None, (outline.title, *headings))),
        prompt=request.prompt,
        last=True,
    )
    suite: list[Evaluator] = [LengthGate(limits), Repetition(limits), Headings(limits)]
    return (
        *evaluate(subject, (*suite, *measures(limits))),
        *demand_scores(request, outline, {section.key: section.text for section in stored}),
        outline_coverage(outline, text, thresholds=limits),
        Seams(limits).evaluate(edges_of(outline, stored)),
    )


def demand_scores(
    request: WritingRequest, outline: Outline, texts: Mapping[str, str]
) -> tuple[Score, ...]:
    """What became of all that was demanded of the contents; nothing where nothing was."""
    allocation = allot(request.demands, outline)
    if not allocation.duties and not allocation.unplaced:
        return ()
    return Constraints().check(allocation, outline, texts).scores()


def continuity(
    ledger: Ledger, outline: Outline, stored: Sequence[StoredSection]
) -> tuple[Score, ...]:
    """Whether a document agrees with itself; nothing where nothing is known of what it says."""
    if not ledger.entries:
        return ()
    texts = tuple((section.key, section.text) for section in stored if section.text)
    return (_continuity(ledger, tuple(section.key for section in outline.sections), texts),)


@lru_cache(maxsize=8)  # whoever looks at a document looks at it again; a book takes a second
def _continuity(
    ledger: Ledger, order: tuple[str, ...], texts: tuple[tuple[str, str], ...]
) -> Score:
    return Continuity().evaluate(ledger, order, dict(texts))
