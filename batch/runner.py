"""Carries the rows of a batch out: as many at once as keep the endpoints busy, and no more."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import count

import structlog

from batch.filters import Objection, objections
from batch.outage import PASSING, Outage
from batch.outcome import UnwrittenError, ending, figures_of, unwritten, verdict
from batch.pace import LIMITED_TRIES, TRIES, Fresh, rest, to_begin
from batch.presence import present
from batch.records import Sample
from batch.samples import Samples
from core.errors import ConflictError, LLMError, LongleafError, RateLimitError, StorageError
from core.outcomes import error_of
from domain.dataset import RowStatus
from llm.limits import in_background
from llm.roles import Models
from services.batches.datasets import Datasets, Item, Standing
from services.runs.lifecycle import Runs
from services.runs.reports import RunReport

Check = Callable[[Sample], Sequence[Objection]]

TICK = 0.05
"""Seconds between two looks at whether there is room for another row."""

log = structlog.get_logger()


@dataclass
class Runner:
    """One process's work on a batch; may be one of several on the same database.

    Args:
        runs: carries a document out.
        datasets: keeps what has become of the rows.
        samples: makes them of what was written.
        models: who writes.
        dataset_id: which batch.
        check: what speaks against a sample; what refuses it in the end is decided by the export.
        wait: waits for an endpoint that is away; None: until then, or until it is told to stop.
    """

    runs: Runs
    datasets: Datasets
    samples: Samples
    models: Models
    dataset_id: str
    check: Check = objections
    wait: Callable[[float], Awaitable[None]] | None = None
    only: frozenset[int] | None = None
    """Rows that are worked on; None: all."""
    why: LongleafError | None = None
    """What stopped it before its end; None: nothing, or a person."""
    halted: bool = False
    """Whether rows that were under way were left as they were."""
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _rows: set[asyncio.Task[None]] = field(default_factory=set)
    _fresh: Fresh = field(default_factory=Fresh)
    _others: set[int] = field(default_factory=set)
    """Rows of other processes, when there was nothing else left to do."""
    _ranks: count[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self._outage = Outage(self.models, self._stop, self.wait or self._wait)

    @property
    def waits(self) -> bool:
        """Whether it waits for an endpoint that is away."""
        return self._outage.on

    @property
    def stopping(self) -> bool:
        """Whether nothing more is begun."""
        return self._stop.is_set()

    def drain(self) -> None:
        """Begin no more rows; those under way are finished."""
        self._stop.set()

    def halt(self) -> None:
        """Stop at once; what is stored stays, and calls in flight are made again another time."""
        self.halted = True
        self._stop.set()
        self._cancel()

    def _cancel(self) -> None:
        for row in self._rows:
            row.cancel()

    async def work(self) -> None:
        """Settle every row, as far as nothing stops that; `why` then says what did.

        Rows that an earlier process has begun come first, what others leave meanwhile last.

        Raises:
            StorageError: the database or the disk refused.
        """
        async with present(self.datasets, self.dataset_id, lambda: self.waits):
            await self._work()

    async def _work(self) -> None:
        begun, more = await self._unfinished(), True
        try:
            while not self.stopping or self._rows:
                more = await self._fill(begun, more)
                if not (self._rows or more or begun):
                    begun = await self._left_by_others()
                if not (self._rows or more or begun):
                    break
                more = await self._look() or more
        finally:
            self._cancel()
            await asyncio.gather(*self._rows, return_exceptions=True)

    async def _left_by_others(self) -> deque[Item]:
        """Rows that others have begun; none where a look at the same ones has changed nothing."""
        found = await self._unfinished()
        seen, self._others = self._others, {item.id for item in found}
        return deque() if self._others == seen else found

    async def _unfinished(self) -> deque[Item]:
        found = await self.datasets.unfinished(self.dataset_id)
        return deque(item for item in found if self.only is None or item.id in self.only)

    async def ended(self) -> Standing:
        """Keep how it ended; how far it has come."""
        standing = await self.datasets.standing(self.dataset_id)
        status, why = ending(self.why, standing.left)
        await self.datasets.change(self.dataset_id, status=status, why=why)
        return replace(standing, status=status)

    async def _look(self) -> bool:
        """Wait for a row to end, a moment at most; whether one did."""
        if not self._rows:
            await asyncio.sleep(TICK)
            return False
        ended, _ = await asyncio.wait(self._rows, timeout=TICK, return_when=asyncio.FIRST_COMPLETED)
        self._rows -= ended
        failures = [row.exception() for row in ended if not row.cancelled()]
        for failure in filter(None, failures):
            raise failure
        return bool(ended)

    async def _fill(self, begun: deque[Item], more: bool) -> bool:
        """Begin as many rows as there is room for; whether there may be more to begin."""
        if self.stopping or self._outage.on:
            return more
        room = self._room()
        while room and begun:
            self._start(begun.popleft())
            room -= 1
        if room and more:
            found = await self.datasets.begin(self.dataset_id, self.models, room, self.only)
            for item in found:
                self._start(item)
            more = len(found) == room
        return more

    def _room(self) -> int:
        load, fresh = self.models.load, self._fresh.at(asyncio.get_running_loop().time())
        return to_begin(load.places, load.running + load.waiting, len(self._rows), fresh)

    def _start(self, item: Item) -> None:
        self._fresh.begun(asyncio.get_running_loop().time())
        with in_background(next(self._ranks)):  # rows that began earlier are finished earlier
            self._rows.add(asyncio.create_task(self._row(item), name=f"row {item.position}"))

    async def _row(self, item: Item) -> None:
        """Work on a row until it is settled, or is to wait."""
        while True:
            since = asyncio.get_running_loop().time()
            try:
                await self._written(item)
                return
            except StorageError:
                raise
            except ConflictError as error:  # another process has it
                log.warning("row_left", row=item.position, why=error.message)
                return
            except LongleafError as error:
                again = await self._failed(item, error, since)
            if again is None or self.stopping:
                return
            item = again

    async def _written(self, item: Item) -> None:
        """Have a row's document written, and settle it; raises what kept it from being done."""
        run_id, done = await self.datasets.run_of(item)
        if not run_id:  # its document was deleted by someone
            await self.datasets.in_vain(item, counts=False)
            return
        if done:
            report = await self.runs.report(run_id)
        else:
            report = await self.runs.carry_out(run_id, self.models)
        if not report.done and report.reason_kind:
            raise error_of(report.reason_kind, report.reason, report.remedy)
        if not report.done:
            document = await self.samples.documents.get(report.document_id)
            raise UnwrittenError(unwritten(report.reason, document))
        await self._settle(item, report)

    async def _settle(self, item: Item, report: RunReport) -> None:
        figures = figures_of(report)
        against = self.check(await self.samples.of(replace(item, result=figures)))
        await self.datasets.settle(item, *verdict(figures, against))

    async def _failed(self, item: Item, why: LongleafError, since: float) -> Item | None:
        """Decide what an error means; the row where its run is to be gone on with at once."""
        passing = isinstance(why, PASSING)
        if why.pauses and not passing:
            self._stop_for(why)
            return None
        try:
            excused = passing and await self._outage.explains(since)
        except LLMError as error:
            self._stop_for(error)
            return None
        limited = isinstance(why, RateLimitError)
        if limited and not excused:
            await self._outage.wait(rest(item.attempts))
        again = TRIES if isinstance(why, LLMError) and why.retry else 1
        item = await self.datasets.in_vain(
            item, counts=not excused, tries=LIMITED_TRIES if limited else again, reason=why.kind,
            result={"kind": why.kind, "detail": why.message or "it failed without a word"},
        )  # fmt: skip
        return item if item.status is RowStatus.BEGUN else None

    def _stop_for(self, why: LongleafError) -> None:
        self.why = self.why or why
        self._stop.set()

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)
