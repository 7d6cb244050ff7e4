"""A batch as it is worked on, for a page: all of it once, then what changes, until it rests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from batch.desk import BatchDesk
from batch.work import LOOK_EVERY
from core.errors import NotFoundError

Told = tuple[str, dict[str, Any]]
"""Type of an event, and its values."""


async def live(desk: BatchDesk, dataset_id: str) -> AsyncGenerator[Told, None]:
    """A `view`, then `state` events with what has changed of it, then an `end`.

    Ends without an `end` where this process is about to end: the reader comes back.

    Args:
        desk: the owner's.
        dataset_id: one of the owner's.
    """
    seen: dict[str, Any] = {}
    while not desk.closing.is_set():
        try:
            view = await desk.view(dataset_id)
        except NotFoundError:
            yield "end", {"status": "deleted"}
            return
        changed = {name: value for name, value in view.items() if seen.get(name) != value}
        if changed:
            yield ("state" if seen else "view"), changed
        seen = view
        if not view["working"] and view["status"] != "interrupted":
            yield "end", {"status": view["status"]}
            return
        await _moment(desk, dataset_id)


async def _moment(desk: BatchDesk, dataset_id: str) -> None:
    """Wait until there may be news, or the process is about to end."""
    closing = asyncio.ensure_future(desk.closing.wait())
    work = desk.work(dataset_id)
    ends = {work.task} if work is not None and work.task is not None and work.working else set()
    await asyncio.wait({closing, *ends}, timeout=LOOK_EVERY, return_when=asyncio.FIRST_COMPLETED)
    closing.cancel()
