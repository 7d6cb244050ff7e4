"""Knows which statements that a text was to keep it does not make."""

import re
from dataclasses import dataclass
from typing import ClassVar

from domain.score import Score
from domain.text.vocabulary import terms
from evaluators.base import Reporter, Subject
from evaluators.coverage import is_touched
from evaluators.thresholds import DEFAULTS, Thresholds

_NUMBER = re.compile(r"\d[\d,.]{0,40}")
SHOWN = 160
"""Characters of a statement that a finding shows."""


@dataclass(frozen=True)
class Statements:
    """Fails a text for each statement whose content words or numbers it does not have.

    By words, as coverage is measured (`evaluators.coverage`), and all of the numbers: a statement
    made wholly in other words counts as missing, and is asked for again.
    """

    wanted: tuple[str, ...]
    thresholds: Thresholds = DEFAULTS
    name: ClassVar[str] = "statements"
    version: ClassVar[int] = 1

    def evaluate(self, subject: Subject) -> Score:
        """The share of statements that are made, 0 to 100; unscored where none are wanted."""
        report = Reporter(self.name, self.version, subject.key)
        decidable = [statement for statement in self.wanted if terms(statement)]
        if not decidable:
            return report.unscored("no statements are to be kept")
        body = frozenset(terms(subject.text))
        figures = _numbers(subject.text)
        missing = [
            x
            for x in decidable
            if not is_touched(x, body, self.thresholds) or not _numbers(x) <= figures
        ]
        findings = [report.fail(f"it does not say: {x[:SHOWN]}") for x in missing]
        return report.score(findings, 100 * (1 - len(missing) / len(decidable)))


def _numbers(text: str) -> frozenset[str]:
    """The numbers in a text, without what groups their digits or ends their sentence."""
    return frozenset(found[0].replace(",", "").rstrip(".") for found in _NUMBER.finditer(text))
