"""What a page shows of a run that is being written: figures, and sections with their texts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from domain.pace import remaining_seconds
from domain.run import RunStatus
from services.runs.job import Job
from services.runs.views import RunView, SectionView

TENTHS = 1


@dataclass(frozen=True)
class Picture:
    """A run at one moment, as plain JSON values."""

    facts: dict[str, Any]
    """What is told at once when it changes."""
    figures: dict[str, Any]
    """What changes all the time."""
    sections: tuple[SectionView, ...]

    @property
    def whole(self) -> dict[str, Any]:
        """All of it but the sections."""
        return {**self.facts, **self.figures}


def picture(view: RunView, job: Job | None) -> Picture:
    """The run as a page shows it.

    Args:
        view: what is stored, with what streams laid over it.
        job: this process's work on it.
    """
    working = job is not None and not job.ended
    spend = {"prompt_tokens": view.prompt_tokens, "completion_tokens": view.completion_tokens,
             "cost": round(view.cost, 6)}  # fmt: skip
    facts = {
        "run_id": view.run_id, "document_id": view.document_id, "title": view.title,
        "phase": view.phase, "reason": view.reason, "target": view.target, "unit": view.unit,
        "live": view.live,
        "reading": list(job.reading) if job and working and job.reading else None,
    }  # fmt: skip
    figures: dict[str, Any] = {
        "words": view.words, "accepted": view.accepted, "calls": view.calls, "spend": spend,
        "seconds": round(view.seconds + (job.meter.seconds if job and working else 0), TENTHS),
        "eta": None, "tokens_per_second": None,
    }  # fmt: skip
    if job is not None and working:
        speed, eta = job.meter.tokens_per_second, _eta(view, job)
        figures["tokens_per_second"] = None if speed is None else round(speed, TENTHS)
        figures["eta"] = None if eta is None else round(eta)
    return Picture(facts, figures, tuple(_shown(section, job) for section in view.sections))


def _eta(view: RunView, job: Job) -> float | None:
    """Seconds until every section has its text; what follows the writing is not known."""
    if view.phase not in (RunStatus.PLANNING, RunStatus.WRITING) or not view.sections:
        return None
    gained, seconds = job.meter.gained(view.words)
    left = [x.target - x.words for x in view.sections if x.state in ("planned", "writing")]
    return remaining_seconds(left, gained, seconds, job.meter.most_open)


def _shown(section: SectionView, job: Job | None) -> SectionView:
    """A section that has a stored text and is being changed is `revising`."""
    if job is None or job.ended or not section.text or section.state in ("locked", "writing"):
        return section
    if section.key in job.mending or section.key in job.open:
        return replace(section, state="revising")
    return section
