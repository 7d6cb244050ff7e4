"""How much a reader's call may hold: the piece it reads, the notes it sees, the notes it writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agents.run.context import WritingContext, units_within
from agents.writer.window import MARGIN
from core.errors import ContextOverflowError
from prompts.library import Prompt

MOST_NOTE = 4_000
"""Tokens of a note, however large the window is."""
MOST_MERGED = 2_000
"""Tokens of a note that is merged with others."""
MOST_PIECE = 12_000
"""Tokens: in longer ones models overlook more (Chain-of-Agents read 8,000 at a time)."""
HEAD = 160
"""Tokens of what stands above a piece: its source's title, page and headings."""
TAGS = 40
"""Tokens of the tags around one note."""
LEAST = 400
"""Tokens that must be free for reading to make sense."""
_CHAINED, _MERGED = 4, 8
"""The share of the free tokens that a note has at most: one part in so many."""
_OVERRUN = 4
"""An answer may be longer than asked by one part in so many, before it is cut off."""
_QUESTION = 8
"""The request's share of the window, one part in so many; a longer one is shown in part."""


@dataclass(frozen=True)
class Room:
    """Bounds in tokens, as `Tokens.budget_count` counts."""

    note: int
    """Of a note."""
    answer: int
    """`max_tokens` of the call that writes one."""
    piece: int
    """Of what is read at a time."""
    fan: int = 1
    """Notes that are merged in one call."""


def chain_room(ctx: WritingContext, share: float = 1.0) -> Room:
    """For calls that see notes and a piece; raises ContextOverflowError where nothing fits.

    Args:
        ctx: the run.
        share: of the reader's window that is used.
    """
    return chained(_free(ctx, share))


def tree_room(ctx: WritingContext, share: float = 1.0) -> Room:
    """For calls that see a piece or several notes; raises ContextOverflowError."""
    return merged(_free(ctx, share))


def chained(free: int) -> Room:
    """How a chain divides the tokens that are free beside the request. Pure."""
    note = min(MOST_NOTE, free // _CHAINED)
    answer = _answer(note)
    return Room(note, answer, min(MOST_PIECE, free - note - answer))


def merged(free: int) -> Room:
    """The same for calls that see a piece or several notes."""
    note = min(MOST_MERGED, free // _MERGED)
    answer = _answer(note)
    fan = (free - answer) // (note + TAGS)
    return Room(note, answer, min(MOST_PIECE, free - answer), max(2, fan))


def question(ctx: WritingContext) -> str:
    """The request as readers are shown it."""
    return ctx.tokens.head(ctx.request.prompt, ctx.window("reader") // _QUESTION)


def used_by(ctx: WritingContext, prompt: Prompt) -> int:
    """Tokens of a prompt, estimated from above."""
    return ctx.tokens.budget_count(prompt.system + prompt.user)


def checked(ctx: WritingContext, prompt: Prompt, answer: int) -> Prompt:
    """The prompt, which with its answer fits the reader's window.

    Raises:
        ContextOverflowError: it does not: the window was found to be smaller meanwhile.
    """
    used = used_by(ctx, prompt)
    if used + answer > ctx.window("reader"):
        raise ContextOverflowError(
            f"{used:,} tokens of a source leave no room for notes in the reader's window",
            "Use a model with a larger window for the role reader.",
        )
    return prompt


def frame(ctx: WritingContext, template: str, **variables: object) -> int:
    """Tokens of a template without its material."""
    return used_by(ctx, ctx.prompts.render(template, ctx.fence, **variables))


def common(ctx: WritingContext, most: int) -> Mapping[str, object]:
    """What every template of the reader needs: request, language, the most that is answered."""
    return {
        "prompt": question(ctx),
        "language": ctx.language_name,
        "length": ctx.phrase(max(30, units_within(most, ctx.request.language))),
    }


def _free(ctx: WritingContext, share: float) -> int:
    shown = {"number": 9_999, "of": 9_999, "note": "-", "piece": "-"}
    used = frame(ctx, "reader/note", **common(ctx, MOST_NOTE), **shown)
    free = int(ctx.window("reader") * share) - used - HEAD - MARGIN
    if free < LEAST:
        raise ContextOverflowError(
            f"the request alone takes {used:,} tokens of the reader's window",
            "Shorten the prompt, or use a model with a larger window for the role reader.",
        )
    return free


def _answer(note: int) -> int:
    return note + note // _OVERRUN + 16
