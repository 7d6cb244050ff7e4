"""What evaluators say of any text, ours or not: lengths by every counter, gates, a judge."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, get_args

from domain.constraints.constraint import Constraint
from domain.length.contract import Length
from domain.length.parser import parse_length
from domain.score import Finding, Score
from domain.text.counter import Counter, count
from domain.text.language import detect, parse_language
from evaluators.base import Subject
from evaluators.length import LengthGate
from evaluators.suite import broken, document_gates, evaluate
from evaluators.thresholds import DEFAULTS, Thresholds
from services.documents.demanded_text import whole_scores

if TYPE_CHECKING:
    from services.judging.quality import Quality

MAX_TEXT = 10_000_000
"""Characters."""
EXCERPT = 80
"""Characters of a place that are quoted."""


@dataclass(frozen=True)
class Place:
    """A finding, and where a person finds it."""

    finding: Finding
    line: int
    """From 1; 0 where it concerns the whole."""
    excerpt: str


@dataclass(frozen=True)
class Evaluation:
    """What was found about one text."""

    counts: dict[str, int]
    """Its length by each counter."""
    language: str
    """As given or found; empty where it cannot be told."""
    required: int
    """The length asked for, in its own counter; 0 if none was."""
    s_l: float | None
    """The length score, 0 to 100; None, *unscored*, where no length was asked for."""
    scores: tuple[Score, ...]
    places: tuple[Place, ...]
    """The findings, worst first."""
    quality: Quality | None = None
    """What a judge said; None where none was asked. It changes nothing of the above."""

    def with_score(self, score: Score, text: str = "") -> Evaluation:
        """The same with one more score, whose findings point into the text."""
        more = (*self.places, *(_place(text, finding) for finding in score.findings))
        places = tuple(sorted(more, key=lambda place: -place.finding.severity))
        return replace(self, scores=(*self.scores, score), places=places)

    @property
    def accepted(self) -> bool:
        """Whether the length contract, if there is one, is kept, and every gate could pass it."""
        return not self.failed and not broken(self.scores)

    @property
    def missed(self) -> bool:
        """Whether a length was asked for and is not kept."""
        return any(score.failed for score in self.scores if score.name == LengthGate.name)

    @property
    def failed(self) -> bool:
        """Whether a gate would keep the text from being delivered, whatever a judge says."""
        return any(score.failed for score in self.scores)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        findings = [
            {**place.finding.to_dict(), "line": place.line, "excerpt": place.excerpt}
            for place in self.places
        ]
        scores = {score.name: {"value": score.value, "reason": score.reason, "failed": score.failed}
                  for score in self.scores}  # fmt: skip
        verdict = {"accepted": self.accepted, "failed": self.failed}
        told = {**asdict(self), **verdict, "scores": scores, "places": findings}
        judged = told.pop("quality") or {}
        s_q, dimensions = judged.pop("s_q", None), judged.pop("dimensions", None)
        return {**told, "s_q": s_q, "dimensions": dimensions or None, "judgement": judged or None}


def evaluate_text(
    text: str,
    *,
    prompt: str = "",
    length: Length | None = None,
    language: str = "",
    thresholds: Thresholds = DEFAULTS,
    demands: tuple[Constraint, ...] = (),
) -> Evaluation:
    """Judge a text without a model. Takes milliseconds a page.

    Args:
        text: Markdown or plain.
        prompt: what it answers, if that is known; a length in it counts unless one is given.
        length: what was asked for.
        language: a code or a name; empty: found in the text.
        thresholds: limits of the gates.
        demands: what is demanded of its contents; its headings tell parts and sections.

    Raises:
        RequestError: there is no such language.
    """
    length = length or (parse_length(prompt) if prompt else None)
    code = parse_language(language).code if language else detect(text) or ""
    counter: Counter = length.counter if length else "words"
    scores = evaluate(
        Subject(text=text, language=code, scope="document", length=length, counter=counter,
                prompt=prompt, last=True),
        document_gates(thresholds),
    )  # fmt: skip
    if demands:
        scores = (*scores, *whole_scores(text, demands))
    found = [finding for score in scores for finding in score.findings]
    written = count(text, counter)
    return Evaluation(
        counts={name: count(text, name) for name in get_args(Counter)},
        language=code,
        required=length.required if length else 0,
        s_l=length.s_l(written) if length else None,
        scores=scores,
        places=tuple(_place(text, f) for f in sorted(found, key=lambda f: -f.severity)),
    )


def _place(text: str, finding: Finding) -> Place:
    if finding.start is None or finding.end is None:
        return Place(finding, 0, "")
    excerpt = " ".join(text[finding.start : min(finding.end, finding.start + EXCERPT)].split())
    return Place(finding, text.count("\n", 0, finding.start) + 1, excerpt)
