"""Knows whether a text contains what the request says it must contain."""

from dataclasses import dataclass
from typing import ClassVar

from domain.score import Score
from evaluators.base import Reporter, Subject
from evaluators.thresholds import DEFAULTS, Thresholds


@dataclass(frozen=True)
class Inclusion:
    """Warns of each required item that the text does not contain; case and spacing are free.

    Only a warning: an item may be a description that no text contains to the letter.
    """

    thresholds: Thresholds = DEFAULTS
    name: ClassVar[str] = "inclusion"
    version: ClassVar[int] = 1

    def evaluate(self, subject: Subject) -> Score:
        """The share of items contained, 0 to 100; unscored where nothing is required."""
        report = Reporter(self.name, self.version, subject.key)
        if not subject.must_include:
            return report.unscored("nothing is required")
        text = _plain(subject.text)
        missing = [item for item in subject.must_include if _plain(item) not in text]
        value = 100 * (1 - len(missing) / len(subject.must_include))
        return report.score([report.warn(f"does not contain {item!r}") for item in missing], value)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
