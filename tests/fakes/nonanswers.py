"""Knows the successful responses that hold no answer."""

from __future__ import annotations

import json
from typing import Any

from tests.fakes.victim import Family, Victim
from tests.fakes.wire import Wire

NONANSWERS = Family()


@NONANSWERS.member
async def empty(wire: Wire, victim: Victim) -> None:
    await wire.reply(200, b"")


@NONANSWERS.member
async def no_content_204(wire: Wire, victim: Victim) -> None:
    await wire.head(204, {})


@NONANSWERS.member
async def login_page(wire: Wire, victim: Victim) -> None:
    page = b"<html><body><form>Please sign in: <input name=user></form></body></html>"
    await wire.reply(200, page, content_type="text/html")


@NONANSWERS.member
async def cut_json(wire: Wire, victim: Victim) -> None:
    text = json.dumps(wire.whole_json({"content": victim.half()}, "stop"))
    await wire.reply(200, text[: text.index('"finish_reason"') - 30].encode())


@NONANSWERS.member
async def no_choices(wire: Wire, victim: Victim) -> None:
    choices: dict[str, Any] = {"choices": [] if victim.flip else None}
    if not wire.stream:
        await wire.reply(200, wire.whole_json({}, "stop") | choices)
        return
    await wire.open()
    await wire.event(wire.chunk_json({}) | choices)
    await wire.end()


@NONANSWERS.member
async def null_content(wire: Wire, victim: Victim) -> None:
    if not wire.stream:
        await wire.reply(200, wire.whole_json({"content": None}, "stop"))
        return
    await wire.open()
    await wire.delta({"role": "assistant", "content": None})
    await wire.delta({"content": None}, "stop")
    await wire.end()


@NONANSWERS.member
async def silent_overflow(wire: Wire, victim: Victim) -> None:
    if not wire.stream:
        await wire.reply(200, wire.whole_json({"content": ""}, "stop"))
        return
    await wire.open()
    await wire.delta({"role": "assistant"})
    await wire.delta({}, "stop")
    await wire.end()


@NONANSWERS.member
async def json_for_stream(wire: Wire, victim: Victim) -> None:
    """Answers a request for a stream with whole JSON; this is to be accepted."""
    await wire.reply(200, wire.whole_json({"content": victim.answer().content}, "stop"))
