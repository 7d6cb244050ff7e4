"""Knows a text that speaks to whoever grades it instead of to its reader.

Such texts, and constants, won most comparisons before language models as judges (arXiv
2410.07137, 2507.08794); so they are found before any judge sees them.
"""

import re
from dataclasses import dataclass
from typing import ClassVar

from domain.score import Finding, Score
from domain.text.sentences import spans
from evaluators.base import Reporter, Subject
from evaluators.flattery import courts, praises
from evaluators.orders import is_order
from evaluators.structure import without_code
from evaluators.thresholds import DEFAULTS, Thresholds
from evaluators.voice import LOOK_BACK, in_quotes

_ABOUT = re.compile(
    r"\b(?:prompt injections?|jailbreak\w*|adversarial prompts?|llm[- ](?:as[- ]a[- ])?judges?"
    r"|(?:grading|scoring|marking) (?:rubrics?|guides?|criteria)|graders|automat\w+ grad\w+)\b"
    r"|提示词?(?:注入|攻击)|越狱|评分(?:标准|细则|指南)|自动(?:评分|阅卷)",
    re.IGNORECASE,
)
"""A request for a text that may well hold such sentences, as examples."""
_FEWEST = 2
"""Sentences of praise, below which their share says nothing."""
_OF_ITSELF = 0.1
"""Share of sentences that praise this very text, from which "the prose is elegant" does too."""


@dataclass(frozen=True)
class Gaming:
    """Fails orders to a judge, and a text much of which praises itself or its judge.

    A quotation may hold an order, since there are texts about such things, and so may any sentence
    where the prompt asks for such a text; one that is largely orders fails all the same.
    """

    thresholds: Thresholds = DEFAULTS
    name: ClassVar[str] = "gaming"
    version: ClassVar[int] = 2

    def evaluate(self, subject: Subject) -> Score:
        """100 less the percentage of sentences that speak to a judge or praise the text."""
        report = Reporter(self.name, self.version, subject.key)
        text = without_code(subject.text)
        every = [(span, text[slice(*span)]) for span in spans(text)]
        if not every:
            return report.unscored("there is no sentence")
        orders = [span for span, said in every if is_order(said)]
        meant = bool(_ABOUT.search(subject.prompt))
        open_ = [span for span in orders if not meant and not _cited(text, span[0])]
        findings = [_order(report, text, span) for span in open_]
        speaking = {*orders, *(span for span, said in every if courts(said))}
        if len(speaking) >= _OF_ITSELF * len(every):
            speaking |= {span for span, said in every if praises(said)}
        share = len(speaking) / len(every)
        if share >= self.thresholds.gaming_share and len(speaking) >= min(_FEWEST, len(every)):
            message = f"{share:.0%} of its sentences praise it or speak to a judge"
            findings.append(report.fail(message, min(speaking)))
        return report.score(findings, 100 * (1 - share))


def _order(report: Reporter, text: str, span: tuple[int, int]) -> Finding:
    said = " ".join(text[slice(*span)].split())[:60]
    return report.fail(f"it speaks to a judge: {said!r}", span)


def _cited(text: str, position: int) -> bool:
    """Whether a place lies in speech, or in a line set off by `>`."""
    floor = max(0, position - LOOK_BACK)
    line = text[max(floor, text.rfind("\n", floor, position) + 1) : position + 1]
    return line.lstrip().startswith(">") or in_quotes(text, position)
