"""What the evaluators have said about a document and its sections."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from domain.run import Hold
from domain.score import Finding, Score, Severity
from storage import documents, runs
from storage.base import now
from storage.tables import ScoreRow


@dataclass(frozen=True)
class StoredScore:
    """A verdict and what it is about; an empty key means the whole document."""

    section_key: str
    score: Score
    created_at: dt.datetime


def save(s: Session, hold: Hold, document_id: str, section_key: str, *given: Score) -> None:
    """Add verdicts; earlier ones of the same evaluators stay as history.

    Raises:
        StaleHolderError: another process holds the run.
        NotFoundError: no such document.
    """
    runs.check(s, hold)
    owner_id = documents.lock(s, document_id)
    rows = [
        {
            "document_id": document_id, "owner_id": owner_id, "run_id": hold.run_id,
            "section_key": section_key, "name": score.name, "version": score.version,
            "value": score.value, "reason": score.reason,
            "findings": [finding.to_dict() for finding in score.findings],
            "created_at": now(),
        }
        for score in given
    ]  # fmt: skip
    if rows:
        s.execute(insert(ScoreRow), rows)


def latest(s: Session, document_id: str) -> Sequence[StoredScore]:
    """The last verdict of every evaluator on every section, ordered by section key and name."""
    newest = (
        select(func.max(ScoreRow.id))
        .where(ScoreRow.document_id == document_id)
        .group_by(ScoreRow.section_key, ScoreRow.name)
    )
    query = select(ScoreRow).where(ScoreRow.id.in_(newest))
    return [
        StoredScore(row.section_key, _score(row), row.created_at)
        for row in s.scalars(query.order_by(ScoreRow.section_key, ScoreRow.name))
    ]


def _score(row: ScoreRow) -> Score:
    findings = tuple(_finding(data) for data in row.findings)
    return Score(row.name, row.version, row.value, row.reason, findings)


def _finding(data: dict[str, Any]) -> Finding:
    other = data.get("elsewhere")
    return Finding(
        **{
            **data, "severity": Severity[data["severity"].upper()],
            "elsewhere": tuple(other) if other else None,
        }
    )  # fmt: skip
