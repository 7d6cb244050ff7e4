"""What is kept of a row that was written: its figures, and whether it is worth training on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.errors import LLMError
from services.reports import RunReport


class UnwrittenError(LLMError):
    """Sections of a document got no usable text, however they were asked for."""

    retry = True


@dataclass(frozen=True)
class Refusal:
    """Why a document does not go into the data."""

    reason: str
    """In a word or two, the same for the same kind of reason."""
    score: float | None = None
    """What was measured."""
    detail: str = ""
    """For people."""


Check = Callable[[RunReport], Refusal | None]
"""What refuses a finished document; None: it is worth keeping."""


def keeps_length(report: RunReport) -> Refusal | None:
    """The check that every batch has: a document outside its length contract is refused.

    The score is S_l of LongBench-Write, 0 to 100.
    """
    if report.accepted:
        return None
    return Refusal(
        "length", round(report.length_score, 2), f"{report.words:,} of {report.target_words:,}"
    )


def figures_of(report: RunReport) -> dict[str, Any]:
    """What a row says of its document beside the text: plain JSON values."""
    return {
        "run_id": report.run_id, "document_id": report.document_id, "title": report.title,
        "words": report.words, "target_words": report.target_words,
        "length_score": round(report.length_score, 2), "language": report.language,
        "strategy": report.strategy, "models": report.models, "calls": report.calls,
        "prompt_tokens": report.prompt_tokens, "completion_tokens": report.completion_tokens,
        "cost": report.cost, "seconds": round(report.seconds, 3),
        "scores": {score.name: score.value for score in report.scores},
    }  # fmt: skip
