"""Reads piece after piece, and passes a bounded note from each to the next.

Source: Chain-of-Agents (arXiv 2406.02818): worker i sees the question, the note so far and its
piece; a manager answers from the last note. What each has added is kept beside the note, since a
bounded one must forget.
"""

from __future__ import annotations

from agents.reader.layout import Layout
from agents.reader.noting import findings, note_piece, text_of
from agents.reader.outcome import Read, tell
from agents.run.context import WritingContext
from domain.notes import Finding


async def read_in_chain(ctx: WritingContext, layout: Layout) -> Read:
    """The last note, and what every piece has added. Raises LLMError as `note_piece`."""
    note, found, troubles = "", list[Finding](), list[str]()
    for number, piece in enumerate(layout.pieces, 1):
        taken = await note_piece(ctx, layout, number, note)
        if taken.trouble:
            troubles.append(f"piece {number}: {taken.trouble}")
        if taken.whole:
            text = await text_of(ctx, layout, piece)
            found += findings(layout, number, note, taken.whole, text)
        note = taken.note
        if not taken.replayed:
            await tell(ctx, layout, number)
    return Read(note, tuple(found), tuple(troubles))
