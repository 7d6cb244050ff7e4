"""Writing strategies: what may be written when, and what each call sees."""

import pytest

from agents.planner.contracts import make_skeleton
from agents.planner.reply import PlannedOutline, PlannedSection
from agents.strategies.registry import STRATEGIES, strategy
from core.errors import RequestError

OUTLINE = make_skeleton(
    PlannedOutline(title="T", sections=[PlannedSection(heading=f"H{n}") for n in range(1, 5)]),
    3000,
    "schema",
)
KEYS = ["1", "2", "3", "4"]
DONE = ["1", "3", "2"]


def test_unknown_strategies_are_refused_with_the_known_ones() -> None:
    with pytest.raises(RequestError) as caught:
        strategy("nonsense")
    assert all(name in caught.value.remedy for name in STRATEGIES)


@pytest.mark.parametrize("name", STRATEGIES)
def test_every_strategy_writes_everything_once(name: str) -> None:
    chosen = strategy(name)
    assert chosen.name == name
    assert chosen.summary
    order: list[str] = []
    while ready := chosen.ready(OUTLINE, order):
        assert not set(ready) & set(order)
        order += ready
    assert order == KEYS


def test_parallel_writes_all_at_once_and_shows_nothing() -> None:
    parallel = strategy("parallel")
    assert parallel.ready(OUTLINE, {"2"}) == ["1", "3", "4"]
    assert parallel.visible(OUTLINE, "4", DONE) == []
    assert (parallel.starts_early, parallel.carries) == (True, False)


def test_agentwrite_writes_in_order_and_shows_what_stands_before() -> None:
    agentwrite = strategy("agentwrite")
    assert agentwrite.ready(OUTLINE, {"1", "3"}) == ["2"]
    assert agentwrite.visible(OUTLINE, "3", DONE) == ["1", "2"]
    assert agentwrite.visible(OUTLINE, "1", DONE) == []
    assert (agentwrite.starts_early, agentwrite.carries) == (False, True)
