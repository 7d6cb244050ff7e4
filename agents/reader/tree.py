"""Reads all pieces at once, then merges their notes, level by level, until one is left.

Sources: BooookScore (arXiv 2310.00785, hierarchical merging), LLM×MapReduce (arXiv 2410.09342).
Groups are made by position alone, so that a run that goes on merges the same notes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from agents.reader.layout import Layout
from agents.reader.noting import Taken, cut, findings, merge, note_piece, text_of
from agents.reader.outcome import Read, tell
from agents.run.context import WritingContext
from agents.run.together import together
from domain.notes import Finding

AT_ONCE = 32
"""Pieces that are in memory at the same time; how many are asked for decide the endpoints."""


async def read_as_tree(ctx: WritingContext, layout: Layout) -> Read:
    """The note that is left, and what every piece has added. Raises LLMError as `note_piece`."""
    room, done = asyncio.Semaphore(AT_ONCE), 0

    async def leaf(number: int) -> tuple[Taken, tuple[Finding, ...]]:
        nonlocal done
        async with room:
            taken = await note_piece(ctx, layout, number)
            text = await text_of(ctx, layout, layout.pieces[number - 1]) if taken.whole else ""
            done += 1
            if not taken.replayed:
                await tell(ctx, layout, done)
        return taken, findings(layout, number, "", taken.whole, text)

    leaves = await together(leaf(number) for number in range(1, len(layout.pieces) + 1))
    troubles = [
        f"piece {number}: {taken.trouble}"
        for number, (taken, _) in enumerate(leaves, 1)
        if taken.trouble
    ]
    notes = [taken.note for taken, _ in leaves]
    level = 1
    while len(notes) > 1:
        groups = [notes[at : at + layout.room.fan] for at in range(0, len(notes), layout.room.fan)]
        made = await together(
            _merged(ctx, layout, f"merge/{level}/{number:04d}", group)
            for number, group in enumerate(groups, 1)
        )
        troubles += [f"merging notes: {taken.trouble}" for taken in made if taken.trouble]
        notes, level = [taken.note for taken in made], level + 1
    found = tuple(each for _, own in leaves for each in own)
    return Read(notes[0] if notes else "", found, tuple(troubles))


async def _merged(ctx: WritingContext, layout: Layout, name: str, notes: Sequence[str]) -> Taken:
    """One note of a group; where none comes, each of the group gives its first lines."""
    given = [note for note in notes if note]
    if len(given) < 2:
        return Taken(given[0] if given else "")
    taken = await merge(ctx, layout, name, given)
    if taken.note:
        return taken
    share = layout.room.note // len(given)
    joined = "\n".join(filter(None, (cut(ctx, note, share) for note in given)))
    return Taken(joined, trouble=taken.trouble or "it was empty")
