"""What a batch would take, from a sample of its rows: no model is asked, nothing is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from batch.intake import entry_of
from batch.rows import Reject, Row
from domain.dataset import Terms
from domain.length.spread import Spread, total
from domain.request import WritingRequest
from llm.roles import Models
from services.forecast.estimates import Estimate, Estimates

SAMPLE = 40
"""Rows that are looked at closely, evenly over the lengths that are asked for."""


@dataclass(frozen=True)
class BatchEstimate:
    """The figures of all rows together."""

    rows: int
    refused: int
    whole: Estimate
    """`seconds` with as many rows at once as keep every place busy."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        told = self.whole.to_dict()
        del told["stages"]
        return {"rows": self.rows, "refused": self.refused, **told}


async def estimate(
    estimates: Estimates,
    models: Models,
    items: Iterable[Row | Reject],
    terms: Terms,
    concurrency: int | None = None,
) -> BatchEstimate | None:
    """Estimate a batch; None where no row can be written.

    Args:
        estimates: for one document, by past runs.
        models: who would write.
        items: the lines.
        terms: how it would be written.
        concurrency: calls at once, in place of what the endpoint's settings say.
    """
    requests, refused = await asyncio.to_thread(_requests, items, terms)
    if not requests:
        return None
    sample = [
        await estimates.estimate(WritingRequest.model_validate(request), models)
        for _, request in evenly(requests, SAMPLE)
    ]
    aim = sum(length for length, _ in requests)
    places = concurrency or models.endpoint("writer").concurrency
    return BatchEstimate(len(requests), refused, _scaled(sample, aim, places))


def _requests(
    items: Iterable[Row | Reject], terms: Terms
) -> tuple[list[tuple[int, dict[str, Any]]], int]:
    """Expected length and request of each row, the shortest first, and how many lines are none."""
    requests, refused = [], 0
    for item in items:
        entry = entry_of(item, terms)
        if entry.refused:
            refused += 1
        else:
            requests.append((entry.expected, entry.prompt["request"]))
    return sorted(requests, key=lambda each: each[0]), refused


def evenly(items: Sequence[Any], most: int) -> list[Any]:
    """At most so many of them, the first and the last among them, at even distances."""
    if len(items) <= most:
        return list(items)
    return [items[round(at * (len(items) - 1) / (most - 1))] for at in range(most)]


def _scaled(sample: Sequence[Estimate], aim: int, places: int) -> Estimate:
    """The sample's sums, for as many words as all rows together."""
    factor = aim / sum(each.target for each in sample)

    def whole(name: str) -> Spread:
        return total(getattr(each, name) for each in sample) * factor

    longest = sample[-1].seconds
    return replace(
        sample[-1], target=aim, sections=whole("sections"), calls=whole("calls"),
        prompt_tokens=whole("prompt_tokens"), completion_tokens=whole("completion_tokens"),
        cost=whole("cost"), busy=whole("busy"),
        seconds=(whole("busy") * (1 / places)).larger(longest),
    )  # fmt: skip
