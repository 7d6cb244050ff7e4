"""Makes planning notes of the last note and of what single pieces have added."""

from __future__ import annotations

from collections.abc import Sequence

from agents.reader.layout import Layout
from agents.reader.noting import TEMPERATURE, cut, tidy
from agents.reader.outcome import Read
from agents.reader.room import TAGS, checked, common, frame
from agents.run.calls import UNREPAIRED, Composed, ask, complaint
from agents.run.context import WritingContext
from agents.writer.window import MARGIN
from core.errors import ContextOverflowError
from domain.notes import Finding, folded, spread

MOST = 8_000
"""Tokens of planning notes, however large the windows are."""
_SHARE = 4
"""The planner's window may be filled with notes by one part in so many."""


async def planning_notes(ctx: WritingContext, layout: Layout, read: Read) -> tuple[str, str]:
    """The notes that the text is planned by, and what was wrong with the answer, in words.

    Where none comes, the last note stands in, with as much of what single pieces have added as
    there is room for.

    Raises:
        LLMError: the endpoint cannot be used at present.
    """
    most = min(MOST, ctx.window("planner") // _SHARE, ctx.window("reader") // _SHARE)
    if len(layout.pieces) == 1:
        return cut(ctx, read.note, most), ""
    step = f"read/{layout.turn}/plan"
    titles = cut(ctx, told_titles(layout.titles), most // 4)

    async def compose() -> Composed:
        bounds = common(ctx, most)
        empty = frame(ctx, "reader/plan", **bounds, titles=titles, note="-", findings="-")
        room = ctx.window("reader") - most - empty - MARGIN - 2 * TAGS
        note = cut(ctx, read.note, max(0, room))
        shown = told(ctx, layout, read.findings, note, room - ctx.tokens.budget_count(note))
        prompt = ctx.prompts.render(
            "reader/plan", ctx.fence, **bounds, titles=titles, note=note, findings=shown
        )
        return Composed(
            checked(ctx, prompt, most), max_tokens=most, temperature=TEMPERATURE,
            seed=ctx.seed(step),
        )  # fmt: skip

    try:
        answer = await ask(ctx, step, "reader", compose)
    except UNREPAIRED as error:
        overflow = isinstance(error, ContextOverflowError)
        return _instead(ctx, layout, read, most), "no room" if overflow else complaint(error)
    text, trouble = tidy(answer.text, ctx.fence)
    if not text:
        return _instead(ctx, layout, read, most), trouble or "it was empty"
    return cut(ctx, text, most), ""


def told_titles(titles: Sequence[str]) -> str:
    """The sources by the numbers that notes tell them by."""
    return "\n".join(
        f"S{number}: {' '.join(title.split())}" for number, title in enumerate(titles, 1)
    )


def told(
    ctx: WritingContext, layout: Layout, findings: Sequence[Finding], note: str, room: int
) -> str:
    """Findings that the note does not hold, each with its source, as many as fit."""
    said = folded(note)
    numbers = {id: number for number, id in enumerate(layout.sources, 1)}
    new = [each for each in findings if folded(each.text) not in said]

    def lines(most: int) -> str:
        return "\n".join(f"S{numbers[x.source]}: {x.text}" for x in spread(new, most))

    low, high = 0, len(new)
    while low < high:
        middle = (low + high + 1) // 2
        if ctx.tokens.budget_count(lines(middle)) <= room:
            low = middle
        else:
            high = middle - 1
    return lines(low)


def _instead(ctx: WritingContext, layout: Layout, read: Read, most: int) -> str:
    note = cut(ctx, read.note, most)
    rest = most - ctx.tokens.budget_count(note) - 8
    return "\n".join(filter(None, (note, told(ctx, layout, read.findings, note, rest))))
