"""Knows how much of its outline a document carries out: headings in order, key points touched."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from domain.outline.plan import Outline, SectionPlan
from domain.score import Finding, Score
from domain.text.vocabulary import terms
from evaluators.base import Reporter
from evaluators.structure import heading_name, headings
from evaluators.thresholds import DEFAULTS, Thresholds

NAME = "coverage"
VERSION = 1


def outline_coverage(
    outline: Outline | None, text: str, *, thresholds: Thresholds = DEFAULTS
) -> Score:
    """How far a document follows its outline, 0 to 100; unscored without one.

    The mean of two shares: of the outline's headings those that stand in the document in the
    outline's order (longest common subsequence), and of its key points those of whose content
    words at least `point_overlap` occur in the point's own section (in the whole text where that
    has no heading). Words only: a point made in other words counts as not touched, so that points
    are only noted; headings warn below `coverage_floor`.
    """
    report = Reporter(NAME, VERSION)
    if outline is None or not outline.sections:
        return report.unscored("there is no outline")
    names = [heading_name(heading) for heading in _planned(outline)]
    found = [heading_name(heading.text) for heading in headings(text)]
    in_order = _common(names, found) / len(names) if names else 1.0
    bodies = _bodies(outline, text)
    points = [(s, p) for s in outline.sections for p in s.key_points if terms(p)]
    missed = [(s, p) for s, p in points if not is_touched(p, bodies[s.key], thresholds)]
    touched = 1 - len(missed) / len(points) if points else in_order
    findings = list(_findings(report, in_order, missed, thresholds))
    return report.score(findings, 50 * (in_order + touched))


def _findings(
    report: Reporter,
    in_order: float,
    missed: Sequence[tuple[SectionPlan, str]],
    limits: Thresholds,
) -> Iterator[Finding]:
    if in_order < limits.coverage_floor:
        yield report.warn(f"only {in_order:.0%} of the outline's headings stand there in order")
    for section, point in missed:
        message = f"section {section.key!r} hardly touches the point {point[:80]!r}"
        yield Reporter(NAME, VERSION, section.key).note(message)


def _planned(outline: Outline) -> list[str]:
    return [text for s in outline.sections for _, text in outline.headings_above(s.key)]


def _common(wanted: Sequence[str], found: Sequence[str]) -> int:
    """Length of the longest common subsequence, for names that are distinct in `wanted`.

    It is then the longest rising run of their places (Hunt & Szymanski 1977).
    """
    place = {name: number for number, name in enumerate(wanted)}
    tails: list[int] = []
    for name in found:
        if name in place:
            at = bisect_left(tails, place[name])
            tails[at : at + 1] = [place[name]]
    return len(tails)


def _bodies(outline: Outline, text: str) -> dict[str, frozenset[str]]:
    """The content words under each section's heading, of the whole text where it has none."""
    marks = headings(text)
    ends = [mark.start for mark in marks[1:]] + [len(text)]
    under: dict[str, list[str]] = {}
    for mark, end in zip(marks, ends, strict=True):
        under.setdefault(heading_name(mark.text), []).append(text[mark.start : end])
    whole = frozenset(terms(text))
    own = {s.key: under.get(heading_name(s.heading), []) for s in outline.sections}
    return {key: frozenset(terms("\n".join(parts))) if parts else whole
            for key, parts in own.items()}  # fmt: skip


def is_touched(point: str, body: frozenset[str], limits: Thresholds) -> bool:
    """Whether a text with these content words makes a point, as far as words can tell."""
    wanted = set(terms(point))
    return len(wanted & body) >= limits.point_overlap * len(wanted)
