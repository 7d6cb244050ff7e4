"""Which engine writes a batch: this process alone, or workers on a cluster; and its files then."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from batch.cluster.plan import Plan, kept_plan
from batch.folder import INPUT, Folder
from batch.kept import all_copies, benchmark_of, copies_of, input_of, keep_benchmarks
from batch.limits import DEFAULT
from batch.merged import Merged
from batch.parts import Part, check_parts, parts_of
from batch.writing import Exported, Wanted
from cli.batch_config import limits_of
from cli.batch_files import exported, formats_of, tell_ended
from cli.connect import services
from core.errors import CancelledRunError, ConflictError, LongleafError, RequestError
from core.settings import load_settings

if TYPE_CHECKING:
    from bootstrap import Services
    from cli.batch import BatchOptions
    from cli.batch_cluster import Ended

LOCAL, RAY = "local", "ray"


@dataclass(frozen=True)
class ClusterOptions:
    """What is said of the cluster."""

    shards: int | None
    address: str
    """Empty: one of our own, on this machine."""
    scratch: str


NO_CLUSTER = ClusterOptions(None, "", "")


def check_engine(engine: str, cluster: ClusterOptions, shard: str, only_ids: str | None) -> None:
    """Raise RequestError for an engine that there is not, or options that are not for it."""
    if engine not in (LOCAL, RAY):
        raise RequestError(f"there is no engine {engine[:40]!r}", f"There are: {LOCAL}, {RAY}.")
    if engine == LOCAL and cluster.shards is not None:
        raise RequestError("--shards is for --engine ray", "Give --shard I/N to work on one.")
    if engine == RAY and shard != "0/1":
        raise RequestError("--shard is not for --engine ray", "Give --shards, how many there are.")
    if engine == RAY and only_ids is not None:
        raise RequestError(
            "--only-ids is not for --engine ray", "Give it with --engine local, another --out."
        )


def refuse_divided(root: Path) -> None:
    """Raise ConflictError where a folder holds the shards of a batch on a cluster."""
    if kept_plan(root) is not None:
        raise ConflictError(
            f"{root} holds a batch that was divided over a cluster", "Give --engine ray as before."
        )


async def run_on_cluster(options: BatchOptions) -> LongleafError | None:
    """Work on the batch, and write its files; what stopped it before its end."""
    from batch.cluster.ray_pool import prepared
    from cli.batch_cluster import carry_out

    prepared(options.cluster.address)
    console, folder = Console(stderr=True), Folder(options.out)
    journal = folder.journal if load_settings().database_url else None
    folder.prepare()
    async with services(
        *options.connection, journal=journal, concurrency=options.concurrency
    ) as built:
        with input_of(options.source, sys.stdin.buffer, folder.kept / INPUT) as source:
            limits = _limits(options)
            ended = await carry_out(_batch(options, source, limits), built, console)
        done = await _files(options, built, ended, limits)
    tell_ended(ended.standing, done, options.out, options.as_json)
    return ended.why or (CancelledRunError("stopped by the user") if ended.stopped else None)


def _batch(options: BatchOptions, source: Path, limits: dict[str, Any]) -> Any:
    from cli.batch_cluster import Batch

    folder, terms = Folder(options.out), options.terms
    keep_benchmarks(options.benchmark, folder.kept)
    benchmark = benchmark_of(copies_of(terms.benchmark, folder.kept))
    return Batch(
        source, folder, terms, options.caps, options.concurrency, options.connection,
        options.cluster, benchmark, limits, options.retry_failed,
    )  # fmt: skip


def _limits(options: BatchOptions) -> dict[str, Any]:
    """Those of the file that is named now, over those that were set with `batch filter`."""
    note = Merged.read(options.out)
    return {**(note.limits if note else {}), **limits_of(options.config)}


async def _files(
    options: BatchOptions, built: Services, ended: Ended, limits: dict[str, Any]
) -> Exported | None:
    """Data, rejects and card, as far as shards are published."""
    forms = formats_of(options.formats)
    if ended.plan is None:
        return await exported(built, Folder(options.out), forms, options.parquet)
    note = Merged.read(options.out)
    wanted = Wanted(
        forms, DEFAULT.but(limits), parquet=options.parquet, known=note.subsets if note else (),
        state_length=bool(note and note.state_length),
    )  # fmt: skip
    return await joined(ended.plan, wanted)


async def joined(plan: Plan, wanted: Wanted) -> Exported | None:
    """The dataset of the shards that are published, in the batch's folder; None without any."""
    from cli.batch_merge import journal, merged

    folders = published(plan)
    if not folders:
        return None
    parts = await parts_of(journal, folders)
    copies = all_copies(Folder(plan.root).kept)
    _lend(parts, copies)
    return await merged(parts, plan.root, wanted, copies, check_parts(parts, partial=True))


def published(plan: Plan) -> list[Folder]:
    """The shards that have a journal."""
    folders = [Folder(plan.folder(number)) for number in range(len(plan.parts))]
    return [folder for folder in folders if folder.journal.is_file()]


def _lend(parts: Sequence[Part], copies: Sequence[Path]) -> None:
    """Put the batch's benchmarks beside each shard's journal, where its own would be."""
    for part in parts:
        for copy in copies:
            if not (there := part.folder.kept / copy.name).is_file():
                shutil.copy(copy, there)
