"""What sources add: notes for planners, passages for writers, calls that check citations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agents.noted import MOST
from domain.request import WritingRequest
from domain.spread import Spread
from services.forecast_rates import JUDGED, VERDICT, Stage

PASSAGES = Spread(300, 1_500, 3_600)
"""Tokens of the passages that a call sees."""
_SHOWN = {"planning": Spread(50, 2_500, MOST), "writing": PASSAGES}
"""Tokens of the sources by the stage whose calls see them."""


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
        replace(stage, prompt=stage.prompt + stage.calls * _SHOWN[stage.name])
        if stage.name in _SHOWN and not compact
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
