"""Which engine writes a batch: this process alone, or workers on a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from batch.cluster.joining import join
from batch.cluster.plan import kept_plan
from batch.folder import Folder
from batch.writing import Wanted
from cli.batch_files import exported, formats_of, tell, typed
from cli.batch_progress import told
from cli.connect import services
from cli.output import put_json, say
from core.errors import CancelledRunError, ConflictError, LongleafError, RequestError
from core.settings import load_settings

if TYPE_CHECKING:
    from cli.batch import BatchOptions

LOCAL, RAY = "local", "ray"


def check_engine(engine: str, shard: str, shards: int | None) -> None:
    """Raise RequestError for an engine that there is not, or options that are not for it."""
    if engine not in (LOCAL, RAY):
        raise RequestError(f"there is no engine {engine[:40]!r}", f"There are: {LOCAL}, {RAY}.")
    if engine == RAY and shard != "0/1":
        raise RequestError("--shard is not for --engine ray", "Give --shards, how many there are.")
    if engine == LOCAL and shards is not None:
        raise RequestError("--shards is for --engine ray", "Give --shard I/N to work on one.")


def refuse_divided(root: Path) -> None:
    """Raise ConflictError where a folder holds the shards of a batch on a cluster."""
    if kept_plan(root) is not None:
        raise ConflictError(
            f"{root} holds a batch that was divided over a cluster", "Give --engine ray as before."
        )


async def run_on_cluster(options: BatchOptions) -> LongleafError | None:
    """Work on the batch, and write its files; what stopped it before its end."""
    from cli.batch_cluster import Batch, ClusterOptions, carry_out

    console, folder = Console(stderr=True), Folder(options.out)
    batch = Batch(
        options.source, folder, options.terms, options.caps, options.concurrency,
        options.connection, ClusterOptions(*options.cluster),
    )  # fmt: skip
    journal = folder.journal if load_settings().database_url else None
    async with services(
        *options.connection, journal=journal, concurrency=options.concurrency
    ) as built:
        ended = await carry_out(batch, built, console)
        forms = formats_of(options.formats)
        done = (
            await join(ended.plan, built.runs.tokens, Wanted(forms, commands=[typed()]))
            if ended.plan
            else await exported(built, folder, forms)
        )
    say(told(ended.standing), console)
    tell(done, folder, console)
    if ended.standing.left:
        say("The same command goes on with the rest.", console)
    if options.as_json:
        left = {"left": ended.standing.left}
        figures = {"rows": done.rows, "funnel": done.funnel.to_dict()}
        put_json({**ended.standing.to_dict(), **left, **figures})
    return ended.why or (CancelledRunError("stopped by the user") if ended.stopped else None)
