"""What citing will take: passages in writers' prompts, and the calls that check citations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from domain.request import WritingRequest
from domain.spread import Spread
from services.forecast import Stage
from services.forecast_rates import JUDGED, VERDICT

PASSAGES = Spread(300, 1_500, 3_600)
"""Tokens of the passages that a call sees."""


def cited(
    request: WritingRequest, sections: Spread, stages: Sequence[Stage], *, compact: bool
) -> list[Stage]:
    """The stages of a document, with what its sources add to them; the same without sources. Pure.

    Args:
        request: what is to be written.
        sections: how many it will have.
        stages: of writing it without sources.
        compact: whether the models are too small to judge.
    """
    if not request.sources:
        return list(stages)
    told = [
        replace(stage, prompt=stage.prompt + stage.calls * PASSAGES)
        if stage.name == "writing" and not compact
        else stage
        for stage in stages
    ]
    if compact or not request.rounds:
        return told
    again = JUDGED.at_most(request.rounds + 1)
    calls = sections * again
    checking = Stage(
        "checking citations", "critic", calls, calls * PASSAGES, calls * VERDICT, again
    )
    return [*told, checking]
