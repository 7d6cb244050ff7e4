"""What sources add: notes for planners, passages for writers, calls that check citations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agents.planner.notes import MOST
from domain.length.spread import Spread
from domain.request import WritingRequest
from services.forecast.rates import JUDGED, VERDICT, Known, Stage

PASSAGES = Spread(300, 1_500, 3_600)
"""Tokens of the passages that a call sees."""
NOTES = Spread(50, 2_500, MOST)
"""Tokens of what a planner is told of the sources."""


def cited(
    request: WritingRequest, sections: Spread, stages: Sequence[Stage], known: Known
) -> list[Stage]:
    """The stages of a document, with what its sources add to them; the same without sources. Pure.

    Args:
        request: what is to be written.
        sections: how many it will have.
        stages: of writing it without sources.
        known: of the models.
    """
    if not request.sources:
        return list(stages)
    compact = known.compact
    shown = {"planning": NOTES.at_most(known.window // 2), "writing": PASSAGES}
    told = [
        replace(stage, prompt=stage.prompt + stage.calls * shown[stage.name])
        if stage.name in shown and not compact
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
