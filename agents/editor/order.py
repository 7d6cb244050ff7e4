"""What an editor is to do with a passage, and whether an answer may stand in its place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

from agents.writer.gates import FORBIDDEN
from agents.writer.job import EXACT, SENTENCE
from domain.score import Finding, Severity
from domain.text.counter import count
from domain.text.language import parse_language
from domain.text.sentences import ends_finished
from evaluators.base import Subject
from evaluators.replacement import clean_replacement
from evaluators.suite import evaluate, gates
from evaluators.thresholds import Thresholds

Operation = Literal["continue", "extend", "shorten", "rewrite", "simplify", "tone", "custom"]
Action = Operation | Literal["align"]
"""`align` brings a whole section in line with its changed plan; it is no order of a selection."""
OPERATIONS: tuple[Operation, ...] = get_args(Operation)
STEERED: tuple[Operation, ...] = ("extend", "shorten")
"""Operations whose length is brought to the target, and not only measured."""
ORDERED: dict[Operation, str] = {
    "custom": "Say what is to be done with the passage.",
    "tone": "Say which tone is wanted.",
}
"""Operations that need an instruction, and what is said where there is none."""
SMALL = 5
"""A short text's length may be off by one part in so many."""
_OF_CUSTOM = ("refusal", "scaffolding", "language")
"""Gates for what an author has asked for in words of his own: anything else may be meant."""


@dataclass(frozen=True)
class Order:
    """One passage, its surroundings, and what is to be done with it."""

    operation: Action
    passage: str
    """Without white space around it; for `continue` what the new text follows."""
    before: str = ""
    after: str = ""
    language: str = ""
    """A code; empty where it cannot be told."""
    instruction: str = ""
    words: int | None = None
    """Counted units wanted; None: no matter."""

    @property
    def follows(self) -> bool:
        """Whether the answer comes behind the passage and not in its place."""
        return self.operation == "continue"

    @property
    def language_name(self) -> str:
        """As prompts say it."""
        if not self.language:
            return "the language of the text"
        found = parse_language(self.language)
        return found.name if found.native == found.name else f"{found.name} ({found.native})"

    def phrase(self, units: int) -> str:
        """A number of counted units as prompts say it."""
        cjk = self.language in ("ja", "ko")
        return (
            f"{units}字" if self.language == "zh" else f"{units} {'characters' if cjk else 'words'}"
        )

    @property
    def slack(self) -> int:
        """How far from `words` a text may be; 0 without a target."""
        goal = self.words or 0
        return max(min(SENTENCE, goal // SMALL), round(goal * EXACT))

    def off(self, units: int) -> int:
        """Counted units beyond what is accepted; 0 without a target."""
        return max(0, abs(units - self.words) - self.slack) if self.words else 0

    def clean(self, answer: str) -> str:
        """The words of an answer that can stand in the text."""
        return clean_replacement(
            answer, self.passage, self.before, self.after, follows=self.follows
        )

    def finds(self, text: str, mark: str, thresholds: Thresholds) -> tuple[Finding, ...]:
        """What forbids a text, the same being no fault of the passage itself.

        Args:
            text: cleaned.
            mark: on the data blocks of the prompt, which no text may hold.
            thresholds: limits of the gates.
        """
        custom = self.operation == "custom"
        wanted = _OF_CUSTOM if custom else (*FORBIDDEN, "repetition")
        known = {finding.gate for finding in self._findings(self.passage, "", thresholds)}
        return tuple(
            finding
            for finding in self._findings(text, mark, thresholds)
            if finding.gate in wanted and finding.gate not in known
        )

    def _findings(self, text: str, mark: str, thresholds: Thresholds) -> list[Finding]:
        chosen = [gate for gate in gates(thresholds) if gate.name in (*FORBIDDEN, "repetition")]
        scores = evaluate(Subject(text, self.language, marks=(mark,) if mark else ()), chosen)
        found = [finding for score in scores for finding in score.findings]
        return [finding for finding in found if finding.severity is Severity.FAIL]

    def draft(self, text: str, mark: str, thresholds: Thresholds, *, broke: bool) -> Draft:
        """A cleaned answer, measured and judged; `broke`: the endpoint did not end it."""
        found = self.finds(text, mark, thresholds)
        return Draft(text, count(text), found, broke and ends_finished(self.passage))


@dataclass(frozen=True)
class Draft:
    """A text that may come to stand in place of a passage."""

    text: str
    units: int
    faults: tuple[Finding, ...] = ()
    broke: bool = False
    """Whether the end is missing, of a passage that has one."""

    @cached_property
    def deliverable(self) -> bool:
        """Whether it may be handed out at all."""
        return bool(self.text) and all(fault.gate == "repetition" for fault in self.faults)

    @property
    def sound(self) -> bool:
        """Whether nothing but perhaps its length is to be mended."""
        return bool(self.text) and not self.faults and not self.broke

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong, for the next prompt."""
        found = tuple(dict.fromkeys(fault.message for fault in self.faults))
        found = (*found, "it broke off") if self.broke else found
        return found if self.text else ("nothing was left of it",)

    def badness(self, order: Order) -> tuple[bool, bool, int, int]:
        """Smaller is better: not deliverable, broken, other faults, distance from the target."""
        return not self.deliverable, self.broke, len(self.faults), order.off(self.units)
