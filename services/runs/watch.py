"""A run's stored events as they come: every one once, in order, from wherever a reader left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from agents.run.feed import Event
from core.errors import NotFoundError
from services.runs.desk import Desk
from services.runs.job import Job

END = "end"
"""Type of the last event, which has no number: the run is at rest; `data` says in which state."""
LOOK_EVERY = 1.0
"""Seconds between two looks at a run that another process works on."""


async def watch(desk: Desk, run_id: str, after: int = 0) -> AsyncGenerator[Event, None]:
    """Stored events after number `after`, then those to come, until the run is at rest.

    Ends without an END where this process is about to end: the reader comes back with the last
    number it has seen.

    Args:
        desk: the owner's.
        run_id: the whole id of one of the owner's runs.
        after: number of the last event that the reader has.
    """
    while not desk.closing.is_set():
        job = desk.job(run_id)
        working = job is not None and not job.ended
        version = job.version if job else 0
        try:
            status = None if working else await desk.runs.status(run_id)
            news = await _after(desk, job, run_id, after)
        except NotFoundError:  # it never got an answer, or was deleted
            why = job.error if job else None
            yield Event(END, {"status": "deleted", "reason": why.message if why else ""})
            return
        for event in news:
            yield event
            after = event.seq or after
        if news:
            continue
        if status is not None and not status.active:
            yield Event(END, {"status": status.value})
            return
        await something(desk, job if working else None, version)


async def _after(desk: Desk, job: Job | None, run_id: str, after: int) -> list[Event]:
    """What comes next: from memory where this process has told it, else from the database."""
    if job is not None and after + 1 in job.told:
        last = after
        while last + 1 in job.told:
            last += 1
        return [job.told[seq] for seq in range(after + 1, last + 1)]
    return await desk.runs.events(run_id, after)


async def something(desk: Desk, job: Job | None, version: int) -> None:
    """Wait until there may be news, or the process is about to end."""
    closing = asyncio.ensure_future(desk.closing.wait())
    news = asyncio.ensure_future(
        job.changed(version) if job is not None else asyncio.sleep(LOOK_EVERY)
    )
    try:
        await asyncio.wait({closing, news}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        closing.cancel()
        news.cancel()
