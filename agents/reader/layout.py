"""How sources are divided for reading, and which way is taken: decided once, before the first call.

It is stored before anything is asked, so that a run that goes on later reads the same pieces, and
finds the answers it has paid for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import ceil
from typing import Any

from sqlalchemy.orm import Session

from agents.reader.room import Room, chain_room, tree_room
from agents.run.context import WritingContext
from core.errors import ContextOverflowError
from domain.notes import Method
from domain.request import Reading
from sources.chunks import LEAST, Chunk, chunks
from sources.extract import Extract
from storage import sources
from storage.sources import StoredSource

LONGEST_CHAIN = 12
"""Pieces; with more, each call of a chain would wait for too many others."""
_FILLED = (1 + LEAST) / 2
"""Share of its bound that a piece has on the average."""
NO_ROOM = Room(0, 0, 0)


@dataclass(frozen=True)
class Piece:
    """A part of a source that one call reads."""

    source: int
    """Index among the sources."""
    start: int
    """Offset in its text."""
    end: int
    page: int
    headings: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """What is read, in which pieces and in which way."""

    run: str
    """The run whose calls read it."""
    turn: int
    """From 0; higher where the window was found to be smaller than it seemed."""
    method: Method
    why: str
    room: Room
    sources: tuple[str, ...]
    """Ids."""
    titles: tuple[str, ...]
    foreign: tuple[bool, ...]
    """Whether a source is in another language than the document."""
    pieces: tuple[Piece, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Layout:
        """From the values of `to_dict`."""
        pieces = tuple(
            Piece(**{**each, "headings": tuple(each["headings"])}) for each in data["pieces"]
        )
        lists = {name: tuple(data[name]) for name in ("sources", "titles", "foreign")}
        return cls(**{**data, **lists, "room": Room(**data["room"]), "pieces": pieces})


async def lay_out(ctx: WritingContext, turn: int = 0) -> Layout:
    """Divide the sources of the run's document.

    Args:
        ctx: the run.
        turn: how often a window has turned out to be too small; each time half of it is used.

    Raises:
        NotFoundError: the document or a source is gone.
    """
    owner, stored = await ctx.db.run(lambda s: sources.of_document(s, ctx.document_id), write=False)
    method, why, room = await _chosen(ctx, owner, stored, 0.5**turn)
    pieces: list[Piece] = []
    for number, source in enumerate(stored):
        if not room.piece:
            break
        extract = await _extract(ctx, owner, source)
        parts = await asyncio.to_thread(chunks, extract, ctx.tokens.budget_count, room.piece)
        pieces += [_piece(number, part) for part in parts if part.text.strip()]
    return Layout(
        run=ctx.run_id, turn=turn, method=method, why=why, room=room,
        sources=tuple(source.id for source in stored),
        titles=tuple(source.title for source in stored),
        foreign=tuple(source.language != ctx.request.language for source in stored),
        pieces=tuple(pieces),
    )  # fmt: skip


async def _chosen(
    ctx: WritingContext, owner: str, stored: Sequence[StoredSource], share: float
) -> tuple[Method, str, Room]:
    """The way of reading, why, and the room of its calls."""
    if ctx.compact("reader"):
        return "passages", "the reader is too small a model to take notes", NO_ROOM
    try:
        chain = chain_room(ctx, share)
    except ContextOverflowError:
        return "passages", "the reader's window has no room for a source", NO_ROOM
    sizes = []
    for source in stored:
        extract = await _extract(ctx, owner, source)
        sizes.append(await asyncio.to_thread(ctx.tokens.budget_count, extract.text))
    method, why = chosen(ctx.request.reading, sizes, chain)
    return method, why, _room(ctx, method, chain, share)


def chosen(wanted: Reading, sizes: Sequence[int], chain: Room) -> tuple[Method, str]:
    """Which way sources are read, and why. Pure.

    Args:
        wanted: as the request says.
        sizes: tokens of each source.
        chain: the room of a chain's calls.
    """
    if wanted != "auto":
        return wanted, "as the request says"
    if sum(sizes) <= chain.note:
        return "whole", f"with {sum(sizes):,} tokens the sources are as short as notes of them"
    count = pieces_of(sizes, chain.piece)
    if count <= LONGEST_CHAIN:
        return "chain", f"some {count} pieces, each read with the notes of those before it"
    return (
        "hierarchical",
        f"in a chain some {count} calls would wait for one another, more than {LONGEST_CHAIN}",
    )


def pieces_of(sizes: Sequence[int], most: int) -> int:
    """About how many pieces there will be."""
    return sum(max(1, ceil(size / (most * _FILLED)) if size > most else 1) for size in sizes)


def _room(ctx: WritingContext, method: Method, chain: Room, share: float) -> Room:
    if method == "hierarchical":
        return tree_room(ctx, share)
    return chain if method == "chain" else NO_ROOM


async def _extract(ctx: WritingContext, owner: str, source: StoredSource) -> Extract:
    def work(s: Session) -> Extract:
        return sources.extract_of(s, owner, source.id)

    return await ctx.db.run(work, write=False)


def _piece(number: int, chunk: Chunk) -> Piece:
    place = chunk.place
    return Piece(number, chunk.start, chunk.end, place.page, place.headings)
