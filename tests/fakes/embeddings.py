"""Knows how to make vectors: texts with words, or with things, in common lie near one another."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from zlib import crc32

from domain.text.ngrams import tokens
from tests.fakes.options import Options
from tests.fakes.request import Request
from tests.fakes.wire import Wire

DIMENSIONS = 64
CONCEPTS = {
    "lighthouse": ("lighthouse", "lighthouses", "beacon", "灯塔", "航标灯"),
    "keeper": ("keeper", "keepers", "warden", "看守人", "守灯人"),
    "mill": ("mill", "mills", "watermill", "水车", "磨坊"),
    "salt": ("salt", "brine", "盐", "卤水"),
    "eel": ("eel", "eels", "鳗鱼", "鳗"),
}
"""Things that it knows by several words, in English and in Chinese."""
_THINGS = {word: place for place, words in enumerate(CONCEPTS.values()) for word in words}
_THING = re.compile(
    "|".join(
        rf"\b{word}\b" if word.isascii() else word
        for word in sorted(_THINGS, key=len, reverse=True)
    )
)

OnEmbed = Callable[[int], Awaitable[None]]
"""Awaited with the number of a call, from 1, before it is answered."""


def vector(text: str) -> list[float]:
    """How often words fall into each of some buckets, and which things are spoken of.

    A thing weighs as much as all words together: what a text is about decides.
    """
    found = [0.0] * (DIMENSIONS + len(CONCEPTS))
    said = list(tokens(text))
    for word in said:
        found[crc32(word.encode()) % DIMENSIONS] += 1
    for thing in _THING.findall(text.casefold()):
        found[DIMENSIONS + _THINGS[thing]] += len(said)
    return found


class Embeddings:
    """Answers `/embeddings`, and remembers what it was asked."""

    def __init__(self, options: Options, on_embed: OnEmbed | None = None) -> None:
        self.most = options.embeds
        """Calls that it answers; None: all."""
        self._models = options.models
        self._on_embed = on_embed
        self.asked: list[list[str]] = []
        """The texts of each call."""

    async def serve(self, request: Request, wire: Wire) -> None:
        """Answer with vectors, the last text's first; only models with "embed" in their name can.

        After `most` calls it can no more.
        """
        asked = json.loads(request.body)
        self.asked.append(asked["input"])
        if self._on_embed:
            await self._on_embed(len(self.asked))
        model = asked["model"]
        spent = self.most is not None and len(self.asked) > self.most
        if spent or model not in self._models or "embed" not in model:
            text = f"The model `{model}` does not support embeddings."
            return await wire.error(400, text, None, "invalid_request_error")
        data = [
            {"object": "embedding", "index": index, "embedding": vector(text)}
            for index, text in enumerate(asked["input"])
        ]
        used = sum(len(text) // 4 for text in asked["input"])
        usage = {"prompt_tokens": used, "total_tokens": used}
        answer = {"object": "list", "data": data[::-1], "model": model, "usage": usage}
        await wire.reply(200, answer)
