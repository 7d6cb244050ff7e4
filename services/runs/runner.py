"""Goes on with runs that nobody works on: queued ones, and those whose process has died."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace

import structlog

from core.errors import LongleafError, SettingsError
from services.runs.desk import Desk
from storage.base import now
from storage.orphans import GRACE, orphans

LOOK_EVERY = 5.0
"""Seconds between two looks."""

log = structlog.get_logger()


@dataclass
class Runner:
    """Looks for such runs as long as the server is up, and hands them to its desk."""

    desk: Desk
    _task: asyncio.Task[None] | None = None
    _left: set[str] = field(default_factory=set)
    """Runs that could not be gone on with, told once."""

    def start(self) -> None:
        """Begin to look, at once and then every few seconds."""
        self._task = asyncio.create_task(self._look_around(), name="runner")

    async def close(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def look(self) -> list[str]:
        """Pick up what can be; returns the ids of these runs."""
        db = self.desk.runs.db
        found = await db.run(
            lambda s: [(row.id, row.owner_id) for row in orphans(s, now() - GRACE)], write=False
        )
        return [run_id for run_id, owner in found if await self._picked_up(run_id, owner)]

    async def _picked_up(self, run_id: str, owner: str) -> bool:
        desk = self.desk.of(
            replace(self.desk.runs, owner=owner), replace(self.desk.documents, owner=owner)
        )
        if desk.live(run_id):
            return False
        try:
            if not desk.endpoints.serves(await desk.runs.models_of(run_id)):
                raise SettingsError("it was begun with an address from a command line")
            await desk.resume(run_id)
        except LongleafError as error:  # its endpoint is not there now, or not this server's
            if run_id not in self._left:
                log.warning("run_left", run=run_id, why=error.message)
            self._left.add(run_id)
            return False
        log.info("run_picked_up", run=run_id)
        self._left.discard(run_id)
        return True

    async def _look_around(self) -> None:
        while True:
            try:
                await self.look()
            except LongleafError as error:  # the database is away: it is looked at again
                log.warning("runner_waits", why=error.message)
            await asyncio.sleep(LOOK_EVERY)
