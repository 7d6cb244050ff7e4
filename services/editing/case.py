"""A section that is to be changed: its text, plan and neighbours, and what gates say of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from agents.run.context import Policy
from agents.writer.gates import Verdict, section_scores
from domain.outline.plan import Outline
from services.evaluation.examination import Examination, SectionExamination, subject_of


@dataclass(frozen=True)
class Case:
    """A section that is to be changed, in its document."""

    seen: Examination
    mine: SectionExamination
    outline: Outline
    policy: Policy

    @property
    def key(self) -> str:
        """The section's."""
        return self.mine.section.key

    @property
    def text(self) -> str:
        """Its present text."""
        return self.mine.section.text

    @cached_property
    def around(self) -> tuple[str, str]:
        """The texts of the sections right before and after it; empty where there are none."""
        written = [x.section for x in self.seen.sections if x.section.text]
        at = next(number for number, x in enumerate(written) if x.key == self.key)
        before = written[at - 1].text if at else ""
        return before, written[at + 1].text if at + 1 < len(written) else ""

    @property
    def goal(self) -> int:
        """Counted units that the plan asks of its body."""
        return subject_of(self.seen.document, self.outline, self.key, "").target

    def verdict(self, text: str) -> Verdict:
        """What the gates say of a text in its place."""
        subject = subject_of(self.seen.document, self.outline, self.key, text)
        return Verdict(section_scores(subject, self.policy.thresholds), 0)

    @property
    def language_name(self) -> str:
        """The document's language as prompts say it."""
        info = self.seen.document.request.language_info
        return info.name if info.native == info.name else f"{info.name} ({info.native})"
