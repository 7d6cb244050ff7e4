"""What an evaluator is: something that reads one text and returns one score."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

from domain.constraints.allocation import Duty
from domain.length.contract import Length
from domain.score import Finding, Score, Severity
from domain.text.counter import Counter

Scope = Literal["section", "document"]

MOST_FINDINGS = 50
"""Findings that one score carries: the worst, in reading order."""


@dataclass(frozen=True)
class Subject:
    """A text, and what is known of it that an evaluator may need.

    Fields that are empty switch off the checks that need them; nothing is guessed.
    """

    text: str
    language: str = "en"
    """A tag such as `en` or `zh`; empty when the language is free."""
    scope: Scope = "section"
    key: str = ""
    """The section's key in its outline; findings carry it."""
    target: int = 0
    """A section's target in counted units; 0 for none. Ignored when `length` is there."""
    length: Length | None = None
    """A document's length contract."""
    counter: Counter = "words"
    """What `target` is counted in."""
    heading: str = ""
    """The section's own heading, printed above it by the document, or the document's title."""
    headings: tuple[str, ...] = ()
    """For a document: those that must appear. For a section: those of all other sections."""
    others: tuple[tuple[str, str], ...] = ()
    """(key, text) of the document's other sections."""
    prompt: str = ""
    plan: tuple[str, ...] = ()
    """Lines of the outline or of our instructions that the writer was shown."""
    marks: tuple[str, ...] = ()
    """Strings of ours that no text may hold, such as the fences of data blocks."""
    duties: tuple[Duty, ...] = ()
    """What a section has to bring and to leave out."""
    last: bool = False
    """Whether this is the document's last section."""

    @property
    def asked(self) -> int:
        """The counted units asked for, 0 if nothing was."""
        return self.length.required if self.length else self.target


class Evaluator(Protocol):
    """Measures one aspect of a text. Has no state and does no I/O."""

    @property
    def name(self) -> str:
        """Stable: stored with every score."""

    @property
    def version(self) -> int:
        """Raised whenever the same text may score differently."""

    def evaluate(self, subject: Subject) -> Score:
        """The score of `subject`, unscored where there is nothing to measure."""


@dataclass(frozen=True)
class Reporter:
    """Makes the findings and the score of one gate for one subject."""

    gate: str
    version: int
    key: str = ""

    def finding(
        self, severity: Severity, message: str, span: tuple[int, int] | None = None
    ) -> Finding:
        """A finding of this gate; `span` are offsets in the subject's text."""
        start, end = span if span else (None, None)
        return Finding(self.gate, severity, message, self.key, start, end)

    def fail(self, message: str, span: tuple[int, int] | None = None) -> Finding:
        """A finding that forbids delivery."""
        return self.finding(Severity.FAIL, message, span)

    def warn(self, message: str, span: tuple[int, int] | None = None) -> Finding:
        """A finding worth repairing."""
        return self.finding(Severity.WARN, message, span)

    def note(self, message: str, span: tuple[int, int] | None = None) -> Finding:
        """A finding that nobody need act on."""
        return self.finding(Severity.NOTE, message, span)

    def score(self, findings: Iterable[Finding], value: float | None = None) -> Score:
        """The score; without a `value`, 100, 50 or 0 by the worst finding."""
        found = sorted(findings, key=lambda finding: -finding.severity)[:MOST_FINDINGS]
        worst = found[0].severity if found else Severity.NOTE
        if value is None:
            value = {Severity.FAIL: 0.0, Severity.WARN: 50.0, Severity.NOTE: 100.0}[worst]
        return Score(self.gate, self.version, value, "", tuple(found))

    def unscored(self, reason: str) -> Score:
        """No verdict, and why."""
        return Score(self.gate, self.version, None, reason)
