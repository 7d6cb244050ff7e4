"""Knows what a fault is given: the request that it spoils, and ways to begin an answer."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.fakes.behaviour import Answer
from tests.fakes.wire import Wire


@dataclass(frozen=True)
class Victim:
    """What a fault may use of the request it spoils."""

    answer: Callable[[], Answer]
    prompt_tokens: int
    window: int
    address: str
    """The server's address without a path."""
    speedup: float
    flip: bool
    """A bit of the request's hash, to choose between two forms."""

    def half(self) -> str:
        text = self.answer().content
        return text[: max(1, len(text) // 2)]


Fault = Callable[[Wire, Victim], Awaitable[None]]
"""Answers one request badly, in streamed or in whole form as the request asked."""


class Family(dict[str, Fault]):
    """Faults of one kind, by name."""

    def member(self, fault: Fault) -> Fault:
        """Enter a fault under the name of its function."""
        self[fault.__name__] = fault
        return fault


async def say(wire: Wire, text: str, finish: str | None = None) -> None:
    """Send text as a whole stream so far, or as a whole answer with that finish reason."""
    if not wire.stream:
        await wire.reply(200, wire.whole_json({"content": text}, finish))
        return
    await wire.open()
    await wire.delta({"role": "assistant", "content": ""})
    for at in range(0, len(text), 40):
        await wire.delta({"content": text[at : at + 40]})
    if finish:
        await wire.delta({}, finish)


async def begin(wire: Wire, text: str) -> None:
    """Send the beginning of an answer and leave it open, streamed or whole."""
    if wire.stream:
        await say(wire, text)
        return
    await wire.open("application/json")
    body = json.dumps(wire.whole_json({"content": text}, "stop")).encode()
    await wire.chunk(body[: body.index(b'"finish_reason"') - 40])
