"""What has been said of a document so far, and how much of it holds for its present text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from agents.review.critic import NAME
from domain.ledger.entries import Ledger
from domain.score import Finding, Score
from domain.text.relocation import relocate
from evaluators.faithfulness import NAME as FAITHFULNESS
from services.documents.lookup import Document, load
from services.documents.staleness import Reason, reasons
from services.runs.review import Review, review_of
from storage import facts, library, outlines, revisions, scores
from storage.revisions import KEPT, VARIANT, Mark
from storage.scores import StoredScore

JUDGE = NAME
_JUDGED = (JUDGE, FAITHFULNESS)
"""Said by a model, later than the gates of the same text."""
"""Whose score is a judge's."""
WHOLE = ""
"""Key of the document among those of its sections."""
CHANGED = "the text was changed since it was judged"

History = Mapping[str, Sequence[Mark]]
"""By key, the texts that a section has had, variants left out."""


@dataclass(frozen=True)
class Verdicts:
    """The stored scores of a document, and which texts they are about."""

    document: Document
    review: Review
    """How the last run's own review ended."""
    scores: Sequence[StoredScore]
    since: Mapping[str, dt.datetime]
    """By key, since when a section has the text that it has."""
    planned: dt.datetime | None
    """Since when the plan is what it is."""
    judged: Mapping[tuple[str, str], str]
    """The text of a section that the judge of a section, or of the whole, had before him."""
    reasons: Sequence[Reason]
    """What was changed around sections since they were written."""
    ledger: Ledger = Ledger()
    """What the document says, and a person has decided of it."""

    @property
    def texts(self) -> dict[str, str]:
        """The present ones of the sections that have some and belong to the plan, in order."""
        outline = self.document.outline
        known = {section.key for section in outline.sections} if outline else set()
        return {x.key: x.text for x in self.document.sections if x.text and x.key in known}

    def of_section(self, key: str) -> tuple[Score, ...]:
        """What the gates have said of a section's present text; nothing where it is a newer one."""
        own = [x for x in self.scores if x.section_key == key and x.score.name not in _JUDGED]
        holds = own and key in self.since and all(x.created_at >= self.since[key] for x in own)
        return tuple(x.score for x in own) if holds else ()

    def of_claims(self, key: str) -> Score | None:
        """What a judge has said of a section's claims; None where its text is a newer one."""
        found = [x for x in self.scores if (x.section_key, x.score.name) == (key, FAITHFULNESS)]
        holds = found and key in self.since and found[0].created_at >= self.since[key]
        return found[0].score if holds else None

    def of_whole(self) -> tuple[Score, ...]:
        """What was said of the whole; nothing where a text or the plan is a newer one."""
        own = [x for x in self.scores if x.section_key == WHOLE and x.score.name != JUDGE]
        changes = [self.since[key] for key in self.texts if key in self.since]
        if self.planned is not None:
            changes.append(self.planned)
        holds = own and all(x.created_at >= moment for x in own for moment in changes)
        return tuple(x.score for x in own) if holds else ()

    def of_judge(self, key: str) -> Score | None:
        """The critic's verdict on a section, or on the whole.

        Where a text has changed since, it is unscored, and only what it says of words that still
        stand there is kept.
        """
        found = next(
            (x.score for x in self.scores if x.section_key == key and x.score.name == JUDGE), None
        )
        if found is None:
            return None
        texts = self.texts
        judged = {other: text for (own, other), text in self.judged.items() if own == key}
        if all(texts.get(other) == text for other, text in judged.items()):
            return found
        kept = tuple(
            moved
            for finding in found.findings
            if (moved := _moved(finding, judged.get(finding.section), texts)) is not None
        )
        return replace(found, value=None, reason=CHANGED, findings=kept)


def verdicts(s: Session, owner: str, wanted: str, tolerance: float) -> Verdicts:
    """All that is stored; raises NotFoundError.

    Args:
        s: the session.
        owner: whose document it is.
        wanted: its id, or a run's.
        tolerance: share of a section's target that a change of it must exceed to matter.
    """
    document = load(s, owner, wanted)
    run = library.last_run(s, document.id)
    history: dict[str, list[Mark]] = {}
    for mark in revisions.marks(s, document.id):
        if mark.kind != VARIANT:
            history.setdefault(mark.section_key, []).append(mark)
    stored, plans = scores.latest(s, document.id), outlines.versions(s, document.id)
    return Verdicts(
        document,
        review_of(s, run.id) if run else Review(),
        stored,
        {key: _since(own) for key, own in history.items()},
        plans[-1][0] if plans else None,
        _judged(s, stored, history),
        reasons(s, document.id, tolerance),
        facts.all_of(s, document.id),
    )


def _since(own: Sequence[Mark]) -> dt.datetime:
    """When the present text was first the section's: to confirm it makes no other."""
    at = len(own) - 1
    while at and own[at].kind == KEPT:
        at -= 1
    return own[at].created_at


def _judged(
    s: Session, stored: Sequence[StoredScore], history: History
) -> dict[tuple[str, str], str]:
    wanted: dict[tuple[str, str], int] = {}
    for verdict in stored:
        if verdict.score.name == JUDGE:
            wanted |= dict(_at(verdict, history))
    found = revisions.texts(s, set(wanted.values()))
    return {which: found[revision] for which, revision in wanted.items()}


def _at(verdict: StoredScore, history: History) -> Iterator[tuple[tuple[str, str], int]]:
    """The revisions that a verdict is about."""
    key = verdict.section_key
    for other, own in history.items():
        before = [mark.id for mark in own if mark.created_at <= verdict.created_at]
        if before and key in (WHOLE, other):
            yield (key, other), before[-1]


def _moved(finding: Finding, judged: str | None, texts: Mapping[str, str]) -> Finding | None:
    """A finding at the words that it is about; None where they are gone, or it names none."""
    present = texts.get(finding.section)
    if judged is None or present is None:
        return None
    if finding.start is None or finding.end is None:
        return finding if judged == present else None
    place = relocate(judged, present, (finding.start, finding.end))
    return replace(finding, start=place[0], end=place[1]) if place else None
