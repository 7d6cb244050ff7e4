"""What reading sources will take, by their length, the way of reading and the reader's window."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from agents.reader.layout import chosen, pieces_of
from agents.reader.room import HEAD, LEAST, Room, chained, merged
from domain.length.spread import Spread
from domain.request import WritingRequest
from domain.text.language import is_cjk
from services.forecast.rates import Stage

CHARACTERS_PER_TOKEN = 3.6
"""As prompts are budgeted, from above; a CJK character is a token and a bit."""
CJK_TOKENS = 1.1
FRAME = 420
"""Tokens of a reading call beside request, notes and piece."""
NOTED = Spread(0.03, 0.1, 0.4)
"""Tokens of notes for each token that is read."""
AGAIN = Spread(1, 1, 1.4)
"""Calls for a note: the first one, and one to shorten it."""


def tokens_of(characters: int, language: str) -> int:
    """Tokens of a text with so many characters, estimated."""
    per = CJK_TOKENS if is_cjk(language) else 1 / CHARACTERS_PER_TOKEN
    return int(characters * per)


def reading(request: WritingRequest, sizes: Sequence[int], window: int, prompt: int) -> list[Stage]:
    """The stage of reading; none for sources that are as short as their notes would be. Pure.

    Args:
        request: which says how they are read.
        sizes: tokens of each source.
        window: the reader's, in tokens.
        prompt: tokens of the request's own words.
    """
    free = window - FRAME - HEAD - min(prompt, window // 8)
    if free < LEAST:
        return []
    chain = chained(free)
    method, _ = chosen(request.reading, sizes, chain)
    if method == "whole":
        return []
    room = chain if method == "chain" else merged(free)
    count = pieces_of(sizes, room.piece)
    merges, levels = (0, 0) if method == "chain" else _merges(count, room)
    calls = AGAIN * (count + merges) + Spread.exactly(1 if count > 1 else 0)
    notes = (NOTED * sum(sizes)).at_most(room.note * count)
    frame = Spread.exactly((FRAME + prompt) * (count + merges + 1) + sum(sizes))
    carried = Spread(0.2, 0.6, 1) * (room.note * (count if method == "chain" else merges + 1))
    depth = calls if method == "chain" else AGAIN * (levels + 2)
    answer = notes + (carried if method == "chain" else notes * 0.5)
    return [Stage("reading", "reader", calls, frame + carried, answer, depth)]


def _merges(count: int, room: Room) -> tuple[int, int]:
    """Calls that merge so many notes into one, and how many follow one another."""
    merges = levels = 0
    while count > 1:
        count = ceil(count / room.fan)
        merges, levels = merges + count, levels + 1
    return merges, levels
