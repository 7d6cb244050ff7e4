"""What a section may cite: the passages that its subject finds in the request's sources."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from agents.material.kinds import Material
from agents.material.meaning import Decision, decision, question
from agents.material.shelf import SHELF, Stock
from agents.run.context import WritingContext
from domain.outline.plan import Outline, SectionPlan
from domain.text.vocabulary import content
from sources.grounding import cited
from sources.marks import highest
from sources.passages import Passage
from sources.showing import block

NAME = "passages"
FEWEST, MOST = 3, 12
"""Passages for a section."""
UNITS = 60
"""Counted units of a section for which there is one passage."""
SHARE = 0.25
"""Of the writer's window at most, for passages."""
TOKENS = 300
"""Of a passage with its tags, about."""
COMPACT = 2
"""Passages for a model that is too small for more."""
_REQUEST = 4_000
"""Characters of the request that are searched with, where the section's own words find too few."""


async def passages(ctx: WritingContext, outline: Outline, section: SectionPlan) -> Material | None:
    """The passages for a section as its writer sees them, best first; None where there are none."""
    found = await evidence(ctx, outline, section)
    return shown(ctx, found) if found else None


async def evidence(
    ctx: WritingContext, outline: Outline, section: SectionPlan, text: str = ""
) -> dict[int, Passage]:
    """The passages that a section may cite, best first, by numbers that hold in all sections.

    The same section finds the same, whenever it asks. Where only sources may be drawn on, there
    is always a passage.

    Args:
        ctx: the run.
        outline: the plan.
        section: its item in it.
        text: the section as it stands; what it cites already it may go on citing.

    Raises:
        NotFoundError: a source has gone.
        LimitExceededError: a spending cap of the run is reached, where its vector is still to be
            made.
    """
    if not ctx.request.sources:
        return {}
    chosen = await decision(ctx) or Decision()
    stock = await SHELF.stock(ctx, chosen.model)
    most, subject = _most(ctx, section), _subject(section)
    vector = await question(ctx, chosen, section.key, subject)
    # Among many vectors a search takes long: others go on meanwhile.
    found = await asyncio.to_thread(stock.search, content(subject), most, vector)
    if len(found) < most:
        wider = f"{outline.title} {ctx.request.prompt[:_REQUEST]}"
        found |= {n: p for n, p in stock.search(content(wider), most).items() if n not in found}
    if not found and ctx.request.only_sources:
        found = dict(islice(stock.passages.items(), most))
    return {**dict(islice(found.items(), most)), **cited_in(stock, text)}


def cited_in(stock: Stock, text: str) -> dict[int, Passage]:
    """The passages that a text cites, in order."""
    return {number: stock.passages[number] for number in cited(text, stock.passages.keys())}


def shown(ctx: WritingContext, found: Mapping[int, Passage]) -> Material:
    """Passages as a prompt shows them."""
    language, most = ctx.request.language, highest(found)
    blocks = (block(n, passage, ctx.fence, language, most) for n, passage in found.items())
    return Material(NAME, tuple(blocks), numbers=tuple(found))


@dataclass(frozen=True)
class Citing:
    """How a text cites, for prompts."""

    sourced: bool = False
    """Whether the request has sources."""
    only: bool = False
    """Whether nothing else may be drawn on."""
    example: int = 0
    """One of the numbers that are shown; 0 where none is."""


def citing(ctx: WritingContext, numbers: Sequence[int]) -> Citing:
    """What a prompt says of citing that shows the passages of these numbers."""
    return Citing(bool(ctx.request.sources), ctx.request.only_sources, next(iter(numbers), 0))


def numbers_of(ctx: WritingContext, *shown: Material) -> dict[str, list[int]]:
    """The record of a call: which numbers it was shown; nothing for a request without sources."""
    numbers = [number for material in shown for number in material.numbers]
    return {"numbers": numbers} if ctx.request.sources else {}


def _most(ctx: WritingContext, section: SectionPlan) -> int:
    """Passages that the section's length calls for and the writer's window has room for."""
    if ctx.compact("writer"):
        return COMPACT
    room = int(ctx.window("writer") * SHARE / TOKENS)
    return max(1, min(max(FEWEST, section.target // UNITS), MOST, room))


def _subject(section: SectionPlan) -> str:
    return " ".join((section.heading, section.point, *section.key_points, *section.must_include))
