"""`batch --engine ray`: a batch on many machines, from its division to its files."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from batch.cluster.crew import Crew
from batch.cluster.division import shards_for, tasks_at_once
from batch.cluster.driver import Driver
from batch.cluster.orders import Order
from batch.cluster.plan import Plan, divide, keep_caps, kept_plan, refuse_another
from batch.cluster.ray_pool import opened_pool
from batch.cluster.scratch import digest_of
from batch.cluster.surroundings import API_KEY, fingerprint, named
from batch.cluster.tally import of_plan
from batch.contamination import Benchmark
from batch.folder import Folder
from batch.intake import items_of, take_in
from batch.lines import bounded_lines, opened
from batch.outcome import ending
from batch.rows import Reject, Row
from bootstrap import Services
from cli.batch_engine import ClusterOptions
from cli.batch_progress import BatchDisplay
from cli.output import say
from cli.watched import watched
from core.errors import ConflictError, LongleafError, RequestError, StorageError
from core.settings import config_file
from domain.dataset import RowStatus, Terms
from domain.run_options import Caps
from services.batches.datasets import Standing

_LOOK = 1.0
"""Seconds between two looks at how far it has come."""

Head = Driver | Crew


@dataclass(frozen=True)
class Batch:
    """What is to be written, and by whom."""

    source: Path
    folder: Folder
    terms: Terms
    caps: Caps
    concurrency: int | None
    connection: tuple[str | None, str | None, str | None, str | None]
    cluster: ClusterOptions
    benchmark: Benchmark | None
    """What prompts may not hold."""
    limits: Mapping[str, Any]
    """What is asked of texts, where that is not as usual."""
    retry: bool
    """Whether rows that failed are tried again."""


@dataclass(frozen=True)
class Ended:
    """How it ended."""

    standing: Standing
    plan: Plan | None = None
    """Its shards; None where a server keeps all rows."""
    why: LongleafError | None = None
    stopped: bool = False
    """Whether a person stopped it."""


async def carry_out(batch: Batch, built: Services, console: Console) -> Ended:
    """Have a batch written on a cluster; its files are still to be written.

    Raises:
        RequestError: the input cannot be read, or the options contradict each other.
        ConflictError: the folder holds another batch.
        SettingsError: Ray or its cluster is not there.
    """
    batch_id = batch.folder.prepare()
    models = await built.endpoints.models()
    terms = replace(batch.terms, models=named(models))
    order = _order(batch, built, batch_id, terms)
    with _plain_words(batch.folder.root):
        if order.shared:
            return await _on_server(batch, built, order, models.load.places, console)
        return await _in_shards(batch, order, models.load.places, console)


async def _on_server(
    batch: Batch, built: Services, order: Order, places: int, console: Console
) -> Ended:
    name = str(batch.folder.root)
    await take_in(
        built.datasets, order.batch, name, batch.source, order.terms, batch.caps, batch.benchmark
    )
    await built.datasets.change(order.batch, status="working", why={}, limits=dict(batch.limits))
    if batch.retry:
        await built.datasets.retry(order.batch)
    with opened_pool(batch.cluster.address, batch.cluster.scratch) as pool:
        parts = tasks_at_once(pool.cores, places, places)
        crew = Crew(built.datasets, pool, replace(order, parts=parts))
        standing = await _worked(crew, console)
    status, why = ending(crew.why, standing.left)
    await built.datasets.change(order.batch, status=status, why=why)
    return Ended(replace(standing, status=status), None, crew.why, _stopped(crew, standing))


async def _in_shards(batch: Batch, order: Order, places: int, console: Console) -> Ended:
    plan = _known(batch, order)
    if (
        plan
        and not (standing := of_plan(plan)).left
        and not (batch.retry and standing.rows[RowStatus.FAILED])
    ):
        return Ended(standing, plan)
    rows = plan.rows if plan else _lines(batch.source, order.terms.limit)
    with opened_pool(batch.cluster.address, batch.cluster.scratch) as pool:
        parts = tasks_at_once(pool.cores, places, rows)
        if plan is None:
            shards = batch.cluster.shards or shards_for(rows, parts, places)
            plan = divide(
                batch.folder.root, _items(batch, order), digest_of(batch.source), order.terms,
                min(shards, max(1, rows)),
            )  # fmt: skip
        caps = keep_caps(batch.folder.root, batch.caps)
        driver = Driver(plan, pool, replace(order, parts=parts), caps)
        standing = await _worked(driver, console)
    return Ended(standing, plan, driver.why, _stopped(driver, standing))


def _order(batch: Batch, built: Services, dataset_id: str, terms: Terms) -> Order:
    """What all workers are told; a key is left in the environment of a cluster of our own."""
    endpoint, base_url, model, api_key = batch.connection
    if api_key and batch.cluster.address and api_key != os.environ.get(API_KEY):
        raise RequestError(
            "a key does not travel through Ray",
            f"Set {API_KEY} where `ray start` is run, or name a file of settings that has it.",
        )
    if api_key:
        os.environ[API_KEY] = api_key
    config = config_file()
    return Order(
        number=0, root=str(batch.folder.root.absolute()), batch=dataset_id, terms=terms,
        caps=batch.caps, parts=1, concurrency=batch.concurrency, endpoint=endpoint,
        base_url=base_url, model=model, fingerprint=fingerprint(built),
        scratch=batch.cluster.scratch, config=str(config.absolute()) if config else "",
        limits=dict(batch.limits), retry=batch.retry, own_home=not batch.cluster.address,
        shared=bool(built.settings.database_url),
    )  # fmt: skip


def _known(batch: Batch, order: Order) -> Plan | None:
    """The division that was made before, if it is of this batch; raises ConflictError."""
    plan = kept_plan(batch.folder.root)
    if plan is None and batch.folder.journal.is_file():
        raise ConflictError(
            f"{batch.folder.root} was begun on one machine",
            "Give another --out, or leave --engine out.",
        )
    if plan is not None:
        file = digest_of(batch.source)
        refuse_another(plan, _items(batch, order), file, order.terms, batch.cluster.shards)
    return plan


def _items(batch: Batch, order: Order) -> Iterator[Row | Reject]:
    return items_of(batch.source, order.terms, batch.benchmark)


def _lines(source: Path, limit: int | None) -> int:
    with opened(source) as stream:
        lines = sum(1 for _ in bounded_lines(stream))
    return lines if limit is None else min(lines, limit)


async def _worked(head: Head, console: Console) -> Standing:
    """Let it work, shown; the first signal drains, a second one stops."""
    with BatchDisplay(console) as display:
        async with watched(_watch(head, display), _stop, head, console):
            await head.work()
    return (await head.look()).standing


def _stopped(head: Head, standing: Standing) -> bool:
    return bool(head.stopping and standing.left)


def _stop(head: Head, console: Console) -> None:
    """The first signal lets rows that are under way be finished, the second one does not."""
    if head.stopping:
        _tasks.add(asyncio.ensure_future(head.halt()))
        return
    _tasks.add(asyncio.ensure_future(head.drain()))
    say("Finishing the rows under way; Ctrl-C again stops at once.", console)


_tasks: set[asyncio.Future[None]] = set()
"""What a signal has begun: the loop itself does not keep it alive."""


async def _watch(head: Head, display: BatchDisplay) -> None:
    while True:
        found = await head.look()
        display.show(found.standing, found.load, waits=found.waits)
        await asyncio.sleep(_LOOK)


@contextmanager
def _plain_words(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"{root} cannot be used: {error.strerror}", "Choose another --out."
        ) from error
