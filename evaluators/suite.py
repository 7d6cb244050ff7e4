"""Runs many evaluators on one text; one that breaks costs its own score and no other."""

from collections.abc import Iterable, Sequence

from domain.score import Finding, Score, Severity
from evaluators.base import Evaluator, Subject
from evaluators.cohesion import Cohesion
from evaluators.constraints import Constraints
from evaluators.emptiness import Emptiness
from evaluators.ending import Ending
from evaluators.gaming import Gaming
from evaluators.headings import Headings
from evaluators.language import LanguageGate
from evaluators.length import LengthGate
from evaluators.overlap import Overlap
from evaluators.readability import Readability
from evaluators.refusal import Refusal
from evaluators.repetition import Repetition
from evaluators.scaffolding import Scaffolding
from evaluators.selfreference import SelfReference
from evaluators.thresholds import DEFAULTS, Thresholds

BROKEN = "the evaluator failed"
"""How the reason of a score begins whose evaluator raised."""


def gates(thresholds: Thresholds = DEFAULTS) -> tuple[Evaluator, ...]:
    """Every deterministic gate, those that make the others pointless first."""
    return (
        Emptiness(thresholds),
        Refusal(thresholds),
        Gaming(thresholds),
        LengthGate(thresholds),
        Ending(thresholds),
        LanguageGate(thresholds),
        Scaffolding(thresholds),
        Repetition(thresholds),
        Overlap(thresholds),
        Headings(thresholds),
        SelfReference(thresholds),
        Constraints(),
    )


def document_gates(thresholds: Thresholds = DEFAULTS) -> tuple[Evaluator, ...]:
    """What can judge a whole document of which no plan is known: gates, and measures of style."""
    known = (gate for gate in gates(thresholds) if not isinstance(gate, Overlap | Constraints))
    return (*known, *measures(thresholds))


def measures(thresholds: Thresholds = DEFAULTS) -> tuple[Evaluator, ...]:
    """What describes a whole text rather than finding faults; at most they warn."""
    return (Cohesion(thresholds), Readability(thresholds))


def evaluate(subject: Subject, evaluators: Sequence[Evaluator]) -> tuple[Score, ...]:
    """The scores in the order of `evaluators`; one that raises is unscored, with the reason."""
    return tuple(_isolated(subject, evaluator) for evaluator in evaluators)


def _isolated(subject: Subject, evaluator: Evaluator) -> Score:
    try:
        return evaluator.evaluate(subject)
    except Exception as error:  # noqa: BLE001 - a border: one broken evaluator must not stop a run
        reason = f"{BROKEN}: {type(error).__name__}: {error}"
        return Score(evaluator.name, evaluator.version, None, reason)


def failures(scores: Iterable[Score]) -> tuple[Finding, ...]:
    """The findings that forbid delivery, in the order of the scores."""
    return tuple(
        finding
        for score in scores
        for finding in score.findings
        if finding.severity is Severity.FAIL
    )


def broken(scores: Iterable[Score]) -> tuple[Score, ...]:
    """The scores of evaluators that failed to judge: never to be read as a pass."""
    return tuple(
        score for score in scores if score.value is None and score.reason.startswith(BROKEN)
    )


def summary(scores: Iterable[Score]) -> str:
    """One line for people: what failed, what is worth a look, what could not be judged."""
    kept = tuple(scores)
    failed = [score.name for score in kept if score.failed]
    warned = [score.name for score in kept if score.findings and not score.failed]
    unscored = [score.name for score in kept if score.value is None]
    parts = [
        f"{label}: {', '.join(names)}"
        for label, names in (("failed", failed), ("warned", warned), ("unscored", unscored))
        if names
    ]
    return "; ".join(parts) or "all clear"
