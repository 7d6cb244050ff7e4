"""What planners are told of the sources: the notes of their reading, cut to the room there is."""

from __future__ import annotations

from collections.abc import Callable

from agents.context import WritingContext
from agents.reader.noting import cut
from agents.reader.planning import told_titles
from agents.window import MARGIN
from domain.notes import Notes
from domain.outline import Division, Part
from prompts.library import Prompt
from sources.extract import Place
from sources.index import Index
from sources.passages import Passage
from storage import notes

LEAST = 60
"""Tokens; with less room the notes are left out."""
_FRAME = 48
"""Tokens of the words around the notes in a prompt."""
_FOR_PART = 40
"""Findings that are looked up for one part of the plan."""


async def stored_notes(ctx: WritingContext) -> Notes | None:
    """The notes of the document's sources; None for one without, or a planner too small."""
    if not ctx.request.sources or ctx.compact("planner"):
        return None
    return await ctx.db.run(lambda s: notes.find(s, ctx.document_id), write=False)


def for_all(found: Notes | None) -> str:
    """What the plan of the whole is made by; empty where there are no notes."""
    if found is None:
        return ""
    return f"{told_titles(found.titles)}\n\n{found.text}"


def for_part(found: Notes | None, part: Part | Division) -> str:
    """What the plan of one part is made by: what single pieces say of it, then all notes."""
    if found is None:
        return ""
    index = Index(
        Passage(str(number), each.source, "", each.text, Place(each.page, each.headings), 0, 0)
        for number, each in enumerate(found.findings)
    )
    hits = index.search(f"{part.heading}. {part.point}", _FOR_PART)
    own = "\n".join(f"- {hit.passage.text}" for hit in hits)
    return "\n\n".join(filter(None, (own, for_all(found))))


def with_notes(
    ctx: WritingContext, text: str, answer: int, render: Callable[[str], Prompt]
) -> Prompt:
    """The prompt with as much of the notes as fits the planner's window beside the answer.

    Args:
        ctx: the run.
        text: the notes; may be empty.
        answer: tokens that are kept free for it.
        render: the prompt with these notes.
    """
    bare = render("")
    if not text:
        return bare
    used = ctx.tokens.budget_count(bare.system + bare.user)
    room = ctx.window("planner") - answer - used - MARGIN - _FRAME
    return render(cut(ctx, text, room)) if room >= LEAST else bare
