"""Shards of a batch become one dataset, and one that was merged is written anew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from batch.folder import Folder
from batch.kept import all_copies, benchmark_of, benchmarks_kept, copies_of
from batch.limits import DEFAULT, Limits, limits_kept
from batch.merge import Merge
from batch.merged import Merged, refuse_other
from batch.parquet import pyarrow
from batch.parts import Part, check_parts, parts_of
from batch.writing import Exported, Wanted
from bootstrap import Services
from cli.batch_config import limits_of
from cli.batch_files import ALL_AS_BEFORE, Formats, Of, formats_of, tell_or_put, typed
from cli.connect import services
from cli.output import say
from core.errors import ConflictError
from core.settings import load_settings
from llm.tokens import Tokens


@dataclass(frozen=True)
class MergeOptions:
    """The options as given."""

    folders: Sequence[Path]
    out: Path
    formats: str
    parquet: bool
    partial: bool
    config: Path | None
    as_json: bool


def run_merge(options: MergeOptions) -> None:
    """Merge shards; says what is missing where that is allowed."""
    forms, limits = formats_of(options.formats), limits_of(options.config)
    if options.parquet:
        pyarrow()
    refuse_other(options.out)
    folders = [Folder(root) for root in options.folders]

    async def work() -> Exported:
        parts = await parts_of(journal, folders)
        lacking = check_parts(parts, partial=options.partial)
        for line in lacking:
            say(f"Merged without: {line}.", Console(stderr=True))
        first = parts[0].dataset
        wanted = Wanted(
            forms, common(parts).but(limits), parquet=options.parquet, known=first.subsets,
            state_length=first.state_length,
        )  # fmt: skip
        return await merged(parts, options.out, wanted, copies_kept(parts), lacking)

    tell_or_put(asyncio.run(work()), options.out, options.as_json)


async def merged_again(
    root: Path,
    forms: Formats,
    parquet: bool,
    limits: Limits | None = None,
    copies: Sequence[Path] | None = None,
    of: Of = ALL_AS_BEFORE,
) -> Exported:
    """Write a merged dataset anew from its shards, perhaps under other limits."""
    note = Merged.read(root)
    assert note is not None
    parts = await parts_of(journal, note.folders(root))
    lacking = check_parts(parts, partial=note.partial)
    wanted = Wanted(
        forms, limits or DEFAULT.but(note.limits), parquet=parquet, records=of.records,
        kinds=of.kinds, known=note.subsets,
        state_length=note.state_length if of.state_length is None else of.state_length,
    )  # fmt: skip
    found = all_copies(root / "journal") if copies is None else copies
    return await merged(parts, root, wanted, found, lacking)


async def merged(
    parts: Sequence[Part],
    out: Path,
    wanted: Wanted,
    copies: Sequence[Path],
    lacking: Sequence[str],
) -> Exported:
    """The merged dataset, its texts held against the benchmarks of which these are copies."""
    tokens = Tokens(load_settings().home / "tokens")
    benchmark = benchmark_of(copies, wanted.limits.contamination)
    commands = [*parts[0].dataset.commands[:1], typed()]
    wanted = replace(wanted, benchmark=benchmark, commands=commands)
    return await Merge(journal, tokens, parts, out, wanted, copies, lacking).write()


def copies_kept(parts: Sequence[Part]) -> list[Path]:
    """A copy of every benchmark that a shard is held against."""
    found = [
        copy
        for part in parts
        for copy in copies_of(benchmarks_kept(part.dataset), part.folder.kept)
    ]
    return list({copy.name: copy for copy in found}.values())


def common(parts: Sequence[Part]) -> Limits:
    """The limits that all shards have; raises ConflictError where they have several."""
    first = limits_kept(parts[0].dataset)
    for part in parts[1:]:
        if differing := first.differing(limits_kept(part.dataset)):
            raise ConflictError(
                f"{parts[0].folder.root} and {part.folder.root} have not the same limits: "
                f"{', '.join(differing)}",
                "Filter the shards alike first, or the merged dataset afterwards.",
            )
    return first


@asynccontextmanager
async def journal(folder: Folder) -> AsyncIterator[Services]:
    """The services on a shard's journal."""
    async with services(journal=folder.journal) as built:
        yield built
