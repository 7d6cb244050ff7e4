"""How a document is copied: its request, plan and present texts; the copy shares no row with it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.run import RunStatus
from storage import documents, events, facts, notes, outlines, revisions, runs, scores, summaries
from storage.base import now
from storage.library import last_run
from storage.tables import (
    DocumentRow,
    OutlineRow,
    RevisionRow,
    RunRow,
    ScoreRow,
    SectionRow,
)

COPIED = "this is a copy"
"""Why its run does not go on by itself."""
_TOLD = "reviewed"


def duplicate(s: Session, owner_id: str, document_id: str, title: str) -> DocumentRow:
    """Make a document with the same request, plan, texts, memory and verdicts.

    Its run is one of its own, with the original's strategy, models and caps: done, or waiting for
    approval, where that was; else stopped, so that it can be gone on with. Earlier texts and the
    journal are not copied.

    Args:
        s: the session.
        owner_id: whose both are.
        document_id: the original, which stays as it is.
        title: the copy's.

    Raises:
        NotFoundError: there is none.
    """
    old = documents.get(s, owner_id, document_id)
    documents.lock(s, old.id)
    new = documents.create(s, owner_id, title, dict(old.request))
    run = last_run(s, old.id)
    run_id = _run(s, run, new.id).id if run is not None else None
    _outline(s, old.id, new)
    _sections(s, old.id, new, run.id if run else None, run_id)
    notes.copy(s, old.id, new.id)
    summaries.copy(s, old.id, new.id, new.owner_id)
    facts.put(s, new.id, facts.all_of(s, old.id).entries)
    if run is not None and run_id is not None:
        _verdicts(s, run, new, run_id)
    s.flush()
    return new


def _run(s: Session, old: RunRow, document_id: str) -> RunRow:
    options = {name: value for name, value in old.options.items() if name != "stop_as"}
    new = runs.create(
        s, document_id, old.owner_id, old.strategy, dict(old.models), old.seed, options
    )
    status = RunStatus(old.status)
    rests = status in (RunStatus.DONE, RunStatus.AWAITING_APPROVAL)
    new.status = status.value if rests else RunStatus.CANCELLED.value
    if not rests:
        new.reason = COPIED
        news: dict[str, Any] = {"status": new.status, "reason": COPIED, "kind": "", "remedy": ""}
        events.append(s, new.id, "status", news)
    s.flush()
    return new


def _outline(s: Session, old_id: str, new: DocumentRow) -> None:
    plan = outlines.latest(s, old_id)
    if plan is None:
        return
    s.add(
        OutlineRow(
            document_id=new.id, owner_id=new.owner_id, version=1, data=plan.to_dict(),
            approved_at=now() if outlines.approved(s, old_id) else None,
        )
    )  # fmt: skip


def _sections(
    s: Session, old_id: str, new: DocumentRow, old_run: str | None, new_run: str | None
) -> None:
    query = select(SectionRow).where(SectionRow.document_id == old_id).order_by(SectionRow.position)
    for row in s.scalars(query).all():
        copied = SectionRow(
            document_id=new.id, owner_id=new.owner_id, key=row.key, position=row.position,
            heading=row.heading, target=row.target, status=row.status, reason=row.reason,
        )  # fmt: skip
        text = s.get(RevisionRow, row.revision_id) if row.revision_id is not None else None
        if text is not None:
            same = new_run if text.run_id == old_run else None
            copied.revision_id = revisions.add(
                s,
                RevisionRow(
                    document_id=new.id, owner_id=new.owner_id, section_key=row.key, number=0,
                    text=text.text, words=text.words, kind=text.kind, author=text.author,
                    run_id=same,
                ),
            )  # fmt: skip
        s.add(copied)


def _verdicts(s: Session, old: RunRow, new: DocumentRow, run_id: str) -> None:
    """What evaluators and critic have said of these texts."""
    for found in scores.latest(s, old.document_id):
        score = found.score
        s.add(
            ScoreRow(
                document_id=new.id, owner_id=new.owner_id, run_id=run_id,
                section_key=found.section_key, name=score.name, version=score.version,
                value=score.value, reason=score.reason,
                findings=[finding.to_dict() for finding in score.findings],
            )
        )  # fmt: skip
    for event in events.of_type(s, old.id, _TOLD):
        events.append(s, run_id, _TOLD, event.data)
