"""What the deterministic gates say about a draft, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from agents.writer.job import Draft, Job
from domain.constraints.duties import allot
from domain.outline.plan import Outline, SectionPlan
from domain.request import WritingRequest
from domain.score import Finding, Score, Severity
from evaluators.base import Subject
from evaluators.constraints import missed
from evaluators.copying import Copying
from evaluators.statements import Statements
from evaluators.suite import evaluate, gates
from evaluators.thresholds import Thresholds

FORBIDDEN = ("emptiness", "refusal", "language", "scaffolding", "gaming", "copying")
"""A text that fails one of these is never delivered."""
REWRITTEN = (
    "emptiness",
    "refusal",
    "language",
    "repetition",
    "overlap",
    "gaming",
    "copying",
    "statements",
)
"""No local repair can mend these."""


@dataclass(frozen=True)
class Verdict:
    """All scores of one draft."""

    scores: tuple[Score, ...]
    off: int
    """Counted units beyond what is accepted."""

    @cached_property
    def fails(self) -> tuple[Finding, ...]:
        """The findings that forbid delivery as it is."""
        found = (finding for score in self.scores for finding in score.findings)
        return tuple(finding for finding in found if finding.severity is Severity.FAIL)

    def of(self, *gates: str) -> tuple[Finding, ...]:
        """The failures of these gates."""
        return tuple(finding for finding in self.fails if finding.gate in gates)

    @property
    def ok(self) -> bool:
        """Whether nothing is to be done."""
        return not self.fails and not self.off

    @property
    def rewrite(self) -> bool:
        """Whether only another attempt helps."""
        return bool(self.of(*REWRITTEN))

    @property
    def leaks(self) -> tuple[Finding, ...]:
        """Scaffolding whose place is known, so that it can be cut out."""
        return tuple(f for f in self.of("scaffolding") if f.start is not None)

    @property
    def undeliverable(self) -> bool:
        """Whether this must not become the section's text."""
        return bool(self.of(*FORBIDDEN))

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong, for a rewriting prompt and for people."""
        return tuple(dict.fromkeys(finding.message for finding in self.fails))

    @cached_property
    def missed(self) -> int:
        """What the section had to bring or to leave out, and does not."""
        return missed(self.scores)

    @property
    def faults(self) -> tuple[int, int, int]:
        """Smaller is better: forbidden failures, other failures, duties missed."""
        forbidden = len(self.of(*FORBIDDEN))
        other = len([f for f in self.fails if f.gate not in (*FORBIDDEN, "length")])
        return forbidden, other, self.missed

    @property
    def badness(self) -> tuple[int, int, int, int]:
        """The same, with the distance from the window before the duties."""
        forbidden, other, missing = self.faults
        return forbidden, other, self.off, missing


def inspect(job: Job, draft: Draft) -> Verdict:
    """Run every gate that looks at one section. Milliseconds; no model."""
    off = max(0, abs(draft.units - job.goal) - job.slack)
    seen = subject(job, draft.text)
    return Verdict(
        section_scores(seen, job.ctx.policy.thresholds, job.earlier, job.statements), off
    )


@lru_cache(maxsize=256)  # one draft is learnt from, repaired and committed: judged three times
def section_scores(
    subject: Subject,
    thresholds: Thresholds,
    earlier: tuple[str, ...] = (),
    statements: tuple[str, ...] = (),
) -> tuple[Score, ...]:
    """What every gate that looks at one section says of it.

    Args:
        subject: the section.
        thresholds: of all gates.
        earlier: texts that it must not copy.
        statements: what it must say.
    """
    copying = (Copying(earlier),) if earlier else ()
    saying = (Statements(statements, thresholds),) if statements else ()
    return evaluate(subject, (*gates(thresholds), *copying, *saying))


def subject(job: Job, text: str) -> Subject:
    """The text with all that its gates need to know."""
    seen = tuple((one.key, one.text) for one in job.visible)
    return section_subject(
        job.ctx.request, job.outline, job.section, text, job.goal, seen, (job.ctx.fence,)
    )


def section_subject(
    request: WritingRequest,
    outline: Outline,
    section: SectionPlan,
    text: str,
    goal: int,
    others: tuple[tuple[str, str], ...] = (),
    marks: tuple[str, ...] = (),
) -> Subject:
    """A section's text with what is known of it, in a run or outside of one.

    Args:
        request: what the document was asked for with.
        outline: its plan.
        section: its own item, with its contract.
        text: the body.
        goal: counted units that the body should have.
        others: key and text of the sections that it must not repeat.
        marks: strings of ours that it must not hold.
    """
    return Subject(
        text=text,
        language=request.language,
        key=section.key,
        target=goal,
        counter=request.length.counter,
        heading=section.heading,
        headings=tuple(s.heading for s in outline.sections if s.key != section.key),
        others=others,
        prompt=request.prompt,
        plan=(section.point, *section.key_points),
        marks=marks,
        duties=allot(request.demands, outline).of(section.key),
        last=not section.hands_over,
    )
