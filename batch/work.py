"""A batch that a server has open: who works on it, how far it is, what is shown of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import structlog

from batch.folder import Folder
from batch.journal import Journal
from batch.runner import Runner
from batch.samples import Samples
from batch.speed import Speed
from batch.views import funnel_of, histogram, row_view
from core.errors import LongleafError, NotFoundError
from llm.roles import Models
from services.batches.datasets import Item, Standing
from services.batches.listings import Listing
from storage.dataset_figures import Figures

LOOK_EVERY = 1.0
"""Seconds between two looks at how far it has come."""
_DRAW_EVERY = 3.0
"""Seconds between two countings of all rows, which are many."""
_NOTHING = Figures((), ())

Note = Callable[[dict[str, Any]], Awaitable[None]]

log = structlog.get_logger()


@dataclass
class Work:
    """One batch and its journal; whoever looks at it counts as a reader until they leave."""

    id: str
    journal: Journal
    folder: Folder
    readers: int = 0
    gone: bool = False
    """Whether it was deleted while somebody looked at it."""
    runner: Runner | None = None
    task: asyncio.Task[None] | None = None
    why: LongleafError | None = None
    """What stopped it the last time."""
    exporting: asyncio.Lock = field(default_factory=asyncio.Lock)
    _speed: Speed = field(default_factory=Speed)
    _models: Models | None = None
    _drawn: tuple[float, int, dict[str, Any]] = (0.0, -1, {})
    """When the pictures were made, of how many settled rows, and what they show."""

    @property
    def working(self) -> bool:
        """Whether this process works on it."""
        return self.task is not None and not self.task.done()

    @property
    def samples(self) -> Samples:
        """What was written."""
        return Samples(self.journal.documents, self.journal.calls)

    def begin(self, models: Models, ended: Note, looked: Note) -> None:
        """Work on it from now on, unless that is done already.

        Args:
            models: who writes.
            ended: is told its last figures, once.
            looked: is told its figures from time to time.
        """
        journal = self.journal
        self.runner = Runner(journal.runs, journal.datasets, self.samples, models, self.id)
        self._speed, self._models, self.why = Speed(), models, None
        self.task = asyncio.create_task(self._work(self.runner, ended, looked), name=self.id)

    async def stopped(self) -> None:
        """Stop at once, and wait until that is done."""
        if self.task is not None and not self.task.done():
            assert self.runner is not None
            self.runner.halt()
            await asyncio.wait({self.task})

    async def standing(self) -> Standing:
        """How far it has come; raises NotFoundError."""
        return await self.journal.datasets.standing(self.id)

    async def figures(self) -> dict[str, Any]:
        """Everything that is shown of it but its rows: plain JSON values."""
        kept = await self.journal.datasets.get(self.id)
        standing = await self.standing()
        return {
            **standing.to_dict(),
            "terms": {**kept.terms.to_dict(), "input": kept.terms.input[:16]},
            "waits": self.working and self.runner is not None and self.runner.waits,
            "pace": self._pace(standing), **await self._pictures(standing),
        }  # fmt: skip

    async def row(self, item: Item, *, whole: bool = False) -> dict[str, Any]:
        """A row as it is shown, with its text where there is one."""
        sample = None
        if item.result.get("document_id"):
            with suppress(NotFoundError):  # its document was deleted by someone
                sample = await self.samples.of(item)
        return row_view(item, sample, whole=whole)

    def _pace(self, standing: Standing) -> dict[str, Any] | None:
        if not self.working or self._models is None or not self._speed.seen:
            return None
        load = self._models.load
        return {
            "tokens_per_second": round(self._speed.tokens, 1), "places": load.places,
            "running": min(load.running, load.places), "seconds_left": self._speed.left(standing),
        }  # fmt: skip

    async def _pictures(self, standing: Standing) -> dict[str, Any]:
        settled, now = standing.total - standing.left, asyncio.get_running_loop().time()
        made_at, of, shown = self._drawn
        if of != settled and (not self.working or now - made_at >= _DRAW_EVERY):
            figures = await self.journal.figures(self.id)
            funnel = funnel_of(standing, figures)
            shown = {"funnel": funnel.to_dict(), "lengths": histogram(figures.lengths)}
            self._drawn = now, settled, shown
        return shown or {
            "funnel": funnel_of(standing, _NOTHING).to_dict(),
            "lengths": histogram(()),
        }

    async def _work(self, runner: Runner, ended: Note, looked: Note) -> None:
        """Carry it out, and keep why it stopped: a marked border, nobody awaits this task."""
        watch = asyncio.create_task(self._watch(looked))
        try:
            await runner.work()
            self.why = runner.why
        except LongleafError as error:
            self.why = error
        except Exception as error:
            log.exception("batch_lost", dataset=self.id)
            self.why = LongleafError(f"{type(error).__name__}: {error}", "Please report this.")
        finally:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch
        with suppress(LongleafError):  # the database is away, or it was deleted
            await ended((await self.standing()).to_dict())

    async def _watch(self, looked: Note) -> None:
        while True:
            with suppress(LongleafError):
                standing = await self.standing()
                self._speed.take(standing, asyncio.get_running_loop().time())
                await looked(standing.to_dict())
            await asyncio.sleep(LOOK_EVERY)


def phase(listing: Listing, work: Work | None) -> str:
    """In which state a batch is for people."""
    if work is not None and work.working:
        assert work.runner is not None
        return "stopping" if work.runner.stopping else "working"
    return "interrupted" if listing.status == "working" else listing.status


def listing_view(listing: Listing, work: Work | None) -> dict[str, Any]:
    """A batch as it stands in the list."""
    told = listing.told
    why = work.why if work is not None and work.why else None
    return {
        "id": listing.id, "name": listing.name, "created_at": listing.created_at.isoformat(),
        "updated_at": listing.updated_at.isoformat(), "formats": told.get("formats", []),
        "concurrency": told.get("concurrency"),
        "why": {"kind": why.kind, "detail": why.message, "remedy": why.remedy} if why
        else told.get("why"),
        **told.get("figures", {}), "status": phase(listing, work),
    }  # fmt: skip
