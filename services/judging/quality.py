"""The quality of a text as LongBench-Write grades it: six dimensions, S_q, and who said so when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from agents.review.reply import Grade
from core.errors import ContextOverflowError, LLMError
from domain.critique import DIMENSIONS as KEYS
from evaluators.published.longbench_write import DIMENSIONS, s_q
from services.judging.judge import Judge, Verdict, normal_keys, today
from services.judging.parts import parts_of

TEMPLATE = "judge/quality"
TRIES = 5
ANSWER = 1024
"""Tokens; this and the next as published."""
TEMPERATURE = 0.5
FEWEST = 256
"""Tokens of text that a part must have room for."""
_SMALLER = 3
"""How often parts are halved whose size an endpoint refuses."""
_REMARKS = 600


class Grades(BaseModel):
    """What a judge answers: first what it sees, then grades."""

    remarks: Annotated[str, BeforeValidator(lambda said: str(said)[:_REMARKS])] = Field(
        "", max_length=_REMARKS
    )
    relevance: Grade
    accuracy: Grade
    coherence: Grade
    clarity: Grade
    breadth_and_depth: Grade
    reading_experience: Grade

    @model_validator(mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        return normal_keys(value)

    def by_dimension(self) -> dict[str, int]:
        """The grades under the names that were published."""
        return {name: getattr(self, key) for name, key in zip(DIMENSIONS, KEYS, strict=True)}


@dataclass(frozen=True)
class Quality:
    """What one text is worth to a judge."""

    s_q: float | None
    """0 to 100; None, *unscored*, with the reason."""
    dimensions: dict[str, float]
    """Grades, 1 to 5, by dimension; means where the text was judged in parts; empty if unscored."""
    reason: str
    judge: str
    """The model."""
    at: str
    """ISO 8601, UTC."""
    parts: int
    """How many pieces the text was judged in."""
    answers: tuple[str, ...]
    """As they came."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)


async def judge_quality(judge: Judge, text: str, prompt: str = "") -> Quality:
    """Have a text graded.

    One that does not fit the judge's window is judged in parts of whole sections, as large as
    fit; its grades are then means over the parts, weighted by their tokens. If one part is
    unscored, so is the text.

    Args:
        judge: who grades.
        text: anybody's.
        prompt: what was asked for; empty: unknown.

    Raises:
        LLMError: the judge cannot be used at present; any other failure leaves *unscored*.
    """
    if not text.strip():
        return _unscored(judge, "there is no text", 0)
    try:
        return await _in_parts(judge, text, prompt)
    except LLMError as error:
        if error.pauses:
            raise
        return _unscored(judge, error.message, 1)


async def _in_parts(judge: Judge, text: str, prompt: str) -> Quality:
    room = judge.room(TEMPLATE, ANSWER, prompt=prompt, position="part 99 of 99")
    for _ in range(_SMALLER):
        if room < FEWEST:
            break
        parts = parts_of(text, room, judge.cost)
        try:
            return await _graded(judge, parts, prompt)
        except ContextOverflowError:
            room //= 2
    reason = f"its window of {judge.window:,} tokens leaves no room for a text"
    return _unscored(judge, reason, 0)


async def _graded(judge: Judge, parts: Sequence[str], prompt: str) -> Quality:
    answers: list[str] = []
    grades: list[dict[str, int]] = []
    for number, part in enumerate(parts, 1):
        position = f"part {number} of {len(parts)}" if len(parts) > 1 else ""
        verdict: Verdict[Grades] = await judge.ask(
            TEMPLATE, Grades, tries=TRIES, answer=ANSWER, temperature=TEMPERATURE,
            text=part, prompt=prompt, position=position,
        )  # fmt: skip
        answers += verdict.answers
        if verdict.value is None:
            where = f"{position}: " if position else ""
            return _unscored(judge, where + verdict.reason, len(parts), answers)
        grades.append(verdict.value.by_dimension())
    weights = [float(judge.cost(part)) for part in parts]
    means = {name: fmean([grade[name] for grade in grades], weights) for name in DIMENSIONS}
    shown = {key: round(mean, 2) for key, mean in zip(KEYS, means.values(), strict=True)}
    score = fmean([s_q(grade) or 0.0 for grade in grades], weights)
    return Quality(round(score, 2), shown, "", judge.name, today(), len(parts), tuple(answers))


@dataclass(frozen=True)
class Bill:
    """What a judgement would take, at the least one answer for each part."""

    model: str
    calls: int
    """0: its window has no room for a text."""
    tokens: int
    """Of prompts and answers; an upper estimate for so many calls."""
    cost: float | None
    """In the currency of the endpoint's prices; None where it has none."""


def quality_bill(judge: Judge, text: str, prompt: str = "") -> Bill:
    """What `judge_quality` would take; counts tokens, which takes seconds for a book.

    Args:
        judge: who would be asked.
        text: what would be judged.
        prompt: what the text answers.
    """
    room = judge.room(TEMPLATE, ANSWER, prompt=prompt, position="part 99 of 99")
    if room < FEWEST:
        return Bill(judge.name, 0, 0, None)
    parts = parts_of(text, room, judge.cost)
    frame = judge.window - ANSWER - room
    sent = sum(judge.cost(part) for part in parts) + frame * len(parts)
    answers = ANSWER * len(parts)
    endpoint = judge.line.endpoint
    cost = (sent * endpoint.price_prompt + answers * endpoint.price_completion) / 1e6
    return Bill(judge.name, len(parts), sent + answers, cost or None)


def _unscored(judge: Judge, reason: str, parts: int, answers: Sequence[str] = ()) -> Quality:
    return Quality(None, {}, reason, judge.name, today(), parts, tuple(answers))
