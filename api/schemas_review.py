"""What is wrong with a document, and what a model proposes instead, as it crosses HTTP."""

from __future__ import annotations

from dataclasses import asdict
from typing import Literal

from pydantic import BaseModel, Field

from api.schemas_documents import DiffPiece
from api.schemas_runs import Body, example
from domain.score import Score
from services.documents.sections import MAX_INSTRUCTION
from services.documents.staleness import Reason
from services.editing.proposals import Proposal
from services.evaluation.examination import Examination, SectionExamination
from services.evaluation.remarks import Remark


class PlaceOut(BaseModel):
    """A passage of a section's present text."""

    section: str
    start: int = Field(description="In characters (code points).")
    end: int
    start16: int = Field(description="In UTF-16 code units, as browsers and editors count.")
    end16: int
    quote: str


class FindingOut(BaseModel):
    """One thing that is wrong with the present text."""

    id: str = Field(description="The same as long as gate, section, message and quote are.")
    gate: str = Field(description="What found it; `judge` is the critic.")
    severity: Literal["note", "warn", "fail"]
    message: str
    section: str = Field(description="Empty: it is about the document.")
    start: int | None = Field(description="In characters; null: it is about the whole section.")
    end: int | None
    start16: int | None
    end16: int | None
    quote: str
    fixable: bool = Field(description="Whether a model can be asked to mend it.")
    others: list[PlaceOut] = Field(
        description="Where else: what it repeats, contradicts, or must meet."
    )

    @classmethod
    def of(cls, remark: Remark) -> FindingOut:
        """From a remark."""
        finding, place = remark.finding, remark.place
        where = asdict(place) if place else dict.fromkeys(("start", "end", "start16", "end16"))
        return cls.model_validate({
            "quote": "", **where, "id": remark.id, "gate": finding.gate,
            "severity": finding.severity.name.lower(), "message": finding.message,
            "section": finding.section, "fixable": remark.fixable,
            "others": [asdict(other) for other in remark.others],
        })  # fmt: skip


class ScoreOut(BaseModel):
    """What one evaluator says."""

    name: str
    value: float | None = Field(description="0 to 100, 100 best; null: unscored.")
    reason: str = Field(description="Why it is unscored, or how the review ended.")

    @classmethod
    def of(cls, score: Score) -> ScoreOut:
        """From a score."""
        return cls(name=score.name, value=score.value, reason=score.reason)


class StaleOut(BaseModel):
    """One reason why a section may no longer fit."""

    kind: Literal["before", "after", "plan"] = Field(
        description="The section before or after it was changed, or its own plan."
    )
    section: str
    heading: str
    fields: list[str] = Field(description="What differs in its plan.")

    @classmethod
    def of(cls, reason: Reason) -> StaleOut:
        """From a reason."""
        return cls.model_validate(asdict(reason.change))


class SectionReviewOut(BaseModel):
    """What is wrong with one section."""

    key: str
    status: str
    stale: bool = Field(description="Whether what it must fit was changed since it was written.")
    stale_why: str
    stale_reasons: list[StaleOut]
    scores: list[ScoreOut]
    findings: list[FindingOut]

    @classmethod
    def of(cls, seen: SectionExamination) -> SectionReviewOut:
        """From an examination."""
        return cls(
            key=seen.section.key,
            status=seen.section.status.value,
            stale=bool(seen.reasons),
            stale_why="; ".join(str(reason.change) for reason in seen.reasons),
            stale_reasons=[StaleOut.of(reason) for reason in seen.reasons],
            scores=[ScoreOut.of(score) for score in seen.scores],
            findings=[FindingOut.of(remark) for remark in seen.remarks],
        )


class RoundsOut(BaseModel):
    """What the run's own review has done."""

    judged: int = Field(description="Sections with a verdict.")
    revised: int
    unscored: int
    document: int = Field(description="Times that the whole was revised.")


class ReviewOut(BaseModel):
    """What is wrong with the present text of a document."""

    quality: float | None = Field(description="S_q of the run's critic, 0 to 100; null: unscored.")
    why: str = Field(description="Why the run's review ended; empty: there was none.")
    rounds: RoundsOut
    document: list[ScoreOut]
    findings: list[FindingOut] = Field(description="Those about no section in particular.")
    sections: list[SectionReviewOut]

    @classmethod
    def of(cls, seen: Examination) -> ReviewOut:
        """From an examination."""
        told = seen.review
        return cls(
            quality=told.quality,
            why=told.why,
            rounds=RoundsOut(
                judged=told.judged, revised=told.revised, unscored=told.unscored,
                document=told.rounds,
            ),
            document=[ScoreOut.of(score) for score in seen.scores],
            findings=[FindingOut.of(remark) for remark in seen.remarks],
            sections=[SectionReviewOut.of(section) for section in seen.sections],
        )  # fmt: skip


class FixIn(Body):
    """Which finding is to be mended."""

    model_config = example(finding="3f9a61c20d84b7e5")

    finding: str = Field(min_length=1, max_length=40, description="Its id in the review.")
    instruction: str = Field("", max_length=MAX_INSTRUCTION, description="What else is wanted.")


class AlignIn(Body):
    """What is wanted beside what has changed."""

    instruction: str = Field("", max_length=MAX_INSTRUCTION)


class UsageOut(BaseModel):
    """What was spent, failed tries included."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    calls: int
    cost: float = Field(description="In the currency of the endpoints' prices.")


class ProposalOut(BaseModel):
    """A text that may come to stand in a section's place; it is stored nowhere."""

    text: str = Field(description="The whole section, without its heading.")
    words: int
    pieces: list[DiffPiece] = Field(description="How the present text becomes it.")
    accepted: bool = Field(
        description="Whether the gates say nothing worse of it, and what was found is gone."
    )
    usage: UsageOut
    revision: int = Field(description="The text that it was made from: its ETag for accepting.")

    @classmethod
    def of(cls, proposal: Proposal) -> ProposalOut:
        """From a proposal."""
        return cls.model_validate(asdict(proposal))
