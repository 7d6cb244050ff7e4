"""Which strategy fits a request, and why: asked for with `--strategy auto`."""

from __future__ import annotations

from agents.run.context import expected_tokens
from agents.strategies.agentwrite import AgentWrite
from agents.strategies.book import Book
from agents.strategies.parallel import Parallel
from agents.strategies.self_lengthen import SelfLengthen
from core.setting_groups import BookSettings
from domain.outline.sketch import MOST
from domain.request import WritingRequest

IN_ORDER = 1500
"""Counted units up to which waiting for each section costs little, and reads best."""
PER_SKETCH = 4
"""A draft of the whole guides texts up to so many times its own length."""
SHARE = 0.5
"""Of the window that a text may fill and still be shown whole."""


def choose(
    request: WritingRequest, window: int, *, compact: bool, book: BookSettings
) -> tuple[str, str]:
    """The name of a strategy, and the reason in one clause.

    Args:
        request: what is to be written.
        window: tokens that the writer's model takes.
        compact: whether it is too small for anything but the indispensable.
        book: from which length on it is one.
    """
    target, unit = request.length.aim, request.unit

    def fits(units: int) -> bool:
        return expected_tokens(units, request.language) <= window * SHARE

    if compact:
        return Parallel.name, "a very small model can use neither a draft nor the text so far"
    if target > book.longer_than:
        return Book.name, f"{target:,} {unit} are a book, each chapter planned from those before it"
    if target <= IN_ORDER and fits(target):
        return AgentWrite.name, f"{target:,} {unit} are soon written one section after the other"
    if target <= PER_SKETCH * MOST and fits(MOST):
        return SelfLengthen.name, f"a short draft can guide {target:,} {unit}"
    why = f"{target:,} {unit} are too long to be guided by a short draft"
    return Parallel.name, why if fits(MOST) else "the model's window has no room for a draft"
