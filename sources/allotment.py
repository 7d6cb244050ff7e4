"""Which of the things noted from sources belong to which item of a plan."""

from __future__ import annotations

from collections.abc import Sequence

from domain.notes import Finding
from domain.text.vocabulary import content
from sources.extract import Place
from sources.index import Index
from sources.passages import Passage


def allotted(findings: Sequence[Finding], subjects: Sequence[str]) -> list[list[Finding]]:
    """Every finding with one item: the one with whose subject it shares most (BM25).

    What shares no word with any of them is divided evenly, in reading order, so that nothing is
    kept from every planner.

    Args:
        findings: in reading order.
        subjects: what each item is about; at least one.

    Returns:
        For each item its own findings, the nearest first.
    """
    index = Index(
        Passage(str(number), each.source, "", each.text, Place(each.page, each.headings), 0, 0)
        for number, each in enumerate(findings)
    )
    best: dict[int, tuple[float, int]] = {}
    for item, subject in enumerate(subjects):
        for hit in index.search(content(subject), len(findings)):
            number = int(hit.passage.id)
            if hit.score > best.get(number, (0.0, 0))[0]:
                best[number] = hit.score, item
    strange = [number for number in range(len(findings)) if number not in best]
    for place, number in enumerate(strange):
        best[number] = 0.0, place * len(subjects) // len(strange)
    groups: list[list[Finding]] = [[] for _ in subjects]
    for number in sorted(best, key=lambda number: (-best[number][0], number)):
        groups[best[number][1]].append(findings[number])
    return groups
