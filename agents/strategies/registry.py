"""Which strategies there are, by name."""

from __future__ import annotations

from agents.strategies.agentwrite import AgentWrite
from agents.strategies.base import Strategy
from agents.strategies.parallel import Parallel
from core.errors import RequestError

STRATEGIES: dict[str, Strategy] = {each.name: each for each in (Parallel(), AgentWrite())}


def strategy(name: str) -> Strategy:
    """The strategy of that name; raises RequestError naming those there are."""
    try:
        return STRATEGIES[name]
    except KeyError:
        raise RequestError(
            f"unknown strategy {name!r}", f"Use one of: {', '.join(STRATEGIES)}."
        ) from None
