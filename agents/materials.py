"""Who finds the materials that sections are written from."""

from __future__ import annotations

from agents.context import WritingContext
from agents.material import NAMES, Material, Provider
from agents.story import story_so_far
from domain.outline import Outline, SectionPlan

PROVIDERS: tuple[Provider, ...] = (story_so_far,)


async def materials(
    ctx: WritingContext, outline: Outline, section: SectionPlan
) -> tuple[Material, ...]:
    """All that there is for one section; reads the database, calls no model."""
    found = [await provider(ctx, outline, section) for provider in PROVIDERS]
    named = {material.name: material for material in found if material and material.pieces}
    return tuple(named[name] for name in NAMES if name in named)
