"""Questions about a text, answered by a judge: yes or no, or by degrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, create_model, model_validator

from core.errors import LLMError
from evaluators.published.hellobench import ANSWERS
from services.judging.judge import Judge, normal_keys

TEMPLATE = "judge/checklist"
_ROOM_EACH = 64
"""Tokens of answer for each question, and thrice that besides."""


@dataclass(frozen=True)
class Answers:
    """What a judge answered; `values` is None, *unscored*, where it could not be read."""

    values: tuple[float, ...] | None
    """For each question 0 to 1."""
    reason: str = ""
    raw: tuple[str, ...] = ()
    cut: bool = False
    """Whether only the beginning of the text was read, because the rest does not fit."""


def _degree(value: object) -> object:
    """One of the five degrees; truth is 1."""
    number = float(value) if isinstance(value, bool | int | float | str) else -1.0
    if number not in ANSWERS:
        raise ValueError("an answer is 0, 0.25, 0.5, 0.75 or 1")
    return number


class _Form(BaseModel):
    @model_validator(mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return {"answers": value} if isinstance(value, list) else normal_keys(value)


def _form(count: int, *, graded: bool) -> type[_Form]:
    degree = Annotated[
        float, BeforeValidator(_degree), Field(json_schema_extra={"enum": list(ANSWERS)})
    ]
    item: Any = degree if graded else bool
    field = (list[item], Field(min_length=count, max_length=count))
    return create_model("Form", __base__=_Form, answers=field)


async def judge_answers(
    judge: Judge,
    text: str,
    questions: Sequence[str],
    *,
    prompt: str = "",
    graded: bool = False,
    tries: int = 5,
    temperature: float = 0.5,
    seed: int | None = None,
    most: int | None = None,
) -> Answers:
    """Have questions about a text answered.

    Args:
        judge: who answers.
        text: anybody's; what does not fit the judge's window is left out at its end.
        questions: at least one.
        prompt: what was asked for; empty: not told.
        graded: answers by degrees (0, 0.25, 0.5, 0.75, 1); else true or false.
        tries: how often, at most, until an answer can be read.
        temperature: how it is drawn.
        seed: of the first draw.
        most: tokens of the text that are read at most.

    Raises:
        LLMError: the judge cannot be used at present; any other failure leaves *unscored*.
    """
    asked = [" ".join(question.split()) for question in questions]
    answer = _ROOM_EACH * (len(asked) + 3)
    told: dict[str, Any] = {"prompt": prompt, "questions": asked, "graded": graded}
    room = judge.room(TEMPLATE, answer, **told)
    seen = judge.beginning(text, room if most is None else min(room, most))
    if not seen.strip():
        return Answers(None, f"a window of {judge.window:,} tokens leaves no room for the text")
    form = _form(len(asked), graded=graded)
    try:
        verdict = await judge.ask(
            TEMPLATE, form, tries=tries, answer=answer, temperature=temperature, seed=seed,
            text=seen, **told,
        )  # fmt: skip
    except LLMError as error:
        if error.pauses:
            raise
        return Answers(None, error.message)
    cut = len(seen) < len(text)
    if verdict.value is None:
        return Answers(None, verdict.reason, verdict.answers, cut)
    values = verdict.value.model_dump()["answers"]
    return Answers(tuple(map(float, values)), "", verdict.answers, cut)
