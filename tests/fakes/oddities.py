"""Knows answers that are strange inside, some of them sound."""

from __future__ import annotations

import json

from tests.fakes.victim import Family, Victim, say
from tests.fakes.wire import Wire

ODDITIES = Family()


@ODDITIES.member
async def reasoning_unclosed(wire: Wire, victim: Victim) -> None:
    await say(wire, f"<think>\nI should begin with {victim.half()}", "stop")
    if wire.stream:
        await wire.end()


@ODDITIES.member
async def reasoning_split(wire: Wire, victim: Victim) -> None:
    """Splits both tags over chunks; the answer after them is good."""
    text = victim.answer().content
    pieces = ["<th", "ink>", "Let me plan this.", "</thi", "nk>", "\n\n"]
    if not wire.stream:
        await say(wire, "".join(pieces) + text, "stop")
        return
    await wire.open()
    for piece in [*pieces, text]:
        await wire.delta({"content": piece})
    await wire.delta({}, "stop")
    await wire.end()


@ODDITIES.member
async def reasoning_only(wire: Wire, victim: Victim) -> None:
    """Sends reasoning_content beside null content, and no text at all."""
    thought = {"content": None, "reasoning_content": "Let me plan this."}
    if not wire.stream:
        await wire.reply(200, wire.whole_json(thought, "stop"))
        return
    await wire.open()
    await wire.delta(thought)
    await wire.delta({}, "stop")
    await wire.end()


@ODDITIES.member
async def bad_text(wire: Wire, victim: Victim) -> None:
    """Sends a lone surrogate, a NUL and CRLF inside the text, as JSON escapes."""
    pieces = [
        "Before \ud83d after.",
        " A NUL\x00 here.",
        "\r\nA line.\r\n",
        victim.answer().content,
    ]
    if not wire.stream:
        whole = wire.whole_json({"content": "".join(pieces)}, "stop")
        await wire.reply(200, json.dumps(whole).encode())
        return
    await wire.open()
    for piece in pieces:
        await wire.event(json.dumps(wire.chunk_json({"content": piece})))
    await wire.delta({}, "stop")
    await wire.end()


@ODDITIES.member
async def bad_bytes(wire: Wire, victim: Victim) -> None:
    """Sends a byte 0xff, which is no UTF-8, inside the text."""
    body = json.dumps(wire.whole_json({"content": "Bad @ byte."}, "stop")).encode()
    if not wire.stream:
        await wire.reply(200, body.replace(b"@", b"\xff"))
        return
    await wire.open()
    line = json.dumps(wire.chunk_json({"content": "Bad @ byte."})).encode()
    await wire.chunk(b"data: " + line.replace(b"@", b"\xff") + b"\n\n")
    await wire.delta({}, "stop")
    await wire.end()


@ODDITIES.member
async def split_utf8(wire: Wire, victim: Victim) -> None:
    """Cuts the stream into chunks of one byte inside its characters; the answer is good."""
    await wire.open(*([] if wire.stream else ["application/json"]))
    text = "é海" + victim.answer().content
    if not wire.stream:
        data = json.dumps(wire.whole_json({"content": text}, "stop"), ensure_ascii=False).encode()
        at = data.index("é海".encode()) + 1
        for part in (data[:at], data[at : at + 2], data[at + 2 :]):
            await wire.chunk(part)
        await wire.raw(b"0\r\n\r\n")
        return
    line = json.dumps(wire.chunk_json({"content": text}), ensure_ascii=False).encode()
    at = line.index("é海".encode()) + 1
    for part in (b"data: " + line[:at], line[at : at + 2], line[at + 2 :] + b"\n\n"):
        await wire.chunk(part)
    await wire.delta({}, "stop")
    await wire.end()


@ODDITIES.member
async def duplicated_chunk(wire: Wire, victim: Victim) -> None:
    text = victim.answer().content
    await say(wire, text[:40] * 2 + text[40:], "stop")
    if wire.stream:
        await wire.end()


@ODDITIES.member
async def text_after_done(wire: Wire, victim: Victim) -> None:
    await say(wire, victim.answer().content, "stop")
    if wire.stream:
        await wire.event("[DONE]")
        await wire.delta({"content": "This comes too late."})
        await wire.end(done=False)


@ODDITIES.member
async def bad_usage(wire: Wire, victim: Victim) -> None:
    """Gives a good answer whose usage is negative and not a number."""
    usage = {"prompt_tokens": -5, "completion_tokens": float("nan"), "total_tokens": None}
    text = victim.answer().content
    if not wire.stream:
        await wire.reply(200, wire.whole_json({"content": text}, "stop") | {"usage": usage})
        return
    await say(wire, text, "stop")
    await wire.event(wire.chunk_json({}) | {"choices": [], "usage": usage})
    await wire.end()
