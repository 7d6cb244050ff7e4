"""Knows how to make vectors: texts with words in common lie near one another."""

from __future__ import annotations

import json
from collections.abc import Sequence
from zlib import crc32

from domain.ngrams import tokens
from tests.fakes.request import Request
from tests.fakes.wire import Wire

DIMENSIONS = 64


def vector(text: str) -> list[float]:
    """How often words fall into each of some buckets."""
    found = [0.0] * DIMENSIONS
    for word in tokens(text):
        found[crc32(word.encode()) % DIMENSIONS] += 1
    return found


async def embed(request: Request, wire: Wire, models: Sequence[str]) -> None:
    """Answer with vectors, the last text's first; only models with "embed" in their name can."""
    asked = json.loads(request.body)
    if asked["model"] not in models or "embed" not in asked["model"]:
        text = f"The model `{asked['model']}` does not support embeddings."
        return await wire.error(400, text, None, "invalid_request_error")
    data = [
        {"object": "embedding", "index": index, "embedding": vector(text)}
        for index, text in enumerate(asked["input"])
    ]
    await wire.reply(200, {"object": "list", "data": data[::-1], "model": asked["model"]})
