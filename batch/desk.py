"""Batches that a server carries out for its users: begun, stopped, gone on with, taken away."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AbstractAsyncContextManager, suppress
from copy import copy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import structlog

from batch.check import first_row, lines_of
from batch.commission import Commission, refuse_others, roles_for
from batch.intake import take_in
from batch.shelf import Shelf
from batch.work import Work, listing_view
from bootstrap import Services
from core.errors import LongleafError
from llm.roles import Models
from llm.types import ROLES
from services.batches.listings import Listing
from storage.idempotency import Once
from storage.ids import new_id

PICK_UP_EVERY = 5.0
"""Seconds between two looks for batches that nobody works on."""
_NOTE_EVERY = 10
"""Looks at a batch between two notes in the list."""

log = structlog.get_logger()


@dataclass
class BatchDesk:
    """All batches of this process, as one owner sees them; closed by who owns the event loop."""

    services: Services
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the process is about to end."""
    _shelf: Shelf = field(init=False)
    _looks: list[asyncio.Task[None]] = field(default_factory=list)
    _left: set[str] = field(default_factory=set)
    """Batches that could not be gone on with, told once."""

    def __post_init__(self) -> None:
        self._shelf = Shelf(self.services.settings.home / "datasets")

    def of(self, services: Services) -> BatchDesk:
        """The same desk as another owner sees it, whose services these are."""
        other = copy(self)
        other.services = services
        return other

    def work(self, dataset_id: str) -> Work | None:
        """One of the owner's batches, where this process has it open."""
        return self._shelf.work(dataset_id)

    def reading(self, listing: Listing) -> AbstractAsyncContextManager[Work]:
        """A batch of the owner's, with its journal open; raises StorageError."""
        concurrency = listing.told.get("concurrency")
        return self._shelf.reading(self.services, listing.id, concurrency)

    async def view(self, dataset_id: str) -> dict[str, Any]:
        """All that is shown of a batch but its rows; raises NotFoundError."""
        listings = self.services.listings
        async with self.reading(await listings.get(dataset_id)) as work:
            figures = await work.figures()
            shown = listing_view(await listings.get(dataset_id), work)
            return {**shown, **figures, "status": shown["status"], "working": work.working}

    async def models(self, endpoint: str = "") -> Models:
        """Who would write.

        Raises:
            RequestError: there is no such endpoint.
            SettingsError: no model can be chosen.
            LLMError: an endpoint cannot be used at present.
        """
        endpoints = self.services.endpoints
        return await endpoints.models(chosen=roles_for(endpoint, endpoints.names()))

    async def add(
        self, data: bytes, wanted: Commission, once: Once | None = None
    ) -> tuple[str, bool]:
        """Take a batch in; nothing is written yet.

        Args:
            data: lines of JSON.
            wanted: what is asked of it; the terms' models and input are found here.
            once: a request that came before under the same key makes nothing new.

        Returns:
            Its id, and whether it was made now.

        Raises:
            RequestError: there is no row that can be written, or something that is asked is wrong.
            SettingsError: no model can be chosen.
            LLMError: an endpoint cannot be used at present.
            StorageError: the disk refused.
        """
        listings = self.services.listings
        if known := await listings.made_by(once):
            return known, False
        await asyncio.to_thread(first_row, lines_of(data))
        models = await self.models(wanted.endpoint)
        dataset_id = new_id("ds")
        terms = replace(wanted.terms, models={role: models.model(role) for role in ROLES})
        try:
            figures = await self._taken_in(dataset_id, data, replace(wanted, terms=terms))
            told = {**wanted.told, "figures": figures}
            found, new = await listings.add(dataset_id, wanted.name, told, once)
        except BaseException:
            await self._shelf.discard(dataset_id)
            raise
        if not new:
            await self._shelf.discard(dataset_id)
        return found, new

    async def start(self, dataset_id: str) -> None:
        """Go on with a batch; nothing happens to one that is worked on or done.

        Raises:
            NotFoundError: the owner has none.
            ConflictError: other models would write the rest than have written what is there.
            LLMError: an endpoint cannot be used at present.
        """
        listing = await self.services.listings.get(dataset_id)
        async with self.reading(listing) as work:
            if work.working or not (await work.standing()).left:
                return
            endpoints = work.journal.endpoints
            chosen = roles_for(listing.told.get("endpoint", ""), endpoints.names())
            models = await endpoints.models(chosen=chosen)
            kept = await work.journal.datasets.get(dataset_id)
            refuse_others(kept.terms.models, {role: models.model(role) for role in ROLES})
            await self.services.listings.note(dataset_id, "working", why=None)
            if not work.working and not self.closing.is_set():
                self._begin(work, models)

    async def retry(self, dataset_id: str) -> int:
        """Try the rows that failed once more, and go on; returns how many these are.

        Raises:
            NotFoundError: the owner has none.
            ConflictError, LLMError: as `start`.
        """
        listing = await self.services.listings.get(dataset_id)
        async with self.reading(listing) as work:
            number = await work.journal.datasets.retry(dataset_id)
        await self.start(dataset_id)
        return number

    async def stop(self, dataset_id: str) -> None:
        """Begin no more rows; asked once more, stop at once. What is stored stays.

        Raises:
            NotFoundError: the owner has none.
        """
        listing = await self.services.listings.get(dataset_id)
        work = self.work(dataset_id)
        if listing.status == "working":
            await self.services.listings.note(dataset_id, "stopped")
        if work is not None and work.working and work.runner is not None:
            if work.runner.stopping:
                await work.stopped()
            work.runner.drain()

    async def delete(self, dataset_id: str) -> None:
        """Stop a batch and take it away with everything that was written for it.

        Raises:
            NotFoundError: the owner has none.
        """
        await self.services.listings.get(dataset_id)
        if (work := self.work(dataset_id)) is not None:
            await work.stopped()
        await self.services.listings.delete(dataset_id)
        await self._shelf.discard(dataset_id)

    def watch(self) -> None:
        """Look for batches that should be worked on and are not, now and every few seconds."""
        self._looks.append(asyncio.create_task(self._look_around(), name="batches"))

    async def leave(self) -> None:
        """Stop every batch as it stands, while readers can still be told; the next goes on."""
        self.closing.set()
        for look in self._looks:
            look.cancel()
        await asyncio.gather(*self._looks, return_exceptions=True)
        await self._shelf.stop()

    async def close(self) -> None:
        """As `leave`, and close every journal."""
        await self.leave()
        await self._shelf.close()

    def _begin(self, work: Work, models: Models) -> None:
        listings, looks = self.services.listings, 0

        async def ended(figures: dict[str, Any]) -> None:
            if self.closing.is_set() and work.why is None:
                await listings.note(work.id, figures=figures)
                return
            why = work.why and {"kind": work.why.kind, "detail": work.why.message,
                                "remedy": work.why.remedy}  # fmt: skip
            settled = figures["queued"] + figures["begun"] == 0
            status = "paused" if why else "done" if settled else "stopped"
            await listings.note(work.id, status, why=why, figures=figures)

        async def looked(figures: dict[str, Any]) -> None:
            nonlocal looks
            looks += 1
            if looks % _NOTE_EVERY == 0:
                await listings.note(work.id, figures=figures)

        work.begin(models, ended, looked)

    async def _taken_in(self, dataset_id: str, data: bytes, wanted: Commission) -> dict[str, Any]:
        """Fill a new journal; the figures with which it begins."""
        reading = self._shelf.reading(self.services, dataset_id, wanted.concurrency)
        async with reading as work:
            with tempfile.NamedTemporaryFile(prefix="longleaf-") as source:
                source.write(data)
                source.flush()
                await take_in(
                    work.journal.datasets, dataset_id, wanted.name, Path(source.name),
                    wanted.terms, wanted.caps,
                )  # fmt: skip
            return (await work.standing()).to_dict()

    async def _look_around(self) -> None:
        while True:
            with suppress(LongleafError):  # the database is away: it is looked at again
                for listing in await self.services.listings.working():
                    await self._picked_up(listing)
            await asyncio.sleep(PICK_UP_EVERY)

    async def _picked_up(self, listing: Listing) -> None:
        try:
            await self.of(self.services.of(listing.owner)).start(listing.id)
        except LongleafError as error:  # its endpoint is not there now, or another one than then
            if listing.id not in self._left:
                log.warning("batch_left", dataset=listing.id, why=error.message)
            self._left.add(listing.id)
