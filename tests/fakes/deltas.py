"""Knows where a streamed text is cut into deltas."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator


def pieces(text: str, most: int) -> Iterator[str]:
    """Cut text into deltas, in sizes of one word upwards; a think tag is cut inside."""
    sizes = random.Random(hashlib.sha256(text.encode()).digest())
    for tag in ("<think>", "</think>"):
        head, found, rest = text.partition(tag)
        if found:
            yield from pieces(head + tag[:4], most)
            text = tag[4:] + rest
    at = 0
    while at < len(text):
        end = at
        for _ in range(sizes.randint(1, most)):
            space = text.find(" ", end + 1, end + 24)
            end = space if space > 0 else min(len(text), end + 24)
        yield text[at:end]
        at = end
