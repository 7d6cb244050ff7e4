"""Knows what a section says that another section of the document says already."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from domain.score import Finding, Score, Severity
from domain.text.counter import count
from domain.text.ngrams import near_duplicates
from evaluators.base import Reporter, Subject
from evaluators.repetition import Passage, is_long, sentences_of
from evaluators.structure import passages, without_code
from evaluators.thresholds import DEFAULTS, Thresholds


@dataclass(frozen=True)
class Overlap:
    """Fails paragraphs that stand, word for word or nearly so, in other sections."""

    thresholds: Thresholds = DEFAULTS
    name: ClassVar[str] = "overlap"
    version: ClassVar[int] = 1

    def evaluate(self, subject: Subject) -> Score:
        """100 times the share of words outside shared paragraphs; unscored without others."""
        report = Reporter(self.name, self.version, subject.key)
        if not subject.others:
            return report.unscored("there is no other section to compare with")
        own = _paragraphs(subject.text)
        others = [(key, passage) for key, text in subject.others for passage in _paragraphs(text)]
        shared = self._shared(own, others)
        findings = [
            report.fail(f"a paragraph stands in section {key!r} too", own[number].span)
            for number, key in sorted(shared.items())
        ]
        rest = [passage for number, passage in enumerate(own) if number not in shared]
        findings += self._sentences(report, rest, others)
        total = sum(count(passage.text) for passage in own)
        copied = sum(count(own[number].text) for number in shared)
        return report.score(findings, 100 * (1 - copied / total) if total else 100.0)

    def _shared(self, own: list[Passage], others: list[tuple[str, Passage]]) -> dict[int, str]:
        """The number of each shared paragraph, with the key of one section that has it."""
        least = self.thresholds.paragraph_words
        keys = {passage.name: key for key, passage in reversed(others)}
        fresh = {passage.name: number for number, passage in enumerate(own)}
        shared = {
            number: keys[passage.name]
            for number, passage in enumerate(own)
            if passage.name in keys and is_long(passage.name, least, self.thresholds)
        }
        distinct = [name for name, number in fresh.items() if number not in shared]
        known = list(keys)
        for first, second, _ in near_duplicates(
            distinct + known, threshold=self.thresholds.near_duplicate, min_tokens=least
        ):
            if first < len(distinct) <= second:
                name = distinct[first]
                if is_long(name, least, self.thresholds):
                    shared.setdefault(fresh[name], keys[known[second - len(distinct)]])
        return shared

    def _sentences(
        self, report: Reporter, own: list[Passage], others: list[tuple[str, Passage]]
    ) -> Iterator[Finding]:
        known = {sentence.name for sentence in sentences_of([passage for _, passage in others])}
        repeated = [
            sentence
            for sentence in sentences_of(own)
            if sentence.name in known
            and is_long(sentence.name, self.thresholds.paragraph_words, self.thresholds)
        ]
        many = len(repeated) >= self.thresholds.shared_sentences
        for sentence in repeated:
            severity = Severity.FAIL if many else Severity.WARN
            yield report.finding(
                severity, "a sentence stands in another section too", sentence.span
            )


def _paragraphs(text: str) -> list[Passage]:
    seen = without_code(text)
    return [Passage(start, end, seen[start:end]) for start, end in passages(seen)]
