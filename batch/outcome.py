"""What is kept of a row's run beside its text: its figures, or that it came to no text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from batch.filters import Objection
from core.errors import LLMError, LongleafError
from domain.dataset import RowStatus
from services.documents.lookup import Document
from services.runs.reports import RunReport

MOST = 500
"""Characters of a reason."""


class UnwrittenError(LLMError):
    """Sections of a document got no usable text, however they were asked for."""

    retry = True


def unwritten(reason: str, document: Document) -> str:
    """Which sections came to nothing, and what was wrong with each last answer; bounded."""
    told = dict.fromkeys(section.reason for section in document.sections if section.reason)
    return ": ".join(filter(None, (reason, "; ".join(told))))[:MOST]


def figures_of(report: RunReport) -> dict[str, Any]:
    """What a row says of its document beside the text: plain JSON values."""
    return {
        "run_id": report.run_id, "document_id": report.document_id, "title": report.title,
        "words": report.words, "target_words": report.target_words,
        "length_score": round(report.length_score, 2), "strategy": report.strategy,
        "models": report.models, "calls": report.calls,
        "prompt_tokens": report.prompt_tokens, "completion_tokens": report.completion_tokens,
        "cost": report.cost, "seconds": round(report.seconds, 3),
    }  # fmt: skip


def ending(why: LongleafError | None, left: int) -> tuple[str, dict[str, str]]:
    """A batch's status when nobody works on it any more, and what it says of the reason.

    Args:
        why: what stopped it; None: nothing, or a person.
        left: rows that are not settled.
    """
    status = "paused" if why else "stopped" if left else "done"
    told = {"kind": why.kind, "message": why.message, "remedy": why.remedy} if why else {}
    return status, told


def verdict(
    figures: dict[str, Any], against: Sequence[Objection]
) -> tuple[RowStatus, str, dict[str, Any]]:
    """Where a row with a text stands: its status, the reason, and what is kept of it."""
    if not against:
        return RowStatus.DONE, "", figures
    first = against[0]
    told = {**figures, "score": first.score, "detail": first.detail}
    return RowStatus.REJECTED, first.reason, told
