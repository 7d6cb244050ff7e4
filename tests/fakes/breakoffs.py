"""Knows how answers end too soon."""

from __future__ import annotations

import json

from tests.fakes.nonanswers import cut_json
from tests.fakes.victim import Family, Victim, begin, say
from tests.fakes.wire import POLL_SECONDS, Wire

BREAKOFFS = Family()


@BREAKOFFS.member
async def length(wire: Wire, victim: Victim) -> None:
    await say(wire, victim.half(), "length")
    if wire.stream:
        await wire.end()


@BREAKOFFS.member
async def stub(wire: Wire, victim: Victim) -> None:
    """Hardly begins, as where a server's own limit on answers is tiny."""
    await say(wire, victim.answer().content[:2].rstrip(), "length")
    if wire.stream:
        await wire.end()


@BREAKOFFS.member
async def filter(wire: Wire, victim: Victim) -> None:
    await say(wire, victim.half(), "content_filter")
    if wire.stream:
        await wire.end()


@BREAKOFFS.member
async def clean_early_end(wire: Wire, victim: Victim) -> None:
    await say(wire, victim.half())
    if wire.stream:
        await wire.end(done=False)


@BREAKOFFS.member
async def done_without_finish(wire: Wire, victim: Victim) -> None:
    await say(wire, victim.half())
    if wire.stream:
        await wire.end()


@BREAKOFFS.member
async def reset(wire: Wire, victim: Victim) -> None:
    await begin(wire, victim.half())
    await wire.wait(2 * POLL_SECONDS)  # lets the text leave before the reset overtakes it
    wire.reset()


@BREAKOFFS.member
async def accept_close(wire: Wire, victim: Victim) -> None:
    """Closes the connection without a byte."""
    wire.cut()


@BREAKOFFS.member
async def cut_chunk(wire: Wire, victim: Victim) -> None:
    await begin(wire, victim.half())
    await wire.raw(b"40\r\n")
    wire.cut()


@BREAKOFFS.member
async def cut_event(wire: Wire, victim: Victim) -> None:
    if not wire.stream:
        await cut_json(wire, victim)
        return
    await say(wire, victim.half())
    line = "data: " + json.dumps(wire.chunk_json({"content": "and then the"}))
    await wire.chunk(line[: len(line) // 2].encode())
    await wire.end(done=False)


@BREAKOFFS.member
async def error_event(wire: Wire, victim: Victim) -> None:
    await _error_inside(wire, victim, "")


@BREAKOFFS.member
async def error_event_named(wire: Wire, victim: Victim) -> None:
    await _error_inside(wire, victim, "event: error\n")


async def _error_inside(wire: Wire, victim: Victim, name: str) -> None:
    error = {"message": "The engine died.", "type": "server_error", "code": 500, "param": None}
    if not wire.stream:
        await wire.reply(200, {"error": error})
        return
    await say(wire, victim.half())
    await wire.chunk(f"{name}data: {json.dumps({'error': error})}\n\n".encode())
    await wire.end(done=False)
