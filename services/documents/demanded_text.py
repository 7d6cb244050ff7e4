"""What any text makes of the demands on its contents: its headings tell its parts and sections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from domain.constraints.allocation import assign
from domain.constraints.constraint import Constraint
from domain.outline.dissection import dissect
from domain.score import Finding, Score
from evaluators.constraints import Constraints


def whole_scores(text: str, demands: tuple[Constraint, ...]) -> tuple[Score, ...]:
    """The scores of all demands, their findings placed in the text as a whole.

    Raises:
        TooLargeError: the text has too many headings.
    """
    found = dissect(text)
    checked = Constraints().check(assign(demands, found.outline), found.outline, found.texts)
    starts = dict(_starts(text, found.texts))
    return tuple(
        replace(score, findings=tuple(_placed(one, starts) for one in score.findings))
        for score in checked.scores()
    )


def _starts(text: str, bodies: dict[str, str]) -> Iterator[tuple[str, int]]:
    """Where the sections' texts begin, as far as they stand there to the letter."""
    at = 0
    for key, body in bodies.items():
        begun = text.find(body, at) if body else -1
        if begun >= 0:
            yield key, begun
            at = begun + len(body)


def _placed(finding: Finding, starts: dict[str, int]) -> Finding:
    begun = starts.get(finding.section)
    if finding.start is None or finding.end is None or begun is None:
        return replace(finding, start=None, end=None)
    return replace(finding, start=finding.start + begun, end=finding.end + begun)
