"""What sources add to an estimate: notes, passages, and the calls that check citations."""

from __future__ import annotations

from domain.length.spread import Spread
from domain.request import WritingRequest, make_request
from services.forecast.citing import NOTES, PASSAGES, cited
from services.forecast.rates import Known, Stage

ABLE, SMALL = Known(9, 8192), Known(9, 8192, compact=True)
SECTIONS = Spread(4, 6, 8)
STAGES = [
    Stage("planning", "planner", Spread(1, 1, 1), Spread(9, 9, 9), Spread(5, 5, 5), Spread()),
    Stage("writing", "writer", Spread(4, 6, 8), Spread(99, 99, 99), Spread(5, 5, 5), Spread()),
]


def request(**more: object) -> WritingRequest:
    return make_request({"prompt": "On mills", **more})


def test_without_sources_nothing_is_added() -> None:
    assert cited(request(), SECTIONS, STAGES, ABLE) == STAGES


def test_planners_see_notes_writers_passages_and_a_judge_checks_each_section() -> None:
    told = cited(request(sources=["src_a"], rounds=1), SECTIONS, STAGES, ABLE)
    assert told[0].prompt == STAGES[0].prompt + NOTES.at_most(4096)
    assert told[1].prompt == STAGES[1].prompt + STAGES[1].calls * PASSAGES
    assert told[2].name == "checking citations"
    assert told[2].calls.low >= SECTIONS.low


def test_who_does_not_judge_checks_nothing() -> None:
    assert len(cited(request(sources=["src_a"], rounds=0), SECTIONS, STAGES, ABLE)) == 2
    assert cited(request(sources=["src_a"]), SECTIONS, STAGES, SMALL) == STAGES
