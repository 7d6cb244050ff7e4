"""The batches that a process has open: each journal once, closed when nobody needs it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from batch.folder import Folder
from batch.journal import journal_of
from batch.work import Work
from bootstrap import Services

KEPT_OPEN = 4
"""Journals of batches that nobody works on or looks at."""


@dataclass
class Shelf:
    """Open batches by id; whose each is must be known before it is asked for.

    Args:
        home: the folder under which each batch has one of its own, called by its id.
    """

    home: Path
    _open: dict[str, Work] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def work(self, dataset_id: str) -> Work | None:
        """The batch, where it is open."""
        return self._open.get(dataset_id)

    @asynccontextmanager
    async def reading(
        self, services: Services, dataset_id: str, concurrency: int | None
    ) -> AsyncIterator[Work]:
        """A batch with its journal open, made if there is none.

        Args:
            services: its owner's.
            dataset_id: which.
            concurrency: calls of it at once; None: as many as the endpoint takes.

        Raises:
            StorageError: the disk or the database refused.
        """
        async with self._turn:
            work = self._open.get(dataset_id)
            if work is None:
                work = await self._opened(services, dataset_id, concurrency)
            work.readers += 1
        try:
            yield work
        finally:
            work.readers -= 1
            await self._tidy(work)

    async def discard(self, dataset_id: str) -> None:
        """Close a batch that nobody works on any more, and delete its folder."""
        work = self._open.pop(dataset_id, None)
        if work is not None and work.readers:
            work.gone = True  # the last of its readers closes it
        elif work is not None:
            await work.journal.close()
        await asyncio.to_thread(shutil.rmtree, self.home / dataset_id, ignore_errors=True)

    async def stop(self) -> None:
        """Stop the work on every batch at once."""
        await asyncio.gather(*(work.stopped() for work in list(self._open.values())))

    async def close(self) -> None:
        """Close every batch; nobody may work on one or look at it."""
        for work in list(self._open.values()):
            await work.journal.close()
        self._open.clear()

    async def _opened(self, services: Services, dataset_id: str, concurrency: int | None) -> Work:
        folder = Folder(self.home / dataset_id)
        folder.prepare(dataset_id)
        journal = await asyncio.to_thread(journal_of, services, folder.journal, concurrency)
        work = self._open[dataset_id] = Work(dataset_id, journal, folder)
        return work

    async def _tidy(self, left: Work) -> None:
        """Close journals that nobody needs, but for the last few."""
        if left.gone and not left.readers:
            await left.journal.close()
        idle = [each for each in self._open.values() if not each.working and not each.readers]
        for work in idle[: max(0, len(idle) - KEPT_OPEN)]:
            self._open.pop(work.id, None)
            await work.journal.close()
