"""A run as it is written, for a page: the whole of it once, then only what changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from agents.run.feed import Event
from core.errors import NotFoundError
from domain.run import RunStatus
from services.runs.desk import PULSE, Desk
from services.runs.job import Job
from services.runs.lifecycle import Mark
from services.runs.picture import picture
from services.runs.screen import Screen
from services.runs.views import RunView
from services.runs.watch import END, something


async def live(desk: Desk, run_id: str, *, texts: bool = False) -> AsyncGenerator[Event, None]:
    """A `view`, then `state` and `text` events, then an END where the run is at rest.

    Ends without an END where this process is about to end: the reader comes back for a new view.

    Args:
        desk: the owner's.
        run_id: the whole id of one of the owner's runs.
        texts: whether the sections' texts are told, and not only figures.
    """
    screen = Screen(texts)
    view: RunView | None = None
    seen: Mark | None = None
    while not desk.closing.is_set():
        job = desk.job(run_id)
        working = job if job is not None and not job.ended else None
        version = job.version if job else 0
        try:
            mark = None if working else await desk.runs.mark(run_id)
            if view is None or mark is None or mark != seen:
                view, seen = await desk.view(run_id), mark
        except NotFoundError:
            yield _deleted(job)
            return
        at_rest = not working and view.phase not in _GOING_ON
        for event in screen.learn(picture(view, working), last=at_rest):
            yield event
        if at_rest:
            yield Event(END, {"status": view.phase})
            return
        await something(desk, working, version)
        await asyncio.sleep(PULSE if working else 0)


_GOING_ON = ("interrupted", *(status for status in RunStatus if status.active))
"""Phases that somebody works on, or comes to work on."""


def _deleted(job: Job | None) -> Event:
    """The end of a run that never got an answer, or was deleted."""
    why = job.error if job else None
    return Event(END, {"status": "deleted", "reason": why.message if why else ""})
