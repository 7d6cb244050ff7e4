"""What one document's making teaches beside the document: its steps, its growth, its revisions."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from batch.drafts import section_pairs
from batch.lengthenings import lengthenings
from batch.records import Pair, Sample
from batch.traces import trace
from batch.versions import document_pair
from services.runs.histories import History


def lessons(sample: Sample, history: History, kinds: Collection[str]) -> Iterator[Sample | Pair]:
    """The records of these kinds, pairs as candidates. Pure.

    Args:
        sample: the document.
        history: how it came about.
        kinds: of samples, and of pairs with `pair` behind them.
    """
    if "trace" in kinds and (told := trace(sample, history)) is not None:
        yield told
    if {"generator", "extender"} & set(kinds):
        yield from (each for each in lengthenings(sample, history) if each.kind in kinds)
    if "document pair" in kinds and (pair := document_pair(sample, history)) is not None:
        yield pair
    if {"section pair", "draft pair"} & set(kinds):
        yield from (each for each in section_pairs(sample, history) if each.label in kinds)
