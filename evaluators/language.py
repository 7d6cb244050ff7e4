"""Knows whether a text is written in the language that was asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from core.errors import RequestError
from domain.score import Finding, Score
from domain.text.counter import count
from domain.text.language import looks_like, parse_language
from evaluators.base import Reporter, Subject
from evaluators.structure import passages
from evaluators.thresholds import DEFAULTS, Thresholds

_SAMPLE = 20_000
"""Characters that `looks_like` reads; a longer text is judged by its two ends and its passages."""


@dataclass(frozen=True)
class LanguageGate:
    """Fails a text, or too large a part of one, in another language.

    Quotations set off by `>` may be in any language; a foreign passage by itself only warns.
    """

    thresholds: Thresholds = DEFAULTS
    name: ClassVar[str] = "language"
    version: ClassVar[int] = 1

    def evaluate(self, subject: Subject) -> Score:
        """100 less the share of foreign passages; unscored where the language cannot be told."""
        report = Reporter(self.name, self.version, subject.key)
        try:
            wanted = parse_language(subject.language).code if subject.language else ""
        except RequestError as error:
            return report.unscored(error.message)
        if not wanted:
            return report.unscored("any language will do")
        verdicts = [looks_like(part, wanted) for part in _ends(subject.text)]
        if False in verdicts:
            return report.score((report.fail(f"it is not written in {wanted!r}"),), 0.0)
        foreign = list(self._foreign(subject.text, wanted))
        if not foreign and None in verdicts:
            return report.unscored("too little text to tell its language")
        share = sum(end - start for start, end in foreign) / max(1, len(subject.text))
        return report.score(self._findings(report, foreign, share), 100 * (1 - share))

    def _foreign(self, text: str, wanted: str) -> Iterator[tuple[int, int]]:
        for start, end in passages(text):
            part = text[start:end]
            if part.lstrip().startswith(">") or count(part) < self.thresholds.language_words:
                continue
            if looks_like(part, wanted) is False:
                yield start, end

    def _findings(
        self, report: Reporter, foreign: list[tuple[int, int]], share: float
    ) -> Iterator[Finding]:
        if share > self.thresholds.foreign_share:
            yield report.fail(f"{share:.0%} of it is in another language", foreign[0])
        for span in foreign:
            yield report.warn("a passage in another language", span)


def _ends(text: str) -> list[str]:
    return [text] if len(text) <= _SAMPLE else [text[:_SAMPLE], text[-_SAMPLE:]]
