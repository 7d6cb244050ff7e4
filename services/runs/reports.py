"""What a run has come to, in numbers, and the scorecard of its document."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from agents.material.meaning import EMBEDDED
from core.errors import CancelledRunError, LLMError
from core.outcomes import error_of, outcome
from domain.request import WritingRequest
from domain.run import RunStatus
from domain.run_options import RunOptions
from domain.score import Score
from services.runs.review import Review, review_of
from storage import documents, events, outlines, runs, scores, sections
from storage.ledger import totals

STOPPED = outcome(CancelledRunError("")).exit_code


@dataclass(frozen=True)
class SectionReport:
    """One section in numbers."""

    key: str
    heading: str
    words: int
    target: int
    status: str


@dataclass(frozen=True)
class RunReport:
    """The figures that `--json` prints; `words` and `target_words` in the request's own counter."""

    run_id: str
    document_id: str
    status: str
    reason: str
    reason_kind: str
    """The `kind` of the error it met; empty if none."""
    remedy: str
    """What a person can do about a pause."""
    title: str
    words: int
    target_words: int
    length_score: float
    """S_l of LongBench-Write, 0 to 100."""
    accepted: bool
    """Whether the length keeps the contract."""
    review: Review
    """What critic and reviser have come to."""
    outline_from: str
    """schema, lines, fallback or user; empty before there is a plan."""
    sections: int
    sections_written: int
    calls: int
    prompt_tokens: int
    completion_tokens: int
    cost: float
    """Of its calls, in the currency of the endpoints' prices; 0 where they have none."""
    seconds: float
    """Time worked on it, over all processes that did."""
    strategy: str
    strategy_why: str
    """Why this one, where the request left the choice open."""
    language: str
    models: dict[str, str]
    section_reports: tuple[SectionReport, ...]
    scores: tuple[Score, ...]
    """Of the whole document."""
    created_at: str
    reading: str = ""
    """How far the sources are read, "12/40"; empty: they are not being read."""
    reading_why: str = ""
    """How they were read, and why so: "chain: as the request says"."""
    found_by: str = ""
    """How their passages are found, where vectors were wanted: "words and meaning: lab/bge-m3"."""
    working: bool = False
    """Whether a living process works on it, this one or another."""

    @property
    def done(self) -> bool:
        """Whether there is nothing left to do."""
        return self.status == RunStatus.DONE

    @property
    def why(self) -> str:
        """Reason and remedy, to stand behind a colon; empty if it simply works or is done."""
        remedy = f"{self.remedy[:1].upper()}{self.remedy[1:]}"
        told = (text.rstrip(". ") for text in (self.reason, remedy))
        return " ".join(f"{text}." for text in told if text)

    @property
    def exit_code(self) -> int:
        """What a command that ends with this leaves with: 0, 130 if stopped, else the error's."""
        status = RunStatus(self.status)
        if status in (RunStatus.DONE, RunStatus.AWAITING_APPROVAL):
            return 0
        if self.reason_kind:
            return outcome(error_of(self.reason_kind, "", "")).exit_code
        return outcome(LLMError("")).exit_code if status is RunStatus.FAILED else STOPPED

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, details left out."""
        data = asdict(self)
        for name in ("section_reports", "scores"):
            del data[name]
        return {**data, "length_score": round(self.length_score, 2),
                "seconds": round(self.seconds, 3)}  # fmt: skip


def _told(s: Session, run_id: str) -> dict[str, Any]:
    """What was told when the run last changed its state."""
    told = events.of_type(s, run_id, "status")
    return told[-1].data if told else {}


def _reading(s: Session, run_id: str, request: WritingRequest) -> dict[str, str]:
    """How far the sources are read, how, and why so; nothing where there are none."""
    told = events.of_type(s, run_id, "reading") if request.sources else []
    if not told:
        return {}
    last = told[-1].data
    over = bool(events.of_type(s, run_id, "notes"))
    return {
        "reading": "" if over or not last["of"] else f"{last['done']}/{last['of']}",
        "reading_why": f"{last['method']}: {last['why']}",
    }


def _found_by(s: Session, run_id: str) -> str:
    """How passages are found; empty for a run that wanted no vectors."""
    told = events.of_type(s, run_id, EMBEDDED)
    failed = next((event.data["why"] for event in told if event.data["why"]), "")
    if not told or not failed:
        return f"words and meaning: {told[0].data['model']}" if told else ""
    since = " in what came later" if len(told) > 1 else ""
    return f"words alone{since}: {failed}"


def report(s: Session, owner_id: str, run_id: str) -> RunReport:
    """The report of a run; raises NotFoundError."""
    run = runs.get(s, owner_id, run_id)
    document = documents.get(s, owner_id, run.document_id)
    request = WritingRequest.model_validate(document.request)
    stored = [x for x in sections.all_of(s, document.id) if x.text]
    outline = outlines.latest(s, document.id)
    spent = totals(s, run.id)
    told = _told(s, run.id) if run.reason else {}
    words = sum(section.words for section in stored)
    whole = tuple(x.score for x in scores.latest(s, document.id) if not x.section_key)
    return RunReport(
        run_id=run.id,
        document_id=document.id,
        status=run.status,
        reason=run.reason,
        reason_kind=str(told.get("kind", "")),
        remedy=str(told.get("remedy", "")),
        title=document.title,
        words=words,
        target_words=request.length.required,
        length_score=request.length.s_l(words),
        accepted=request.length.accepts(words),
        review=review_of(s, run.id),
        outline_from=outline.source if outline else "",
        sections=len(outline.sections) if outline else 0,
        sections_written=len(stored),
        calls=spent.calls,
        prompt_tokens=spent.prompt_tokens,
        completion_tokens=spent.completion_tokens,
        cost=spent.cost,
        seconds=run.seconds,
        strategy=run.strategy,
        strategy_why=RunOptions.from_dict(run.options).why,
        language=request.language,
        models={role: str(entry["model"]) for role, entry in run.models.items()},
        section_reports=tuple(
            SectionReport(x.key, x.heading, x.words, x.target, x.status.value)
            for x in sections.all_of(s, document.id)
        ),
        scores=whole,
        created_at=run.created_at.isoformat(),
        **_reading(s, run.id, request),
        found_by=_found_by(s, run.id) if request.sources else "",
        working=runs.held(run),
    )
