"""Whether a process works on a batch: it says so every few seconds, and others look."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog

from core.errors import LongleafError
from services.batches.datasets import Datasets
from storage.base import now
from storage.dataset_pace import tokens_since
from storage.holder import Holder

EVERY = 5.0
"""Seconds."""
LOST = dt.timedelta(seconds=60)
"""For so long a process on another machine, which cannot be looked at, need not have said so."""

log = structlog.get_logger()


@asynccontextmanager
async def present(
    datasets: Datasets, dataset_id: str, waits: Callable[[], bool]
) -> AsyncIterator[None]:
    """Say that this process works on a batch, as long as the block lasts.

    Args:
        datasets: where it is said.
        dataset_id: which batch.
        waits: whether it waits for an endpoint that is away.

    Raises:
        StorageError: the database refused at the beginning.
    """
    await _say(datasets, dataset_id, waits())
    saying = asyncio.create_task(_keep_saying(datasets, dataset_id, waits), name="presence")
    try:
        yield
    finally:
        saying.cancel()
        with suppress(asyncio.CancelledError):
            await saying
        with suppress(LongleafError):
            await _leave(datasets, dataset_id)


def at_work(worker: Mapping[str, Any]) -> str:
    """Who works on a batch, for people, by what is kept with it; empty: nobody.

    Where several do, the one that said so last.
    """
    if not worker:
        return ""
    holder = Holder.from_dict(worker["holder"])
    fresh = dt.datetime.fromisoformat(worker["seen"]) > now() - LOST
    if not (holder.alive() if holder.local else fresh):
        return ""
    return f"process {holder.pid} on {'this machine' if holder.local else holder.host}"


def is_waiting(worker: Mapping[str, Any]) -> bool:
    """Whether who works on it said that the endpoint is away."""
    return bool(worker.get("waits"))


async def tokens_lately(datasets: Datasets, dataset_id: str, seconds: float) -> float:
    """Tokens of answers a second, over the last so many seconds."""
    since = now() - dt.timedelta(seconds=seconds)
    found = await datasets.db.run(lambda s: tokens_since(s, dataset_id, since), write=False)
    return found / seconds


async def _keep_saying(datasets: Datasets, dataset_id: str, waits: Callable[[], bool]) -> None:
    while True:
        await asyncio.sleep(EVERY)
        try:
            await _say(datasets, dataset_id, waits())
        except LongleafError as error:
            log.warning("presence_not_said", dataset=dataset_id, why=error.message)


async def _say(datasets: Datasets, dataset_id: str, waits: bool) -> None:
    holder = Holder.current().to_dict()
    worker = {"holder": holder, "seen": now().isoformat(), "waits": waits}
    await datasets.change(dataset_id, worker=worker)


async def _leave(datasets: Datasets, dataset_id: str) -> None:
    kept = await datasets.get(dataset_id)
    if kept.worker and Holder.from_dict(dict(kept.worker["holder"])) == Holder.current():
        await datasets.change(dataset_id, worker={})
