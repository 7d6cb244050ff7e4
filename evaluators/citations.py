"""Knows citations that point to nothing: those invented for a text, and texts without sources."""

from __future__ import annotations

from collections.abc import Sequence

from domain.score import Score
from evaluators.base import Reporter
from sources.citations import GATE, without_lost

VERSION = 1


def without_citations(text: str) -> str:
    """The text without numeric citation marks; code, links and definitions stay as they are.

    For texts written without sources: a citation that nothing stands behind misleads.
    """
    return without_lost(text, ())[0].strip() if "[" in text else text


def citations_score(lost: Sequence[str], kept: int, key: str = "") -> Score:
    """How many of the citations that were written for a text pointed to something, 0 to 100.

    Args:
        lost: the marks that pointed to nothing; they have been taken out.
        kept: citations that the text has.
        key: the section's.
    """
    reporter = Reporter(GATE, VERSION, key)
    if not lost and not kept:
        return reporter.unscored("it cites nothing")
    found = [reporter.warn(f"a citation pointed to nothing: {mark}; removed") for mark in lost]
    return reporter.score(found, 100 * kept / (kept + len(lost)))


def citations_of_whole(parts: Sequence[tuple[Score, int]]) -> Score:
    """A document's, of those of its sections with how many citations each has kept."""
    found = [finding for score, _ in parts for finding in score.findings]
    kept = sum(count for _, count in parts)
    if not found and not kept:
        return citations_score((), 0)
    return Reporter(GATE, VERSION).score(found, 100 * kept / (kept + len(found)))
