"""Knows texts that say nothing: empty, one token over and over, a constant such as `null`.

A constant answer won 86.5 % of AlpacaEval 2 against a judge (arXiv 2410.07137), so this is
checked before any judge sees the text.
"""

from collections import Counter
from dataclasses import dataclass
from typing import ClassVar

from domain.score import Score
from domain.text.counter import count, readable, words
from domain.text.sentences import ends_sentence, sentences
from evaluators.base import Reporter, Subject
from evaluators.thresholds import DEFAULTS, Thresholds

_CONSTANTS = frozenset(
    ("null", "none", "nil", "nan", "undefined", "void", "empty", "n", "a", "na", "ok", "okay")
    + (
        "yes",
        "no",
        "true",
        "false",
        "todo",
        "tbd",
        "error",
        "无",
        "空",
        "暂",
        "略",
        "好",
        "是",
        "否",
    )
)
_LONGEST_CONSTANT = 3
"""Words: `n/a` has two."""
_CONSTANT_FLOOR = 12
"""Words from which one token's share says something."""
_CONSTANT_SHARE = 0.5
"""The commonest word of natural text has a share of about 0.07."""
_SENTENCE = 3
"""Words without which nothing is a sentence."""


@dataclass(frozen=True)
class Emptiness:
    """Fails what is no text at all."""

    thresholds: Thresholds = DEFAULTS
    name: ClassVar[str] = "emptiness"
    version: ClassVar[int] = 1

    def evaluate(self, subject: Subject) -> Score:
        """100 or 0."""
        report = Reporter(self.name, self.version, subject.key)
        reason = self._reason(subject)
        return report.score((report.fail(reason),) if reason else ())

    def _reason(self, subject: Subject) -> str:
        found = Counter(word.casefold() for word in words(readable(subject.text)))
        total = found.total()
        if not total:
            return "there is no word in it"
        if total <= _LONGEST_CONSTANT and all(word in _CONSTANTS for word in found):
            return f"it is the constant {subject.text.strip()[:20]!r}"
        word, times = found.most_common(1)[0]
        if total >= _CONSTANT_FLOOR and times / total > _CONSTANT_SHARE:
            return f"it is little but the word {word[:20]!r}, {times} times"
        if len(found) == 1 and total > 1:
            return f"it is the word {word[:20]!r}, {times} times"
        return self._stub(subject, total)

    def _stub(self, subject: Subject, total: int) -> str:
        """Without a target, or from a fifth of it on, a text need not hold a sentence."""
        if total >= self.thresholds.null_share * subject.asked:
            return ""
        if any(
            ends_sentence(line) and count(line) >= _SENTENCE for line in sentences(subject.text)
        ):
            return ""
        return f"{total} words of {subject.asked:,} and no sentence among them"
