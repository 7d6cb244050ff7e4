"""What reading all pieces came to, and how it is told while it goes on."""

from __future__ import annotations

from dataclasses import dataclass

from agents.reader.layout import Layout
from agents.run.context import WritingContext
from agents.run.feed import Event
from domain.notes import Finding

READING = "reading"
"""Type of the event that tells how far reading has got."""


@dataclass(frozen=True)
class Read:
    """The last note, what every piece has added, and what went wrong."""

    note: str
    findings: tuple[Finding, ...] = ()
    troubles: tuple[str, ...] = ()


async def tell(ctx: WritingContext, layout: Layout, done: int) -> None:
    """Tell that so many pieces are read."""
    news = {
        "done": done, "of": len(layout.pieces), "method": layout.method, "why": layout.why,
        "sources": len(layout.sources),
    }  # fmt: skip
    await ctx.commit(lambda s: None, [Event(READING, news)])
