"""Which strategies there are, by name."""

from __future__ import annotations

from agents.strategies.agentwrite import AgentWrite
from agents.strategies.base import Strategy
from agents.strategies.book import Book
from agents.strategies.parallel import Parallel
from agents.strategies.self_lengthen import SelfLengthen
from core.errors import RequestError

AUTO = "auto"
"""Leaves the choice to `agents.strategies.auto`."""

STRATEGIES: dict[str, Strategy] = {
    each.name: each for each in (Parallel(), AgentWrite(), SelfLengthen(), Book())
}
NAMES = (*STRATEGIES, AUTO)
"""What a request may name, the usual one first."""


def check_name(name: str) -> None:
    """Raise RequestError unless a request may name this strategy."""
    if name != AUTO:
        strategy(name)


def strategy(name: str) -> Strategy:
    """The strategy of that name; raises RequestError naming those there are."""
    try:
        return STRATEGIES[name]
    except KeyError:
        raise RequestError(
            f"unknown strategy {name!r}", f"Use one of: {', '.join(NAMES)}."
        ) from None
