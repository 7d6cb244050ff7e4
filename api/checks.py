"""Checks of any text over HTTP: scores and findings of the deterministic evaluators."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.caller import Reader
from api.problems import problems
from api.schemas_runs import Body, example
from domain.constraints.constraint import MOST
from domain.constraints.demand import Demand
from services.evaluation.checks import MAX_TEXT, check_text

router = APIRouter(prefix="/api/v1/checks", tags=["checks"])

Line = Annotated[str, Field(max_length=500)]


class CheckIn(Body):
    """A text to be checked."""

    model_config = example(
        text="Sure! Here is the text: The tide rises twice a day, and falls as often.", words=20
    )

    text: str = Field(max_length=MAX_TEXT, description="Markdown or plain.")
    prompt: str = Field(
        "", max_length=100_000, description="What it answers; a length stated in it counts."
    )
    words: int | Line | None = Field(None, description="The length asked for; or a phrase.")
    constraints: list[Demand] = Field(
        default_factory=list,
        max_length=MOST,
        description='What must be in it or not; its headings tell parts. "a recipe @ every 3".',
    )
    language: Line = Field("", description="A code or a name; empty: found in the text.")


class ScoreOut(BaseModel):
    """What one evaluator says."""

    value: float | None = Field(description="0 to 100, 100 best; null: unscored.")
    reason: str
    failed: bool


class FindingOut(BaseModel):
    """One thing that was found; without a place it concerns the whole text."""

    gate: str
    severity: str = Field(description="note, warn or fail.")
    message: str
    section: str
    start: int | None = Field(description="Offset in characters (Unicode code points).")
    end: int | None
    start_utf16: int | None = Field(description="The same in UTF-16 code units, as editors count.")
    end_utf16: int | None
    line: int = Field(description="From 1; 0 where it concerns the whole text.")
    excerpt: str


class CheckOut(BaseModel):
    """The scorecard of a text."""

    counts: dict[str, int] = Field(description="Its length by each counter.")
    language: str = Field(description="As given or found; empty where it cannot be told.")
    required: int = Field(description="The length asked for; 0: none.")
    s_l: float | None = Field(description="The length score, 0 to 100; null: unscored.")
    accepted: bool
    failed: bool
    scores: dict[str, ScoreOut]
    findings: list[FindingOut] = Field(description="Worst first.")


@router.post("", response_model=CheckOut, responses=problems(413))
async def check(body: CheckIn, caller: Reader) -> Any:
    """Check a text.

    Length, repetitions, scaffolding, refusals, language, ending and more; no model is asked.
    """
    return await check_text(
        body.text,
        prompt=body.prompt,
        words=body.words,
        language=body.language,
        demands=tuple(one.constraint() for one in body.constraints),
        thresholds=caller.services.runs.policy.thresholds,
    )
