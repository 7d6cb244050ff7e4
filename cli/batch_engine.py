"""Which engine writes a batch: this process alone, or workers on a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from batch.cluster.plan import kept_plan
from batch.folder import Folder
from batch.kept import piped
from cli.output import put_json, say
from core.errors import CancelledRunError, ConflictError, LongleafError, RequestError

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


def refuse_alone(options: BatchOptions) -> None:
    """Raise RequestError where the cluster is asked for what one process alone can do."""
    if options.engine == LOCAL:
        return
    for name, given in (
        ("--benchmark", options.benchmark), ("--only-ids", options.only_ids),
        ("--retry-failed", options.retry_failed), ("a pipe", piped(options.source)),
    ):  # fmt: skip
        if given:
            raise RequestError(f"{name} is not for --engine ray", "Leave it out.")


def refuse_divided(root: Path) -> None:
    """Raise ConflictError where a folder holds the shards of a batch on a cluster."""
    if kept_plan(root) is not None:
        raise ConflictError(
            f"{root} holds a batch that was divided over a cluster", "Give --engine ray as before."
        )


async def run_on_cluster(options: BatchOptions) -> LongleafError | None:
    """Work on the batch; what stopped it before its end."""
    from cli.batch_cluster import Batch, ClusterOptions, carry_out

    console, folder = Console(stderr=True), Folder(options.out)
    batch = Batch(
        options.source, folder, options.terms, options.caps, options.concurrency,
        options.connection, ClusterOptions(*options.cluster),
    )  # fmt: skip
    ended = await carry_out(batch, console)
    if ended.standing.left:
        say("The same command goes on with the rest.", console)
    if options.as_json:
        put_json(ended.standing.to_dict())
    return ended.why or (CancelledRunError("stopped by the user") if ended.stopped else None)
