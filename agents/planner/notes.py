"""What planners are told of the sources: notes and findings, as many as there is room for."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from agents.reader.noting import cut
from agents.reader.planning import told_titles
from agents.run.context import WritingContext
from agents.writer.window import MARGIN
from domain.notes import Finding, Notes, folded, in_turn
from domain.outline.plan import Division, Outline, Part, SectionPlan
from prompts.library import Prompt
from sources.allotment import allotted
from storage import notes

LEAST = 60
"""Tokens; with less room the sources are left out."""
MOST = 12_000
"""Tokens, however large the window is."""
COMPACT = 160
"""Tokens for a planner that is a very small model; it loses its task in more."""
_FRAME = 48
"""Tokens of the words around them in a prompt."""
_LINES = MOST // 8
"""Findings that are thought of at all: one has that many tokens at least."""
_OWN = 2
"""An item's own findings come before the notes, with one part of the room in so many."""
_BULLET = re.compile(r"^[-*•] (?:S\d+: )?")

Item = Division | Part | SectionPlan


@dataclass(frozen=True)
class Told:
    """What a planner is told, if there is room for it."""

    notes: str = ""
    own: tuple[str, ...] = ()
    """What was found in the sources that belongs to what is planned, the nearest first."""
    more: tuple[str, ...] = ()
    """What else was found."""


NOTHING = Told()


async def told(ctx: WritingContext, outline: Outline | None = None, key: str = "") -> Told:
    """What there is of the sources for a plan; nothing for a request without them.

    Args:
        ctx: the run.
        outline: the plan as it is, where one item of it is planned.
        key: of that item: a division, a part or a section.
    """
    if not ctx.request.sources:
        return NOTHING
    found = await ctx.db.run(lambda s: notes.find(s, ctx.document_id), write=False)
    if found is None:
        return NOTHING
    if ctx.compact("planner"):
        return Told(found.text)
    text = f"{told_titles(found.titles)}\n\n{found.text}"
    if outline is None:
        return Told(text, more=_lines(found, in_turn(found.findings)))
    own = await asyncio.to_thread(belonging, found.findings, outline, key)
    return Told(text, own=_lines(found, own))


def belonging(findings: Sequence[Finding], outline: Outline, key: str) -> Sequence[Finding]:
    """Those that belong to one item rather than to those beside it, the nearest first. Pure."""
    for items, own in _levels(outline, key):
        groups = allotted(findings, [_subject(item) for item in items])
        findings = next(g for g, item in zip(groups, items, strict=True) if item.key == own)
    return findings


def with_notes(
    ctx: WritingContext, told: Told, answer: int, render: Callable[[str], Prompt]
) -> Prompt:
    """The prompt with as much of the sources as fits the planner's window beside the answer.

    Args:
        ctx: the run.
        told: what there is.
        answer: tokens that are kept free for it.
        render: the prompt with this much of it.
    """
    bare = render("")
    if not told.notes and not told.own:
        return bare
    used = ctx.tokens.budget_count(bare.system + bare.user)
    room = min(ctx.window("planner") - answer - used - MARGIN - _FRAME, MOST)
    return render(fitted(ctx, told, room)) if room >= LEAST else bare


def fitted(ctx: WritingContext, told: Told, room: int) -> str:
    """What fits into so many tokens: some of its own, the notes, then what else was found."""
    if ctx.compact("planner"):
        return cut(ctx, told.notes, min(room, COMPACT))
    first = cut(ctx, "\n".join(told.own), room // _OWN)
    rest = told.own[len(first.split("\n")) if first else 0 :]
    blocks = [first, _without(told.notes, first)]
    blocks.append("\n".join(_new((*rest, *told.more), blocks[1])))
    shown: list[str] = []
    for block in filter(None, blocks):
        left = room - ctx.tokens.budget_count("\n\n".join(shown)) - 4
        shown += filter(None, [cut(ctx, block, left) if left >= LEAST else ""])
    return "\n\n".join(shown)


def _levels(outline: Outline, key: str) -> Iterator[tuple[Sequence[Item], str]]:
    """From above: the items that stand beside one another, and which of them leads to the key."""
    part = next(p for p in outline.parts if key in (p.key, *(each.key for each in p.sections)))
    if part.division:
        yield outline.divisions, part.division
    if not part.is_division:
        yield outline.chapters(part.division), part.key
    if key != part.key:
        yield part.sections, key


def _subject(item: Item) -> str:
    points = item.key_points if isinstance(item, SectionPlan) else ()
    return " ".join((item.heading, item.point, *points))


def _lines(found: Notes, findings: Sequence[Finding]) -> tuple[str, ...]:
    """Findings as notes are written; of several sources each with its own."""
    numbers = {id: f"S{number}: " for number, id in enumerate(found.sources, 1)}
    several = len(numbers) > 1
    return tuple(
        f"- {numbers[each.source] if several else ''}{' '.join(each.text.split())}"
        for each in findings[:_LINES]
    )


def _without(text: str, shown: str) -> str:
    """Notes without the lines that say what is shown already."""
    said = {_said(line) for line in shown.split("\n") if line}
    return "\n".join(line for line in text.split("\n") if _said(line) not in said)


def _new(lines: Sequence[str], text: str) -> list[str]:
    """The lines that a text does not hold."""
    said = folded(text)
    return [line for line in lines if _said(line) not in said]


def _said(line: str) -> str:
    return folded(_BULLET.sub("", line))
