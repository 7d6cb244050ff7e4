"""Knows how a response body is decoded: JSON, whole or as server-sent events."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator

_MARK = b"\xef\xbb\xbf"
"""Some servers begin a body with it, as Windows does a text file."""


async def payloads(blocks: AsyncIterator[bytes], *, events: bool) -> AsyncGenerator[object, None]:
    """The JSON values of a response body, one for each event, or one whole.

    Args:
        blocks: the body's bytes, cut anywhere.
        events: whether it is a stream of server-sent events.

    Raises:
        ValueError: if the body, or a complete event, is not JSON.
    """
    if not events:
        yield _decoded(b"".join([block async for block in blocks]))
        return
    failed = False
    async for line, ended in _lines(blocks):
        name, _, value = line.removeprefix(_MARK).partition(b":")
        value = value.strip()
        if name == b"event":
            failed = value == b"error"
        if name != b"data" or not value:
            continue
        if value == b"[DONE]":
            return
        try:
            payload = _decoded(value)
        except ValueError:
            if ended:
                raise
            return
        yield {"error": _bare(payload)} if failed else payload


def _decoded(data: bytes) -> object:
    """JSON from bytes; a damaged character does not cost the whole answer."""
    try:
        return json.loads(data.decode("utf-8-sig", "replace"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _bare(payload: object) -> object:
    """What an error event carries, without an `error` around it."""
    return payload.get("error", payload) if isinstance(payload, dict) else payload


async def _lines(blocks: AsyncIterator[bytes]) -> AsyncGenerator[tuple[bytes, bool], None]:
    """Lines of a body, and whether each had its line end (the last may lack it)."""
    parts: list[bytes] = []
    async for block in blocks:
        first, *rest = block.split(b"\n")
        parts.append(first)
        for piece in rest:
            yield b"".join(parts), True
            parts = [piece]
    last = b"".join(parts)
    if last:
        yield last, False
