"""BooookScore (Chang et al. 2024, arXiv 2310.00785): the share of sentences that confuse nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import fmean


def clear_share(confusing: Sequence[bool | None]) -> float | None:
    """The score of one text, 0 to 100: 1 - confusing / all sentences, in per cent.

    Args:
        confusing: for each sentence whether a judge raised a question there or found an error of
            any type; None where its verdict could not be read.

    Returns:
        None, *unscored*, for a text without sentences, or with one that has no verdict.
    """
    known = [found for found in confusing if found is not None]
    if not known or len(known) != len(confusing):
        return None
    return 100 * (1 - sum(known) / len(known))


def booook_score(texts: Iterable[Sequence[bool | None]]) -> float | None:
    """The mean over texts, 0 to 100, whatever their lengths; None where none is scored."""
    scores = [score for score in map(clear_share, texts) if score is not None]
    return fmean(scores) if scores else None
