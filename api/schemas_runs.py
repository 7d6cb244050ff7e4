"""Runs and outlines as they cross HTTP."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.schemas_demands import DemandsIn
from domain.length.contract import MAX_LENGTH, MIN_LENGTH
from domain.request import MAX_PROMPT, MAX_SOURCES, Memory, Reading
from domain.run_options import Caps
from services.runs.reports import RunReport

Text = Annotated[str, Field(max_length=500)]
Heading = Annotated[str, Field(min_length=1, max_length=300)]


class Body(BaseModel):
    """What a client sends: unknown fields are errors, so that a typing slip is noticed."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


def example(**fields: Any) -> ConfigDict:
    """What `/docs` fills in for a body: one that works."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


class CapsIn(Body):
    """What a run may spend before it pauses."""

    calls: int | None = Field(None, ge=1, le=10**9)
    tokens: int | None = Field(None, ge=1, le=10**12)
    cost: float | None = Field(None, gt=0, le=10**9, description="By the endpoints' prices.")

    def caps(self) -> Caps:
        """As a run keeps them."""
        return Caps(self.calls, self.tokens, self.cost)


class RunIn(DemandsIn, Body):
    """A document to be written. Only the prompt is needed: it may state length and language."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"prompt": "A report on tidal power in Europe", "words": 3000},
                {"prompt": "写一篇关于城市树木的文章，三千字左右", "approve": "ask"},
            ]
        }
    )

    prompt: str = Field(min_length=1, max_length=MAX_PROMPT)
    words: int | Text | None = Field(
        None, description=f"{MIN_LENGTH} to {MAX_LENGTH:,}, or a phrase: 'at least 3,000 words'."
    )
    language: Text | None = Field(None, description="Such as en, zh, French.")
    kind: Text | None = None
    audience: Text | None = None
    tone: Text | None = None
    style: Text | None = Field(None, description="A style profile of yours, by id or name.")
    must_include: list[Heading] | None = Field(None, max_length=100)
    sources: list[Annotated[str, Field(min_length=1, max_length=40)]] | None = Field(
        None, max_length=MAX_SOURCES, description="Ids of texts to draw on: /api/v1/sources."
    )
    only_sources: bool | None = Field(
        None, description="Nothing is claimed that does not stand in them."
    )
    reading: Reading | None = Field(None, description="How they are read before the plan.")
    strategy: Text | None = Field(None, description="See /api/v1/strategies.")
    approve: Literal["auto", "ask"] | None = Field(
        None, description="ask: the run waits with its outline until it is approved."
    )
    rounds: int | None = Field(None, ge=0, le=5)
    calibrate: bool | None = None
    memory: Memory | None = Field(
        None, description="What is kept of what the text says: by rules, or by a model as well."
    )
    seed: int | None = Field(None, ge=0, le=2**31 - 1)
    caps: CapsIn | None = None
    models: dict[Text, Text] | None = Field(
        None,
        max_length=8,
        description='Who serves a role: {"writer": "endpoint/model"}.',
    )

    def fields(self) -> dict[str, Any]:
        """What `make_request` takes."""
        told = self.model_dump(exclude={"caps", "models", "constraints"}, exclude_none=True)
        return told if self.constraints is None else {**told, "constraints": self.constraints}


class RunOut(BaseModel):
    """A run: where it stands, and what it has come to."""

    run_id: str
    document_id: str
    status: str
    reason: str = Field(description="Why it is not going on; empty otherwise.")
    reason_kind: str
    remedy: str
    title: str
    words: int
    target_words: int
    length_score: float = Field(description="S_l, 0 to 100.")
    accepted: bool = Field(description="Whether the length keeps the contract.")
    quality: float | None = Field(description="S_q of the critic, 0 to 100; null: unscored.")
    review: str
    outline_from: str
    sections: int
    sections_written: int
    calls: int
    prompt_tokens: int
    completion_tokens: int
    cost: float = Field(description="By the endpoints' prices; 0 where they have none.")
    seconds: float
    strategy: str
    strategy_why: str
    reading: str = Field("", description='How far the sources are read: "12/40"; else empty.')
    reading_why: str = Field("", description="How they were read, and why so.")
    found_by: str = Field("", description="How passages are found, where vectors were wanted.")
    language: str
    models: dict[str, str]
    created_at: str
    working: bool = Field(description="Whether a process works on it at present.")

    @classmethod
    def of(cls, report: RunReport) -> RunOut:
        """From a report."""
        review = {"quality": report.review.quality, "review": str(report.review)}
        return cls.model_validate({**report.to_dict(), **review})


class RunsOut(BaseModel):
    """Runs, newest first."""

    runs: list[RunOut]


class Wish(Body):
    """What is to be different."""

    model_config = example(instruction="More about what it costs.")

    instruction: str = Field(min_length=1, max_length=10_000)
