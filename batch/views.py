"""How a batch and its rows are shown: plain values for a page, with bounds on every text."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import Any

from batch.funnel import Funnel, Stage
from batch.records import Sample
from domain.dataset import RowStatus
from services.batches.datasets import Item, Standing
from storage.dataset_figures import Figures

EXCERPT = 400
"""Characters of a prompt and of a text in a list."""
BARS = 14


def funnel_of(standing: Standing, figures: Figures) -> Funnel:
    """The batch's funnel as far as it is settled; copies are found when it is exported."""
    drops: Counter[tuple[Stage, str]] = Counter()
    for gone in figures.gone:
        refused: Stage = "filtered" if gone.written else "read"
        stage: Stage = "written" if gone.status is RowStatus.FAILED else refused
        drops[stage, gone.reason] += gone.rows
    return Funnel(standing.total, drops, standing.left)


def histogram(lengths: Sequence[int]) -> dict[str, list[int]]:
    """How many documents are how long: bars equally wide on a logarithmic scale.

    Returns:
        `edges`, one more than `counts`; a document as long as an edge belongs to the bar after it.
    """
    if not lengths:
        return {"edges": [], "counts": []}
    low, high = max(1, min(lengths)), max(lengths) + 1
    ratio = math.log(high / low)
    edges = sorted({round(low * math.exp(ratio * n / BARS)) for n in range(BARS)} | {low, high})
    counts = [0] * (len(edges) - 1)
    for length in lengths:
        counts[min(len(counts), bisect_right(edges, max(low, length))) - 1] += 1
    return {"edges": edges, "counts": counts}


def row_view(item: Item, sample: Sample | None, *, whole: bool = False) -> dict[str, Any]:
    """A row, with its text and scores where it was written.

    Args:
        item: the row.
        sample: what was written; None: nothing yet.
        whole: whether prompt and text are told to their ends.
    """
    most = None if whole else EXCERPT
    figures, prompt = item.result, prompt_of(item)
    text = sample.answer if sample else ""
    scores = [] if sample is None else [
        {"name": score.name, "value": score.value, "reason": score.reason}
        for score in sample.scores
    ]  # fmt: skip
    return {
        "line": item.position, "id": str(item.prompt.get("id", "")), "status": item.status.value,
        "reason": item.reason, "detail": str(figures.get("detail", ""))[:EXCERPT],
        "attempts": item.attempts, "prompt": prompt[:most], "text": text[:most],
        "cut": len(prompt) > len(prompt[:most]) or len(text) > len(text[:most]),
        "title": str(figures.get("title", "")), "words": int(figures.get("words", 0)),
        "target": int(figures.get("target_words", 0)),
        "unit": sample.length.counter if sample and sample.length else "words",
        "length_score": figures.get("length_score"), "scores": scores,
        "seconds": float(figures.get("seconds", 0.0)),
        "cost": float(figures.get("cost") or 0.0), "document_id": item.document_id,
    }  # fmt: skip


def prompt_of(item: Item) -> str:
    """What the user asked last; empty for a line that is no row."""
    turns = item.prompt.get("messages", [])
    return next((str(text) for role, text in reversed(turns) if role == "user"), "")
