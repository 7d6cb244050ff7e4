"""What is wrong with a document's present text, as far as evaluators and critic can tell.

What was said of it counts as long as it holds; where a text has changed, its gates run again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from agents.planner.contracts import contract
from agents.review.scores import continuity, document_scores
from agents.writer.gates import section_subject
from domain.ledger.entries import of_sections
from domain.outline.assembly import document_markdown, printed_units, shifts
from domain.outline.plan import Outline
from domain.request import WritingRequest
from domain.score import Finding, Score
from evaluators.base import Subject
from evaluators.constraints import Constraints
from evaluators.continuity import Continuity
from evaluators.overlap import Overlap
from evaluators.suite import evaluate, gates
from evaluators.thresholds import Thresholds
from services.documents.lookup import Document
from services.documents.staleness import Reason, weighed
from services.evaluation.remarks import Remark, remarks
from services.evaluation.verdicts import WHOLE, Verdicts, verdicts
from services.runs.review import Review
from services.settings.policies import Policies
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.sections import StoredSection


@dataclass(frozen=True)
class SectionExamination:
    """One section: what it was given, what is wrong with it, whether it still fits."""

    section: StoredSection
    reasons: tuple[Reason, ...]
    """Why it may no longer fit what surrounds it; none: it fits."""
    scores: tuple[Score, ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class Examination:
    """A document's present text, as evaluators and critic see it."""

    document: Document
    review: Review
    """How the last run's own review ended."""
    scores: tuple[Score, ...]
    """Of the whole."""
    remarks: tuple[Remark, ...]
    """About no section in particular."""
    sections: tuple[SectionExamination, ...]


@dataclass
class Examinations:
    """Looks at the owner's documents; asks no model."""

    db: Database
    policies: Policies
    owner: str = LOCAL_OWNER

    async def of(self, document: str) -> Examination:
        """What holds for a document's present text; raises NotFoundError."""
        policy = self.policies.now()
        tolerance = policy.length.section_tolerance
        known = await self.db.run(
            lambda s: verdicts(s, self.owner, document, tolerance), write=False
        )
        return await asyncio.to_thread(examine, known, policy.thresholds)


def examine(known: Verdicts, limits: Thresholds) -> Examination:
    """Put together what was said and what is to be said; long texts take seconds."""
    document, texts = known.document, known.texts
    stale = weighed(known.reasons)
    scored = {key: _scores(known, key, limits) for key in texts}
    whole = _whole(known, limits)
    findings = [f for found in (whole, *scored.values()) for score in found for f in score.findings]
    placed = remarks(_shown(findings, texts), texts)
    own: dict[str, list[Remark]] = {}
    for remark in placed:
        own.setdefault(remark.finding.section, []).append(remark)
    return Examination(
        document,
        known.review,
        whole,
        tuple(own.get(WHOLE, ())),
        tuple(
            SectionExamination(
                section,
                tuple(stale.get(section.key, ())),
                scored.get(section.key, ()),
                tuple(own.get(section.key, ())),
            )
            for section in document.sections
        ),
    )


_OF_THE_WHOLE = (Overlap.name, Constraints.name)


def subject_of(document: Document, outline: Outline, key: str, text: str) -> Subject:
    """A text of a section with all that its gates need to know, but for the other sections."""
    request = document.request
    plan = contract(outline, key, request.demands)
    goal = max(1, plan.target - printed_units(outline, key, request.length.counter))
    return section_subject(request, outline, plan, text, goal)


def _scores(known: Verdicts, key: str, limits: Thresholds) -> tuple[Score, ...]:
    """A section's: of its gates, then of its judge.

    What it shares with other sections, and what it owes the whole, is not told here: the whole
    tells, at less expense.
    """
    found, judge = known.of_section(key), known.of_judge(key)
    outline = known.document.outline
    if not found and outline is not None:
        text = known.texts[key]
        found = _gates(subject_of(known.document, outline, key, text), limits)
    found = tuple(replace(x, findings=()) if x.name in _OF_THE_WHOLE else x for x in found)
    return (*found, *filter(None, (known.of_claims(key), judge)))


@lru_cache(maxsize=512)  # a document of a person's own has no stored scores: all its sections
def _gates(subject: Subject, limits: Thresholds) -> tuple[Score, ...]:
    return evaluate(subject, gates(limits))


def _whole(known: Verdicts, limits: Thresholds) -> tuple[Score, ...]:
    """The document's, with offsets in sections; of one that is not written yet only the judge's."""
    document, texts, judge = known.document, known.texts, known.of_judge(WHOLE)
    outline = document.outline
    found: tuple[Score, ...] = ()
    if outline is not None and texts and len(texts) == len(outline.sections):
        stored = tuple(section for section in document.sections if section.key in texts)
        said = known.of_whole() or _document_scores(document.request, outline, stored, limits)
        said = _with_continuity(said, known, outline, stored)
        ends = shifts(outline, texts)
        found = tuple(replace(x, findings=tuple(_inside(x, ends, texts))) for x in said)
    return (*found, judge) if judge is not None else found


def _with_continuity(
    said: tuple[Score, ...], known: Verdicts, outline: Outline, stored: tuple[StoredSection, ...]
) -> tuple[Score, ...]:
    """The scores with what holds of the ledger now: a person may have corrected it since."""
    others = tuple(score for score in said if score.name != Continuity.name)
    keys = {"", *(section.key for section in outline.sections)}
    return (*others, *continuity(of_sections(known.ledger, keys), outline, stored))


@lru_cache(maxsize=8)  # whoever looks at a document looks at it again
def _document_scores(
    request: WritingRequest, outline: Outline, stored: tuple[StoredSection, ...], limits: Thresholds
) -> tuple[Score, ...]:
    text = document_markdown(outline, {section.key: section.text for section in stored})
    return document_scores(request, outline, stored, text, limits)


def _inside(score: Score, ends: Mapping[str, int], texts: Mapping[str, str]) -> Iterator[Finding]:
    """A document's findings at the sections they are in; one across two is about the whole."""
    for finding in score.findings:
        if finding.section or finding.start is None or finding.end is None:
            yield finding
            continue
        for key, shift in ends.items():
            start, end = finding.start - shift, finding.end - shift
            if 0 <= start < end <= len(texts[key]):
                yield replace(finding, section=key, start=start, end=end)
                break
        else:
            yield replace(finding, start=None, end=None)


def _shown(findings: Sequence[Finding], texts: Mapping[str, str]) -> Iterator[Finding]:
    """Without findings about sections that are not there, or words beyond their end."""
    for finding in findings:
        if finding.section and finding.section not in texts:
            continue
        if finding.end is not None and finding.end > len(texts.get(finding.section, "")):
            continue
        yield finding
