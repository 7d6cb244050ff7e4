"""Which finished samples are good enough to learn from, and for each that is not, why."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from batch.records import Sample
from core.errors import RequestError
from domain.score import Score
from evaluators.base import Subject
from evaluators.suite import broken, document_gates, evaluate
from evaluators.thresholds import DEFAULTS, Thresholds

Fault = Literal[
    "empty", "refusal", "language", "repetition", "length", "failed_gates", "unscored", "judge",
    "contaminated", "near_duplicate",
]  # fmt: skip
_NAMED: tuple[Fault, ...] = ("refusal", "language", "repetition")
_OWN = (*_NAMED, "length")
"""Gates that are a reason of their own."""


@dataclass(frozen=True)
class Limits:
    """What is asked of a sample; what is None or False is not asked.

    Raises `RequestError` where a limit is outside its range.
    """

    length_score: float | None = 80.0
    """The least S_l, 0 to 100, of a text whose length was asked for. One that is 29 % too short
    or 60 % too long has 80; a document that keeps its contract has 98."""
    repetition: bool = True
    """Whether copies and loops are refused."""
    language: bool = True
    """Whether a text must be in the language that was asked for."""
    gates: bool = True
    """Whether any other gate that fails refuses the text."""
    judge_score: float | None = None
    """The least score of a judge, 0 to 100; a text without one is then `unscored`."""
    prompt_similarity: float | None = None
    """From this similarity on, 0 to 1, a later prompt is a copy and is not written. Off, since
    equal prompts may be meant; at 0.8, one word in thirty may be another."""
    answer_similarity: float | None = 0.8
    """From this similarity on, 0 to 1, a later answer is a copy."""
    contamination: int = 13
    """Words in a row (twice as many characters in Chinese, Japanese, Korean) that a text may not
    share with a benchmark, where one is given."""

    def __post_init__(self) -> None:
        for name, most in (("length_score", 100), ("judge_score", 100),
                           ("prompt_similarity", 1), ("answer_similarity", 1)):  # fmt: skip
            value = getattr(self, name)
            if value is not None and not 0 < value <= most:
                raise RequestError(
                    f"{name} must be above 0 and at most {most}, not {value}",
                    "Leave it out where nothing is asked.",
                )
        if not 5 <= self.contamination <= 100:
            raise RequestError("contamination needs 5 to 100 words in a row", "13 is usual.")


DEFAULT = Limits()


@dataclass(frozen=True)
class Objection:
    """Why a sample is not used."""

    reason: Fault
    detail: str
    """For people."""
    score: float | None = None
    """What was measured, 0 to 100, where it is a number."""


def scored(sample: Sample, thresholds: Thresholds = DEFAULTS) -> Sample:
    """The sample with what the deterministic gates say of its answer. Milliseconds a page."""
    subject = Subject(
        text=sample.answer, language=sample.language, scope="document", length=sample.length,
        counter=sample.length.counter if sample.length else "words", prompt=sample.prompt,
        last=True,
    )  # fmt: skip
    return replace(sample, scores=evaluate(subject, document_gates(thresholds)))


def objections(sample: Sample, limits: Limits = DEFAULT) -> tuple[Objection, ...]:
    """All that speaks against a sample, what makes the rest pointless first; empty for a good one.

    Args:
        sample: with its scores (see `scored`); one without any is `unscored`.
        limits: what is asked.
    """
    return tuple(_found(sample, limits))


def _found(sample: Sample, limits: Limits) -> Iterator[Objection]:
    if not sample.answer.strip():
        yield Objection("empty", "there is no text")
        return
    scores = {score.name: score for score in sample.scores}
    asked = {"refusal": True, "language": limits.language, "repetition": limits.repetition}
    for name in _NAMED:
        if asked[name] and name in scores and scores[name].failed:
            yield Objection(name, _told(scores[name]), scores[name].value)
    yield from _length(sample, limits)
    if limits.gates:
        yield from _others(sample)
    yield from _unscored(sample)
    yield from _judge(sample, limits)


def _length(sample: Sample, limits: Limits) -> Iterator[Objection]:
    if limits.length_score is None or sample.length is None:
        return
    score = sample.length.s_l(sample.written)
    if score < limits.length_score:
        asked = f"{sample.written:,} written, {sample.length.describe('en')} asked for"
        yield Objection("length", asked, round(score, 1))


def _others(sample: Sample) -> Iterator[Objection]:
    failed = [score for score in sample.scores if score.failed and score.name not in _OWN]
    if failed:
        names = ", ".join(score.name for score in failed)
        yield Objection("failed_gates", f"{names}: {_told(failed[0])}", failed[0].value)


def _unscored(sample: Sample) -> Iterator[Objection]:
    """A gate that broke has not passed anything."""
    if not sample.scores:
        yield Objection("unscored", "no gate has looked at it")
    elif failed := broken(sample.scores):
        yield Objection("unscored", f"{failed[0].name}: {failed[0].reason}"[:200])


def _judge(sample: Sample, limits: Limits) -> Iterator[Objection]:
    if limits.judge_score is None:
        return
    if sample.judged is None or not math.isfinite(sample.judged):
        yield Objection(
            "unscored", f"no judge's score: {sample.unjudged or 'none was asked'}"[:200]
        )
    elif sample.judged < limits.judge_score:
        yield Objection("judge", f"below {limits.judge_score:g}", sample.judged)


def _told(score: Score) -> str:
    return score.findings[0].message[:200] if score.findings else score.name
