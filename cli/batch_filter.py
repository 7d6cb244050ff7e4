"""A batch's files under other limits, which then hold for it; or what these would change."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from batch.folder import Folder
from batch.kept import all_copies, benchmark_of, benchmarks_kept, copies_of, keep_benchmarks
from batch.limits import DEFAULT, OFF, Limits, limits_kept
from batch.merged import Merged
from batch.parquet import pyarrow
from batch.parts import parts_of, rows_of
from batch.preview import Preview
from batch.sieve import Sieve
from batch.writing import Exported
from cli.batch_config import limits_given
from cli.batch_files import exported, formats_of, tell_or_put
from cli.batch_merge import copies_kept, journal, merged_again
from cli.connect import services
from cli.output import put_json, say


@dataclass(frozen=True)
class FilterOptions:
    """The options as given."""

    root: Path
    limits: Mapping[str, Any]
    """By option; None: not given."""
    benchmark: tuple[str, ...]
    """Files, or `off`; empty: as they were."""
    config: Path | None
    reset: bool
    dry_run: bool
    formats: str
    parquet: bool
    as_json: bool


@dataclass(frozen=True)
class _Chosen:
    """What holds for a dataset: its limits, and copies of its benchmarks."""

    limits: Limits
    copies: Sequence[Path]

    @property
    def sieve(self) -> Sieve:
        return Sieve(self.limits, benchmark_of(self.copies, self.limits.contamination))


def run_filter(options: FilterOptions) -> None:
    """Write a dataset anew under other limits, or say what they would change."""
    formats_of(options.formats)
    given = limits_given(options.config, options.limits)
    DEFAULT.but(given)
    if options.parquet:
        pyarrow()
    with tempfile.TemporaryDirectory(prefix="longleaf-") as new:
        work = _filter_merged if Merged.read(options.root) else _filter_batch
        done = asyncio.run(work(options, given, Path(new)))
    if done is not None:
        tell_or_put(done, options.root, options.as_json)


async def _filter_batch(
    options: FilterOptions, given: Mapping[str, Any], new: Path
) -> Exported | None:
    folder, forms = Folder(options.root), formats_of(options.formats)
    dataset_id = folder.dataset_id()
    async with services(journal=folder.journal) as built:
        kept = await built.datasets.get(dataset_id)
        before = _Chosen(limits_kept(kept), copies_of(benchmarks_kept(kept), folder.kept))
        own = copies_of(kept.terms.benchmark, folder.kept)
        after = _chosen(options, given, before, own, new)
        if options.dry_run:
            await _foretell(options, [folder], before, after)
            return None
        wanted = Limits() if options.reset else DEFAULT.but(kept.limits)
        benchmarks = kept.benchmarks
        if options.benchmark:
            benchmarks = keep_benchmarks(_files(options), folder.kept)
        await built.datasets.change(
            dataset_id, limits=wanted.but(given).to_dict(), benchmarks=list(benchmarks)
        )
        return await exported(built, folder, forms, options.parquet)


async def _filter_merged(
    options: FilterOptions, given: Mapping[str, Any], new: Path
) -> Exported | None:
    root, note = options.root, Merged.read(options.root)
    assert note is not None
    folders = note.folders(root)
    before = _Chosen(DEFAULT.but(note.limits), all_copies(root / "journal"))
    own = copies_kept(await parts_of(journal, folders))
    after = _chosen(options, given, before, own, new)
    if options.dry_run:
        await _foretell(options, folders, before, after)
        return None
    forms = formats_of(options.formats)
    return await merged_again(root, forms, options.parquet, after.limits, after.copies)


def _chosen(
    options: FilterOptions, given: Mapping[str, Any], before: _Chosen, own: list[Path], new: Path
) -> _Chosen:
    """What is to hold; `own` are the benchmarks that rows were looked at for before."""
    usual = Limits(similar_prompts=before.limits.similar_prompts)
    limits = (usual if options.reset else before.limits).but(given)
    if not options.benchmark:
        return _Chosen(limits, before.copies)
    keep_benchmarks(_files(options), new)
    copies = {copy.name: copy for copy in (*all_copies(new), *own)}
    return _Chosen(limits, list(copies.values()))


def _files(options: FilterOptions) -> list[Path]:
    return [Path(name) for name in options.benchmark if name != OFF]


async def _foretell(
    options: FilterOptions, folders: Sequence[Folder], before: _Chosen, after: _Chosen
) -> None:
    """Say what would change; nothing is written."""
    preview = Preview(before.sieve, after.sieve)
    entered = sum(part.entered for part in await parts_of(journal, folders))
    async with aclosing(rows_of(journal, folders)) as rows:
        async for item, samples in rows:
            await preview.take(item, samples)
    if options.as_json:
        put_json(preview.to_dict(entered))
        return
    console = Console()
    for name, (now, was) in after.limits.differing(before.limits).items():
        say(f"{name}: {was} → {now}", console)
    say(preview.told(), console)
    say(preview.funnel(entered).table(), console)
    say("Nothing was written; leave --dry-run out for that.", Console(stderr=True))
