"""Knows whether a text ends as finished writing does."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from domain.score import Finding, Score
from domain.text.sentences import ends_finished
from evaluators.base import Reporter, Subject
from evaluators.structure import lines
from evaluators.thresholds import DEFAULTS, Thresholds

_LONE_MARK = re.compile(r"[ \t]*(?:[-*+•>]|#{1,6}|\d{1,3}[.)、]|[（(]?\d{1,3}[）)])$")


@dataclass(frozen=True)
class Ending:
    """Fails a text that breaks off, whatever the endpoint's `finish_reason` says."""

    thresholds: Thresholds = DEFAULTS
    name: ClassVar[str] = "ending"
    version: ClassVar[int] = 1

    def evaluate(self, subject: Subject) -> Score:
        """100 or 0; unscored for an empty text, which another gate reports."""
        report = Reporter(self.name, self.version, subject.key)
        if not subject.text.strip():
            return report.unscored("there is no text")
        return report.score(_findings(report, subject.text))


def _findings(report: Reporter, text: str) -> Iterator[Finding]:
    written = [line for line in lines(text) if line.kind not in ("blank", "rule")]
    if not written:
        yield report.fail("it holds nothing but rules")
        return
    last = written[-1]
    span = (last.start, last.end)
    if last.kind == "heading":
        yield report.fail("it ends with a heading and nothing below it", span)
    elif last.kind != "code" and is_lone_mark(last.text):
        yield report.fail("it ends with the mark of a list item that was not written", span)
    elif not ends_finished(text[: last.end]):
        yield report.fail(
            f"it breaks off: …{text[max(last.start, last.end - 60) : last.end]!r}", span
        )


def is_lone_mark(line: str) -> bool:
    """Whether a line is a bullet, an item number or a heading mark with nothing after it."""
    return bool(_LONE_MARK.match(line.rstrip()))
