"""Who finds what sections are written from: materials for prompts, passages that may be cited."""

from __future__ import annotations

from dataclasses import replace

from agents.material.earlier import earlier_sections, story
from agents.material.evidence import evidence, passages
from agents.material.kinds import NAMES, Material, Provider
from agents.material.recall import known, laid_down
from agents.material.story import story_so_far
from agents.material.style import style
from agents.run.context import WritingContext
from agents.writer.job import Job
from domain.outline.plan import Outline, SectionPlan

PROVIDERS: tuple[Provider, ...] = (known, story, story_so_far, laid_down, style, passages)


async def materials(
    ctx: WritingContext, outline: Outline, section: SectionPlan
) -> tuple[Material, ...]:
    """All that there is for one section; no model is asked for text."""
    found = [await provider(ctx, outline, section) for provider in PROVIDERS]
    named = {material.name: material for material in found if material and material.pieces}
    return tuple(named[name] for name in NAMES if name in named)


async def supplied(job: Job, text: str = "") -> Job:
    """The job with all that its section is written from.

    Args:
        job: a section's.
        text: the section as it stands; what it cites it may go on citing.
    """
    ctx, outline, section = job.ctx, job.outline, job.section
    return replace(
        job,
        materials=await materials(ctx, outline, section),
        given=await evidence(ctx, outline, section, text),
        earlier=tuple(one.text for one in await earlier_sections(ctx) if one.key != section.key),
    )
