"""One note: asked for, made clean, kept within its bound; and what a piece has added to it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace

from agents.reader.layout import Layout, Piece
from agents.reader.room import HEAD, checked, common
from agents.run.calls import UNUSABLE, Composed, ask, complaint
from agents.run.context import WritingContext
from domain.notes import Finding, facts_in, folded
from evaluators.base import Subject
from evaluators.cleaning import clean_ends
from evaluators.refusal import Refusal
from prompts.library import Prompt
from sources.extract import Place
from sources.references import place_words
from sources.terms import terms
from storage import sources

TEMPERATURE = 0.0
"""Notes are copied, not invented."""
NOTHING = frozenset({"none", "none.", "无", "无。", "没有", "（无）"})
_SHARED = 0.5
"""Share of a fact's terms that its piece must hold for the fact to be the piece's."""
_MOST_FACTS = 80
"""That one piece may add."""


@dataclass(frozen=True)
class Taken:
    """What a call for a note came to."""

    note: str
    """Within its bound; empty where nothing was noted."""
    whole: str = ""
    """The answer before it was made to fit."""
    replayed: bool = False
    """Whether it was in the journal already."""
    trouble: str = ""
    """Why there is no note, in words; empty where there is one, or nothing to note."""


async def note_piece(ctx: WritingContext, layout: Layout, number: int, note: str = "") -> Taken:
    """Read piece `number` (from 1) after the notes so far; these stay where no note comes.

    Raises:
        ContextOverflowError: the reader's window is smaller than it seemed.
        LLMError: the endpoint cannot be used at present.
    """

    async def prompt() -> Prompt:
        return ctx.prompts.render(
            "reader/note",
            ctx.fence,
            **common(ctx, layout.room.note),
            note=note,
            piece=await shown(ctx, layout, layout.pieces[number - 1]),
            number=number,
            of=len(layout.pieces),
        )

    taken = await take(ctx, layout, f"piece/{number:04d}", prompt)
    return taken if taken.note else replace(taken, note=note)


async def merge(ctx: WritingContext, layout: Layout, name: str, notes: Iterable[str]) -> Taken:
    """Make one note of several, or one shorter; raises as `note_piece`."""
    given = list(notes)

    async def prompt() -> Prompt:
        bounds = common(ctx, layout.room.note)
        return ctx.prompts.render("reader/merge", ctx.fence, **bounds, several=given)

    return await take(ctx, layout, name, prompt)


async def take(
    ctx: WritingContext, layout: Layout, name: str, prompt: Callable[[], Awaitable[Prompt]]
) -> Taken:
    """Ask for a note, and have it shortened once where it is too long; then it is cut."""
    step, room = f"read/{layout.turn}/{name}", layout.room

    async def compose() -> Composed:
        made = checked(ctx, await prompt(), room.answer)
        return Composed(made, max_tokens=room.answer, temperature=TEMPERATURE, seed=ctx.seed(step))

    try:
        answer = await ask(ctx, step, "reader", compose)
    except UNUSABLE as error:
        return Taken("", trouble=complaint(error))
    replayed = not answer.completion.endpoint
    whole, trouble = tidy(answer.text, ctx.fence)
    if trouble or not whole:
        return Taken("", "", replayed, trouble)
    if ctx.tokens.budget_count(whole) <= room.note:
        return Taken(whole, whole, replayed)
    if name.endswith("/shorter"):
        return Taken(cut(ctx, whole, room.note), whole, replayed)
    shorter = await merge(ctx, layout, f"{name}/shorter", [cut(ctx, whole, room.answer)])
    return Taken(shorter.note or cut(ctx, whole, room.note), whole, replayed)


def tidy(text: str, fence: str = "") -> tuple[str, str]:
    """A model's note without what it put around it, and what is wrong with it, in words.

    Args:
        text: the answer.
        fence: the mark on the prompt's data blocks, which no note may hold.
    """
    lines = [line.rstrip() for line in clean_ends(text).split("\n")]
    note = "\n".join(line for line in lines if line.strip() and not (fence and fence in line))
    if note.strip().casefold() in NOTHING:
        return "", ""
    if not note:
        return "", "it was empty"
    if Refusal().evaluate(Subject(note)).value == 0:
        return "", "it was refused"
    return note, ""


def cut(ctx: WritingContext, note: str, most: int) -> str:
    """The lines of a note, from its beginning, that fit into `most` tokens.

    A line that is too long by itself is cut after the last word that fits.
    """
    if ctx.tokens.budget_count(note) <= most:
        return note
    head = ctx.tokens.head(note, int(most / 1.2))
    kept = head.rpartition("\n")[0]
    return kept or re.sub(r"\s\S*\Z", "", head)


def findings(
    layout: Layout, number: int, before: str, whole: str, text: str
) -> tuple[Finding, ...]:
    """What piece `number` has added: what the note did not say before, and the piece says.

    A source in another language than the notes shares no words with them: there all that is new
    counts.
    """
    piece = layout.pieces[number - 1]
    known = {folded(fact) for fact in facts_in(before)}
    there = set(terms(text))
    new = dict.fromkeys(fact for fact in facts_in(whole) if folded(fact) not in known)
    own = [fact for fact in new if layout.foreign[piece.source] or _stands(fact, there)]
    source = layout.sources[piece.source]
    return tuple(
        Finding(source, number, fact, piece.page, piece.headings) for fact in own[:_MOST_FACTS]
    )


def _stands(fact: str, there: set[str]) -> bool:
    """Whether a fact may come from a text with these terms: its numbers do, and half its words."""
    said = set(terms(fact))
    numbers = {term for term in said if term.isdecimal()}
    return bool(said) and numbers <= there and len(said & there) >= _SHARED * len(said)


async def text_of(ctx: WritingContext, layout: Layout, piece: Piece) -> str:
    """The piece's text."""
    source = layout.sources[piece.source]
    return await ctx.db.run(
        lambda s: sources.stretch(s, source, piece.start, piece.end), write=False
    )


async def shown(ctx: WritingContext, layout: Layout, piece: Piece) -> str:
    """The piece as a reader sees it: where it stands, then its text."""
    title = " ".join(layout.titles[piece.source].split())
    place = place_words(Place(piece.page, piece.headings), ctx.request.language, title)
    head = f"S{piece.source + 1}: {' · '.join(filter(None, (title, place)))}"
    return f"{ctx.tokens.head(head, HEAD // 2)}\n\n{await text_of(ctx, layout, piece)}"
