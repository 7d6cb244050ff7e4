"""A short draft of the whole first, then all its sections at once, each made longer."""

from __future__ import annotations

from agents.strategies.parallel import Parallel


class SelfLengthen(Parallel):
    """Every section's call sees the same whole draft, so it knows what the others will say.

    The draft is a prefix that all calls share. One call deeper than `parallel`.
    Source: Self-Lengthen (arXiv 2410.23933).
    """

    name = "self_lengthen"
    summary = "a short draft of the whole, then every section of it made longer at once"
    starts_early = False
    sketches = True
