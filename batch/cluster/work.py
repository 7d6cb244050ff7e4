"""Carries one order out, on whatever machine it came to: by the same engine as a batch on one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from batch.cluster.orders import Board, Facts, Order, Result
from batch.cluster.plan import rows_of, shard_folder
from batch.cluster.publication import Publication
from batch.cluster.scratch import Scratch, private_folder
from batch.cluster.surroundings import agreed, opened, settle_in
from batch.filters import objections
from batch.folder import Folder
from batch.intake import CHUNK
from batch.limits import DEFAULT
from batch.outage import PASSING
from batch.pace import waits
from batch.runner import Runner
from batch.samples import Samples
from bootstrap import Services
from core.errors import LLMError, LongleafError, StorageError
from llm.roles import Load, Models
from services.batches.datasets import Datasets, Standing
from storage.dataset_rows import Entry

LOOK = 1.0
"""Seconds between two reports."""
_SHARE = 20
"""A copy of the journal takes at most a twentieth of the time."""


async def carry_out(order: Order, board: Board) -> Result:
    """Do what an order says, as far as nothing stops that; errors are part of the result."""
    try:
        settle_in(order)
        if order.shared:
            return await _with_others(order, board)
        return await _alone(order, board)
    except LongleafError as error:
        return Result.failed(order.number, error)


async def _with_others(order: Order, board: Board) -> Result:
    """Write rows of a batch on a server; runs' leases divide them."""
    async with opened(order, Folder(Path(order.root)).journal) as built:
        models = await _models(built, order, board, {})
        runner = _runner(built, models, order.batch, order)

        async def look() -> Facts:
            return _busy(models.load, runner)

        await _watched(runner, board, order, look)
        return _result(order, await look(), runner)


async def _alone(order: Order, board: Board) -> Result:
    """Write a shard on this machine's own disk, and publish it."""
    place = Publication(shard_folder(Path(order.root), order.number))
    token = await asyncio.to_thread(place.claim)
    scratch = Scratch(private_folder(order.scratch, order.batch, f"{order.number:05}"))
    found = await asyncio.to_thread(place.fetch, scratch)
    async with opened(order, scratch.folder.journal) as built:
        if found == "published":
            await built.datasets.take_over()
        models = await _models(built, order, board, place.facts())
        dataset_id = scratch.folder.prepare()
        await _enter(built.datasets, dataset_id, order, place.root)
        await _resume(built.datasets, dataset_id, order)
        runner = _runner(built, models, dataset_id, order)
        copies = _Copies(place, scratch, built, token, order.publish_every)

        async def look() -> Facts:
            facts = told(await built.datasets.standing(dataset_id), models.load, runner)
            await copies.look(facts)
            return facts

        try:
            await _watched(runner, board, order, look)
        finally:
            standing = await runner.ended()
        facts = told(standing, models.load, runner)
        await copies.publish(facts)
    await asyncio.to_thread(scratch.remove)
    return _result(order, facts, runner)


async def _models(built: Services, order: Order, board: Board, facts: Facts) -> Models:
    """The endpoints, reached; one that does not answer is waited for, as long as by a row.

    Raises:
        LLMError: it does not come back, or it is not to be waited for.
        SettingsError: the models are others than the batch's.
    """
    why: LLMError | None = None
    for seconds in waits():
        try:
            return await agreed(await built.endpoints.models(), order)
        except PASSING as error:
            why = error
        if await board.report(order.number, {**facts, "waits": True}) != "go on":
            break
        await asyncio.sleep(seconds)
    assert why is not None
    raise why


async def _enter(datasets: Datasets, dataset_id: str, order: Order, folder: Path) -> None:
    """Put the shard's rows into its journal, unless they are there."""
    name = f"{order.batch} {order.terms.shard}"
    known = await datasets.open(dataset_id, name, order.terms, order.caps)
    if known.entered:
        return
    claim = await datasets.empty(dataset_id)
    try:
        rows: Iterator[Entry] = rows_of(folder)
        while chunk := await asyncio.to_thread(list, islice(rows, CHUNK)):
            await datasets.enter(dataset_id, chunk, claim)
    except OSError as error:
        raise StorageError(f"{folder} cannot be read: {error.strerror}") from error
    await datasets.entered(dataset_id, claim)


async def _resume(datasets: Datasets, dataset_id: str, order: Order) -> None:
    """Say that the shard is worked on, and queue rows again that are to be tried again."""
    await datasets.change(dataset_id, status="working", why={}, limits=dict(order.limits))
    if order.retry:
        await datasets.retry(dataset_id)


def _runner(built: Services, models: Models, dataset_id: str, order: Order) -> Runner:
    samples = Samples(built.documents, built.calls)
    check = partial(objections, limits=DEFAULT.but(order.limits))
    return Runner(built.runs, built.datasets, samples, models, dataset_id, check=check)


async def _watched(
    runner: Runner, board: Board, order: Order, look: Callable[[], Awaitable[Facts]]
) -> None:
    """Work, with a report every second, and do what the answers say."""
    work = asyncio.create_task(runner.work())
    try:
        while not work.done():
            word = await board.report(order.number, await look())
            if word == "drain":
                runner.drain()
            elif word == "halt":
                runner.halt()
            await asyncio.wait({work}, timeout=LOOK)
        work.result()
    finally:
        if not work.done():
            runner.halt()
        await asyncio.gather(work, return_exceptions=True)


@dataclass
class _Copies:
    """Publishes a shard now and then, and says so at the place where it is published."""

    place: Publication
    scratch: Scratch
    built: Services
    token: str
    every: float
    _took: float = 0.0
    _ended: float = 0.0

    def __post_init__(self) -> None:
        self._ended = time.monotonic()

    async def look(self, facts: Facts) -> None:
        """Publish if it is time; raises StaleHolderError where another worker has the shard."""
        await asyncio.to_thread(self.place.check, self.token)
        if is_due(time.monotonic() - self._ended, self._took, self.every):
            await self.publish(facts)

    async def publish(self, facts: Facts) -> None:
        """Publish now."""
        began = time.monotonic()
        db = self.built.db
        await asyncio.to_thread(self.place.publish, db, self.scratch, self.token)
        await asyncio.to_thread(self.place.tell, facts)
        self._ended = time.monotonic()
        self._took = self._ended - began


def is_due(since: float, took: float, every: float) -> bool:
    """Whether the journal is to be copied once more.

    Args:
        since: seconds since the last copy was made.
        took: seconds that it took.
        every: seconds between two of them, at least.
    """
    return since >= max(every, _SHARE * took)


def told(standing: Standing, load: Load, runner: Runner) -> Facts:
    """How far a shard has come, and how busy its endpoints are."""
    return {**standing.to_dict(), **_busy(load, runner)}


def _busy(load: Load, runner: Runner) -> Facts:
    return {**load._asdict(), "waits": runner.waits}


def _result(order: Order, facts: Facts, runner: Runner) -> Result:
    return Result.failed(order.number, runner.why, facts) if runner.why else Result(
        order.number, facts
    )  # fmt: skip
