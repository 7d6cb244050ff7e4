"""Knows whether the headings of a text are there, once each, and in their own section."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from domain.score import Finding, Score, Severity
from evaluators.base import Reporter, Subject
from evaluators.structure import Heading, heading_name, headings
from evaluators.thresholds import DEFAULTS, Thresholds

_OWN_LEVELS = 3
"""Levels 1 to 3 are the document's: title, part, section."""


@dataclass(frozen=True)
class Headings:
    """Fails headings that stand twice, are missing, or belong to another section.

    Deeper headings may recur under different parents ("Example"): that only warns, and is only
    noted where nothing is known of a plan, as in a book of recipes or a list of changes.
    """

    thresholds: Thresholds = DEFAULTS
    name: ClassVar[str] = "headings"
    version: ClassVar[int] = 2

    def evaluate(self, subject: Subject) -> Score:
        """100 without findings."""
        report = Reporter(self.name, self.version, subject.key)
        found = headings(subject.text)
        planned = subject.scope == "section" or bool(subject.headings)
        findings = list(_repeated(report, found, planned=planned))
        if subject.scope == "document":
            findings += _missing(report, subject, found)
        else:
            findings += _strangers(report, subject, found)
        return report.score(findings)


def _repeated(report: Reporter, found: list[Heading], *, planned: bool) -> Iterator[Finding]:
    own, again = (_OWN_LEVELS, Severity.WARN) if planned else (_OWN_LEVELS - 1, Severity.NOTE)
    under: set[tuple[str, ...]] = set()
    names: set[str] = set()
    path: list[tuple[int, str]] = []
    for heading in found:
        name = heading_name(heading.text) or heading.text
        while path and path[-1][0] >= heading.level:
            path.pop()
        path.append((heading.level, name))
        place = tuple(step for _, step in path[-3:])
        if place in under or (heading.level <= own and name in names):
            yield report.fail(f"the heading {heading.text!r} stands twice", _span(heading))
        elif name in names:
            message = f"the heading {heading.text!r} stands elsewhere too"
            yield report.finding(again, message, _span(heading))
        under.add(place)
        names.add(name)


def _missing(report: Reporter, subject: Subject, found: list[Heading]) -> Iterator[Finding]:
    there = {heading_name(heading.text) for heading in found}
    for wanted in subject.headings:
        if heading_name(wanted) not in there:
            yield report.fail(f"the heading {wanted!r} is missing")


def _strangers(report: Reporter, subject: Subject, found: list[Heading]) -> Iterator[Finding]:
    own = heading_name(subject.heading)
    foreign = {heading_name(other) for other in subject.headings} - {"", own}
    for heading in found:
        name = heading_name(heading.text)
        if name and name == own:
            yield report.fail("it repeats the heading printed above it", _span(heading))
        elif name in foreign:
            yield report.fail(f"it holds another section: {heading.text!r}", _span(heading))
        elif heading.level <= _OWN_LEVELS:
            yield report.warn(
                f"a heading of the document's level: {heading.text!r}", _span(heading)
            )


def _span(heading: Heading) -> tuple[int, int]:
    return heading.start, heading.end
