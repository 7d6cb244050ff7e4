"""Who reads the sources of a document before it is planned: the way chosen, the notes stored."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from agents.reader.chain import read_in_chain
from agents.reader.layout import Layout, lay_out
from agents.reader.noting import cut
from agents.reader.outcome import Read, tell
from agents.reader.planning import MOST, planning_notes
from agents.reader.tree import read_as_tree
from agents.run.context import WritingContext
from agents.run.feed import Event
from core.errors import ContextOverflowError
from domain.notes import Finding, Notes
from sources.extract import GAP
from sources.index import Index
from storage import notes, sources

NOTED = "notes"
"""Type of the event that tells what reading came to."""
TURNS = 3
"""Times that reading begins with a smaller window, where one was found to be too small."""
TOO_SMALL = "the reader's window is smaller than it seemed"
_FOUND = 40
"""Passages that stand in for notes at most."""
_SHARE = 4


async def read_sources(ctx: WritingContext) -> None:
    """Read the document's sources, unless they are; the notes are in the database then.

    Raises:
        LLMError: the endpoint cannot be used at present; what was noted is kept.
        NotFoundError: a source is gone.
    """
    if await ctx.db.run(lambda s: notes.find(s, ctx.document_id), write=False) is not None:
        return
    layout = await _layout(ctx)
    made: Notes | None = None
    while made is None:
        try:
            made = await _notes(ctx, layout)
        except ContextOverflowError:
            if layout.turn + 1 < TURNS:
                layout = await _kept(ctx, await lay_out(ctx, layout.turn + 1))
            else:
                layout = replace(layout, method="passages", why=TOO_SMALL)
    news = {
        "method": made.method, "why": made.why, "pieces": made.pieces,
        "sources": len(made.sources), "findings": len(made.findings),
        "troubles": list(made.troubles),
    }  # fmt: skip
    await ctx.commit(lambda s: notes.save(s, ctx.document_id, made), [Event(NOTED, news)])


async def _layout(ctx: WritingContext) -> Layout:
    """The division that this run has begun with, or a new one."""
    stored = await ctx.db.run(lambda s: notes.layout(s, ctx.document_id), write=False)
    if stored is not None and stored["run"] == ctx.run_id:
        return Layout.from_dict(stored)
    return await _kept(ctx, await lay_out(ctx))


async def _kept(ctx: WritingContext, layout: Layout) -> Layout:
    data = layout.to_dict()
    await ctx.commit(lambda s: notes.begin(s, ctx.document_id, data))
    return layout


async def _notes(ctx: WritingContext, layout: Layout) -> Notes:
    await tell(ctx, layout, 0)
    if layout.method == "whole":
        return _made(layout, await _whole(ctx, layout), Read(""))
    if layout.method == "passages":
        return await _passages(ctx, layout, Read(""))
    way = read_in_chain if layout.method == "chain" else read_as_tree
    read = await way(ctx, layout)
    if not read.note and not read.findings:
        return await _passages(ctx, layout, read)
    text, trouble = await planning_notes(ctx, layout, read)
    told = (*read.troubles, *([f"planning notes: {trouble}"] if trouble else []))
    return _made(layout, text, Read(read.note, read.findings, told))


def _made(layout: Layout, text: str, read: Read) -> Notes:
    return Notes(
        text=text, method=layout.method, why=layout.why, pieces=len(layout.pieces),
        sources=layout.sources, titles=layout.titles, findings=read.findings,
        troubles=read.troubles,
    )  # fmt: skip


async def _whole(ctx: WritingContext, layout: Layout) -> str:
    """The sources themselves, one after the other."""

    def work(s: Session) -> list[str]:
        _, stored = sources.of_document(s, ctx.document_id)
        return [sources.stretch(s, each.id, 0, each.characters) for each in stored]

    texts = await ctx.db.run(work, write=False)
    told = zip(layout.titles, texts, strict=True)
    return GAP.join(
        f"S{number}: {title}{GAP}{text}" for number, (title, text) in enumerate(told, 1)
    )


async def _passages(ctx: WritingContext, layout: Layout, read: Read) -> Notes:
    """The passages that fit the request best, where no model has noted anything."""

    def work(s: Session) -> Index:
        owner, stored = sources.of_document(s, ctx.document_id)
        return Index(sources.passages(s, owner, [each.id for each in stored]))

    index = await ctx.db.run(work, write=False)
    hits = index.search(ctx.request.prompt, _FOUND)
    chosen = [hit.passage for hit in hits] or list(index.passages[:_FOUND])
    most = min(MOST, ctx.window("planner") // _SHARE)
    text = cut(ctx, "\n".join(" ".join(each.text.split()) for each in chosen), most)
    found = tuple(
        Finding(each.source, 0, each.text, each.place.page, each.place.headings) for each in chosen
    )
    return _made(layout, text, Read("", found, read.troubles))
