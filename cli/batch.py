"""`batch`: rows become documents, and documents become training data."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from rich.console import Console

from agents.strategies.registry import check_name
from batch.contamination import read_benchmark
from batch.estimate import estimate
from batch.filters import objections
from batch.folder import INPUT, Folder
from batch.ids import parse_ids
from batch.intake import items_of, take_in
from batch.kept import benchmark_of, copies_of, input_of, keep_benchmarks, names_of
from batch.limits import DEFAULT, Limits
from batch.parquet import pyarrow
from batch.runner import Runner
from batch.samples import Samples
from batch.shard import Shard
from bootstrap import Services
from cli.batch_config import limits_of
from cli.batch_engine import (
    LOCAL,
    NO_CLUSTER,
    ClusterOptions,
    check_engine,
    refuse_divided,
    run_on_cluster,
)
from cli.batch_files import exported, formats_of, tell_ended, typed
from cli.batch_progress import BatchDisplay
from cli.border import complain
from cli.connect import services
from cli.estimate import print_estimate
from cli.output import put_json, say
from cli.watched import watched
from core.errors import CancelledRunError, LongleafError, RequestError
from core.outcomes import outcome
from domain.dataset import Terms
from domain.run_options import Caps
from llm.roles import Models
from llm.types import ROLES
from services.batches.datasets import Dataset
from services.batches.picks import named

_ONCE = {"--only-ids": 1, "--retry-failed": 0}
"""Options that are no part of the command that goes on with the rest, and their values."""
_LOOK = 1.0
"""Seconds between two looks at how far it has come."""


@dataclass(frozen=True)
class BatchOptions:
    """The options as given."""

    source: Path
    out: Path
    strategy: str
    rounds: int
    concurrency: int | None
    limit: int | None
    shard: str
    formats: str
    seed: int | None
    max_tokens: int | None
    max_cost: float | None
    estimate: bool
    endpoint: str | None
    base_url: str | None
    model: str | None
    api_key: str | None
    as_json: bool
    parquet: bool = False
    config: Path | None = None
    similar_prompts: float | None = None
    benchmark: tuple[Path, ...] = ()
    retry_failed: bool = False
    only_ids: str | None = None
    engine: str = LOCAL
    cluster: ClusterOptions = NO_CLUSTER

    @property
    def caps(self) -> Caps:
        """What the batch may spend; raises RequestError for a cap of nothing."""
        return Caps(None, self.max_tokens, self.max_cost)

    @property
    def terms(self) -> Terms:
        """What makes the batch the one it is, as far as it is known yet."""
        shard = str(Shard.parse(self.shard))
        return Terms(
            self.strategy, self.seed, self.rounds, self.limit, shard,
            similar_prompts=self.similar_prompts, benchmark=names_of(self.benchmark),
        )  # fmt: skip

    @property
    def connection(self) -> tuple[str | None, str | None, str | None, str | None]:
        """Who is to write."""
        return self.endpoint, self.base_url, self.model, self.api_key


def run_batch(options: BatchOptions) -> None:
    """Carry a batch out, or estimate it; leaves with the exit code of what stopped it."""
    check_name(options.strategy)
    formats_of(options.formats)
    options.caps  # noqa: B018 - a cap of nothing is told before anything is done
    Limits(similar_prompts=options.similar_prompts)
    if options.parquet:
        pyarrow()
    check_engine(options.engine, options.cluster, options.shard, options.only_ids)
    if options.estimate:
        asyncio.run(_estimate(options))
        return
    why = asyncio.run(_run(options) if options.engine == LOCAL else run_on_cluster(options))
    if why is not None:
        if not isinstance(why, CancelledRunError):
            complain(why.message, why.remedy)
        raise SystemExit(outcome(why).exit_code)


async def _estimate(options: BatchOptions) -> None:
    terms, benchmark = options.terms, None
    if options.benchmark:
        benchmark = read_benchmark(options.benchmark)
    async with services(*options.connection, concurrency=options.concurrency) as built:
        models = await built.endpoints.models()
        with (
            tempfile.TemporaryDirectory(prefix="longleaf-") as passing,
            input_of(options.source, sys.stdin.buffer, Path(passing, INPUT)) as source,
        ):
            rows = items_of(source, terms, benchmark)
            found = await estimate(built.estimates, models, rows, terms, options.concurrency)
    if found is None:
        raise RequestError(f"{options.source} holds no row that can be written")
    if options.as_json:
        put_json(found.to_dict())
        return
    say(f"{found.rows:,} rows; {found.refused:,} lines that are none", Console())
    print_estimate(found.whole, "words")


async def _run(options: BatchOptions) -> LongleafError | None:
    """Work on the batch; what stopped it before its end."""
    console, folder = Console(stderr=True), Folder(options.out)
    forms, limits = formats_of(options.formats), limits_of(options.config)
    ids = parse_ids(options.only_ids) if options.only_ids is not None else None
    refuse_divided(options.out)
    dataset_id = folder.prepare()
    async with services(
        *options.connection, journal=folder.journal, concurrency=options.concurrency
    ) as built:
        models = await built.endpoints.models()
        kept = await _taken_in(options, folder, built, models)
        only = await named(built.datasets, dataset_id, ids) if ids is not None else None
        kept_limits, command = {**kept.limits, **limits}, typed(_ONCE)
        await built.datasets.change(
            dataset_id, status="working", why={}, command=command, limits=kept_limits
        )
        if options.retry_failed:
            again = await built.datasets.retry(dataset_id, only)
            say(f"{again:,} rows that had failed are tried again.", console)
        check = partial(objections, limits=DEFAULT.but(kept_limits))
        samples = Samples(built.documents, built.calls)
        runner = Runner(
            built.runs, built.datasets, samples, models, dataset_id, check=check, only=only
        )
        try:
            await _carry_out(built, runner, models, console)
        finally:
            standing = await runner.ended()
        done = None if runner.halted else await exported(built, folder, forms, options.parquet)
    tell_ended(standing, done, folder.root, options.as_json)
    stopped = runner.stopping and standing.left
    return runner.why or (CancelledRunError("stopped by the user") if stopped else None)


async def _taken_in(
    options: BatchOptions, folder: Folder, built: Services, models: Models
) -> Dataset:
    """The batch with its rows, taken in now or before."""
    terms = replace(options.terms, models={role: models.model(role) for role in ROLES})
    keep_benchmarks(options.benchmark, folder.kept)
    benchmark = benchmark_of(copies_of(terms.benchmark, folder.kept))
    with input_of(options.source, sys.stdin.buffer, folder.kept / INPUT) as source:
        return await take_in(
            built.datasets, folder.dataset_id(), str(folder.root), source, terms, options.caps,
            benchmark,
        )  # fmt: skip


async def _carry_out(built: Services, runner: Runner, models: Models, console: Console) -> None:
    with BatchDisplay(console) as display:
        async with watched(_watch(built, runner, models, display), _stop, runner, console):
            await runner.work()


def _stop(runner: Runner, console: Console) -> None:
    """The first signal lets rows that are under way be finished, the second one does not."""
    if runner.stopping or runner.waits:  # nothing is finished while the endpoint is away
        runner.halt()
        say("Stopped; `batch export` writes what is there.", console)
        return
    runner.drain()
    say("Finishing the rows under way; Ctrl-C again stops at once.", console)


async def _watch(built: Services, runner: Runner, models: Models, display: BatchDisplay) -> None:
    while True:
        standing = await built.datasets.standing(runner.dataset_id)
        display.show(standing, models.load, waits=runner.waits)
        await asyncio.sleep(_LOOK)
