"""Knows whether a text has the length that was asked for."""

from dataclasses import dataclass
from typing import ClassVar

from domain.length.contract import length_score
from domain.score import Score
from domain.text.counter import count
from evaluators.base import Reporter, Subject
from evaluators.thresholds import DEFAULTS, Thresholds


@dataclass(frozen=True)
class LengthGate:
    """Fails a document outside its window, and a section further than 10 % from its target."""

    thresholds: Thresholds = DEFAULTS
    name: ClassVar[str] = "length"
    version: ClassVar[int] = 1

    def evaluate(self, subject: Subject) -> Score:
        """S_l of LongBench-Write, 0 to 100 (`length.contract`); unscored without a target."""
        report = Reporter(self.name, self.version, subject.key)
        if not subject.asked:
            return report.unscored("no length was asked for")
        counter = subject.length.counter if subject.length else subject.counter
        written = count(subject.text, counter)
        low, high = self.window(subject)
        value = (
            subject.length.s_l(written) if subject.length else length_score(subject.asked, written)
        )
        if low <= written <= high:
            return report.score((), value)
        word = "short" if written < low else "long"
        message = f"too {word}: {written:,} written, {low:,} to {high:,} accepted"
        return report.score((report.fail(message),), value)

    def window(self, subject: Subject) -> tuple[int, int]:
        """The accepted counted units, both ends included."""
        if subject.length:
            return subject.length.window
        share = int(subject.target * self.thresholds.section_tolerance)
        reach = max(share, min(self.thresholds.section_slack, subject.target // 2))
        return max(1, subject.target - reach), subject.target + reach
