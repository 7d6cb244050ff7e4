"""Knows whether a text contains what the request says it must contain."""

from dataclasses import dataclass
from typing import ClassVar

from domain.score import Score
from evaluators.base import Reporter, Subject
from evaluators.mentions import Reading
from evaluators.thresholds import DEFAULTS, Thresholds


@dataclass(frozen=True)
class Inclusion:
    """Warns of each required item that the text does not mention (see `evaluators.mentions`).

    Only a warning: an item may be a description that no text contains to the letter. Where words
    alone cannot tell, an item counts neither way.
    """

    thresholds: Thresholds = DEFAULTS
    name: ClassVar[str] = "inclusion"
    version: ClassVar[int] = 2

    def evaluate(self, subject: Subject) -> Score:
        """Of the items that could be decided the share that is there, 0 to 100."""
        report = Reporter(self.name, self.version, subject.key)
        if not subject.must_include:
            return report.unscored("nothing is required")
        reading = Reading(subject.text)
        said = {item: reading.mentions(item).within(1, None) for item in subject.must_include}
        decided = [item for item, there in said.items() if there is not None]
        if not decided:
            return report.unscored("words alone cannot tell what is contained")
        missing = [item for item in decided if not said[item]]
        value = 100 * (1 - len(missing) / len(decided))
        return report.score([report.warn(f"does not contain {item!r}") for item in missing], value)
