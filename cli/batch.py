"""`batch`: rows become documents, and documents become training data."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from agents.strategies.registry import check_name
from batch.estimate import estimate
from batch.folder import Folder
from batch.intake import take_in
from batch.rows import chosen, read_rows
from batch.runner import Runner
from batch.samples import Samples
from batch.shard import Shard
from bootstrap import Services
from cli.batch_engine import LOCAL, check_engine, refuse_divided, run_on_cluster
from cli.batch_files import exported, figures_of, formats_of, tell
from cli.batch_progress import BatchDisplay, told
from cli.border import complain
from cli.connect import services
from cli.estimate import print_estimate
from cli.output import put_json, say
from core.errors import CancelledRunError, LongleafError, RequestError
from core.outcomes import outcome
from domain.dataset import Terms
from domain.run_options import Caps
from llm.roles import Models
from llm.types import ROLES

SIGNALS = (signal.SIGINT, signal.SIGTERM)
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
    engine: str = "local"
    cluster: tuple[int | None, str, str] = (None, "", "")
    """Shards, the cluster's address, and the workers' own folder."""

    @property
    def caps(self) -> Caps:
        """What the batch may spend; raises RequestError for a cap of nothing."""
        return Caps(None, self.max_tokens, self.max_cost)

    @property
    def terms(self) -> Terms:
        """What makes the batch the one it is, as far as it is known yet."""
        shard = str(Shard.parse(self.shard))
        return Terms(self.strategy, self.seed, self.rounds, self.limit, shard)

    @property
    def connection(self) -> tuple[str | None, str | None, str | None, str | None]:
        """Who is to write."""
        return self.endpoint, self.base_url, self.model, self.api_key


def run_batch(options: BatchOptions) -> None:
    """Carry a batch out, or estimate it; leaves with the exit code of what stopped it."""
    check_name(options.strategy)
    formats_of(options.formats)
    options.caps  # noqa: B018 - a cap of nothing is told before anything is done
    check_engine(options.engine, options.shard, options.cluster[0])
    if options.estimate:
        asyncio.run(_estimate(options))
        return
    why = asyncio.run(_run(options) if options.engine == LOCAL else run_on_cluster(options))
    if why is not None:
        if not isinstance(why, CancelledRunError):
            complain(why.message, why.remedy)
        raise SystemExit(outcome(why).exit_code)


async def _estimate(options: BatchOptions) -> None:
    terms = options.terms
    async with services(*options.connection, concurrency=options.concurrency) as built:
        models = await built.endpoints.models()
        rows = chosen(read_rows(options.source), terms.limit, Shard.parse(terms.shard))
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
    terms, forms = options.terms, formats_of(options.formats)
    refuse_divided(options.out)
    dataset_id = folder.prepare()
    async with services(
        *options.connection, journal=folder.journal, concurrency=options.concurrency
    ) as built:
        models = await built.endpoints.models()
        terms = replace(terms, models={role: models.model(role) for role in ROLES})
        await take_in(
            built.datasets, dataset_id, str(folder.root), options.source, terms, options.caps
        )
        samples = Samples(built.documents, built.calls)
        runner = Runner(built.runs, built.datasets, samples, models, dataset_id)
        await built.datasets.change(dataset_id, status="working")
        try:
            await _carry_out(built, runner, models, console)
        finally:
            standing = await runner.ended()
        done = await exported(built, folder, forms)
    say(told(standing), console)
    tell(done, folder, console)
    if standing.left:
        say("The same command goes on with the rest.", console)
    if options.as_json:
        put_json({**standing.to_dict(), **figures_of(done)})
    stopped = runner.stopping and standing.left
    return runner.why or (CancelledRunError("stopped by the user") if stopped else None)


async def _carry_out(built: Services, runner: Runner, models: Models, console: Console) -> None:
    loop = asyncio.get_running_loop()
    with BatchDisplay(console) as display:
        work = asyncio.create_task(runner.work())
        watch = asyncio.create_task(_watch(built, runner, models, display))
        for number in SIGNALS:
            loop.add_signal_handler(number, _stop, runner, console)
        try:
            await work
        finally:
            for number in SIGNALS:
                loop.remove_signal_handler(number)
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch


def _stop(runner: Runner, console: Console) -> None:
    """The first signal lets rows that are under way be finished, the second one does not."""
    if runner.stopping:
        runner.halt()
        return
    runner.drain()
    say("Finishing the rows under way; Ctrl-C again stops at once.", console)


async def _watch(built: Services, runner: Runner, models: Models, display: BatchDisplay) -> None:
    while True:
        standing = await built.datasets.standing(runner.dataset_id)
        display.show(standing, models.load, waits=runner.waits)
        await asyncio.sleep(_LOOK)
