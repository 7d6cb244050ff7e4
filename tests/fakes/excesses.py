"""Knows how answers take too long, or too much."""

from __future__ import annotations

import functools
import json
import zlib

from tests.fakes.victim import Family, Victim, begin
from tests.fakes.wire import Wire

DRIP_SECONDS = 0.5
FLOOD_EVENTS = 20_000
FLOOD_BYTES = 1_200
HUGE_BYTES = 50_000_000
BOMB_BYTES = 100_000_000
EXCESSES = Family()


@EXCESSES.member
async def stall(wire: Wire, victim: Victim) -> None:
    await begin(wire, victim.half())
    await wire.forever()


@EXCESSES.member
async def hang_after_accept(wire: Wire, victim: Victim) -> None:
    await wire.forever()


@EXCESSES.member
async def slow_loris(wire: Wire, victim: Victim) -> None:
    """Sends pings or single characters for ever; spaces before the JSON if whole."""
    await wire.open(*([] if wire.stream else ["application/json"]))
    while True:
        for letter in victim.answer().content:
            if not wire.stream:
                await wire.chunk(b" ")
            elif victim.flip:
                await wire.chunk(b": ping\n\n")
            else:
                await wire.delta({"content": letter})
            await wire.wait(DRIP_SECONDS / victim.speedup)


@EXCESSES.member
async def flood(wire: Wire, victim: Victim) -> None:
    if not wire.stream:
        await huge_json(wire, victim)
        return
    await wire.open()
    for number in range(FLOOD_EVENTS):
        await wire.delta({"content": f"flood {number} ".ljust(FLOOD_BYTES, "y")})
    await wire.delta({}, "stop")
    await wire.end()


@EXCESSES.member
async def huge_json(wire: Wire, victim: Victim) -> None:
    before, after = json.dumps(wire.whole_json({"content": "@"}, "stop")).split("@")
    size = len(before) + HUGE_BYTES + len(after)
    await wire.head(200, {"Content-Type": "application/json", "Content-Length": str(size)})
    await wire.raw(before.encode())
    block = b"word " * 20_000
    for _ in range(HUGE_BYTES // len(block)):
        await wire.raw(block)
    await wire.raw(after.encode())


@EXCESSES.member
async def gzip_bomb(wire: Wire, victim: Victim) -> None:
    """Sends 100 MB of valid JSON as about 100 kB of gzip."""
    await wire.reply(200, _bomb(), {"Content-Encoding": "gzip"})


@functools.cache
def _bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    start = b'{"choices":[{"index":0,"finish_reason":"stop","message":{"content":"'
    parts = [packer.compress(start)]
    block = b"y" * 1_000_000
    parts += [packer.compress(block) for _ in range(BOMB_BYTES // len(block))]
    return b"".join([*parts, packer.compress(b'"}}]}'), packer.flush()])
