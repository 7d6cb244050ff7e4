"""Which finished samples are good enough to learn from, and for each that is not, why."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from batch.limits import DEFAULT, Limits
from batch.records import Sample
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
    if limits.min_words and sample.written < limits.min_words:
        yield Objection("length", f"{sample.written:,} written, less than {limits.min_words:,}")
    if limits.max_words and sample.written > limits.max_words:
        yield Objection("length", f"{sample.written:,} written, more than {limits.max_words:,}")
    if limits.min_length_score is None or sample.length is None:
        return
    score = sample.length.s_l(sample.written)
    if score < limits.min_length_score:
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
    if sample.judged is None or not math.isfinite(sample.judged):
        asked = sample.judged is not None or bool(sample.unjudged)
        if limits.require_judge or (limits.min_judge is not None and asked):
            why = sample.unjudged or ("no number" if asked else "none was asked")
            yield Objection("unscored", f"no judge's score: {why}"[:200])
    elif limits.min_judge is not None and sample.judged < limits.min_judge:
        yield Objection("judge", f"below {limits.min_judge:g}", sample.judged)


def _told(score: Score) -> str:
    return score.findings[0].message[:200] if score.findings else score.name
