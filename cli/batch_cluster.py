"""`batch --engine ray`: a batch on many machines, from its division to its files."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

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
from batch.folder import Folder
from batch.intake import items_of, take_in
from batch.lines import bounded_lines, opened
from bootstrap import Services
from cli.batch_progress import BatchDisplay, told
from cli.connect import services
from cli.output import say
from core.errors import ConflictError, LongleafError, RequestError, StorageError
from core.settings import config_file
from domain.dataset import Terms
from domain.run_options import Caps
from services.datasets import Standing

SIGNALS = (signal.SIGINT, signal.SIGTERM)
_LOOK = 1.0
"""Seconds between two looks at how far it has come."""

Head = Driver | Crew


@dataclass(frozen=True)
class ClusterOptions:
    """What is said of the cluster."""

    shards: int | None
    address: str
    """Empty: one of our own, on this machine."""
    scratch: str


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


@dataclass(frozen=True)
class Ended:
    """How it ended."""

    standing: Standing
    why: LongleafError | None
    stopped: bool
    """Whether a person stopped it."""


async def carry_out(batch: Batch, console: Console) -> Ended:
    """Have a batch written on a cluster; its files are still to be written.

    Raises:
        RequestError: the input cannot be read, or the options contradict each other.
        ConflictError: the folder holds another batch.
        SettingsError: Ray or its cluster is not there.
    """
    dataset_id = batch.folder.prepare()
    async with services(*batch.connection, concurrency=batch.concurrency) as built:
        models = await built.endpoints.models()
        terms = replace(batch.terms, models=named(models))
        order = _order(batch, built, dataset_id, terms)
        places = models.load.places
        if order.shared:
            await take_in(
                built.datasets, dataset_id, str(batch.folder.root), batch.source, terms, batch.caps
            )
            with opened_pool(batch.cluster.address, batch.cluster.scratch) as pool:
                parts = tasks_at_once(pool.cores, places, places)
                return await _worked(
                    Crew(built.datasets, pool, replace(order, parts=parts)), console
                )
        with _plain_words(batch.folder.root):
            plan = _known(batch, terms)
            if plan and not (standing := of_plan(plan)).left:
                return Ended(standing, None, False)
            lines = plan.rows if plan else _lines(batch.source, terms.limit)
            with opened_pool(batch.cluster.address, batch.cluster.scratch) as pool:
                parts = tasks_at_once(pool.cores, places, lines)
                if plan is None:
                    shards = batch.cluster.shards or shards_for(lines, parts, places)
                    plan = _divided(batch, terms, min(shards, max(1, lines)))
                caps = keep_caps(batch.folder.root, batch.caps)
                driver = Driver(plan, pool, replace(order, parts=parts), caps)
                return await _worked(driver, console)


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
        own_home=not batch.cluster.address, shared=bool(built.settings.database_url),
    )  # fmt: skip


def _known(batch: Batch, terms: Terms) -> Plan | None:
    """The division that was made before, if it is of this batch."""
    plan = kept_plan(batch.folder.root)
    if plan is None and batch.folder.journal.is_file():
        raise ConflictError(
            f"{batch.folder.root} was begun on one machine",
            "Give another --out, or leave --engine out.",
        )
    if plan is not None:
        items = items_of(batch.source, terms)
        refuse_another(plan, items, digest_of(batch.source), terms, batch.cluster.shards)
    return plan


def _divided(batch: Batch, terms: Terms, shards: int) -> Plan:
    items = items_of(batch.source, terms)
    return divide(batch.folder.root, items, digest_of(batch.source), terms, shards)


def _lines(source: Path, limit: int | None) -> int:
    with opened(source) as stream:
        lines = sum(1 for _ in bounded_lines(stream))
    return lines if limit is None else min(lines, limit)


async def _worked(head: Head, console: Console) -> Ended:
    loop = asyncio.get_running_loop()
    with BatchDisplay(console) as display:
        work = asyncio.create_task(head.work())
        watch = asyncio.create_task(_watch(head, display))
        for number in SIGNALS:
            loop.add_signal_handler(number, _stop, head, console)
        try:
            await work
        finally:
            for number in SIGNALS:
                loop.remove_signal_handler(number)
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch
    standing = (await head.look()).standing
    say(told(standing), console)
    return Ended(standing, head.why, bool(head.stopping and standing.left))


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
