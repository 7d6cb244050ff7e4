"""A batch's files and figures: written from its journal, without a model."""

from __future__ import annotations

import asyncio
import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from batch.cluster.plan import kept_plan
from batch.export import Export, Exported
from batch.folder import Folder
from batch.formats import FORMATS, Format, parse_formats
from batch.kept import benchmark_of, benchmarks_kept, copies_of
from batch.limits import limits_kept
from batch.merged import Merged
from batch.samples import Samples
from batch.subsets import PAIR_KINDS, RECORDS, parse_names
from bootstrap import Services
from cli.batch_progress import told
from cli.connect import services
from cli.output import put_json, say
from core.errors import ConflictError, RequestError
from services.batches.datasets import Standing

Formats = tuple[Format[Any], ...]


@dataclass(frozen=True)
class Of:
    """What the files are made of; what is not said stays as it was."""

    records: Sequence[str] = ()
    """Kinds of samples."""
    kinds: Sequence[str] = ()
    """Of pairs."""
    state_length: bool | None = None
    """Whether prompts say the length that was asked for beside them."""


ALL_AS_BEFORE = Of()
_NONE: Mapping[str, int] = {}


def run_export(
    root: Path,
    formats: str,
    parquet: bool,
    as_json: bool,
    *,
    records: str = "",
    kinds: str = "",
    state_length: bool | None = None,
) -> None:
    """Write the files of a batch anew, or those of a merged dataset from its shards.

    Args:
        root: its folder.
        formats: names; what is not named stays as it was.
        parquet: in place of lines of JSON.
        as_json: whether the figures go to standard output as JSON.
        records: names of kinds of samples.
        kinds: of pairs; where some are named, the formats are those of pairs.
        state_length: whether prompts say the length that was asked for beside them.
    """
    forms = formats_of(formats, pairs=bool(kinds))
    of = Of(
        parse_names(records, RECORDS, "records"), parse_names(kinds, PAIR_KINDS, "pairs"),
        state_length,
    )  # fmt: skip
    if Merged.read(root) is not None:
        from cli.batch_merge import merged_again

        done = asyncio.run(merged_again(root, forms, parquet, of=of))
    elif (plan := kept_plan(root)) is not None:
        raise ConflictError(
            f"{root} is divided over {len(plan.parts):,} shards that are being written",
            "Its files are written when the batch ends or is stopped.",
        )
    else:
        done = asyncio.run(_exported(Folder(root), forms, parquet, of))
    tell_or_put(done, root, as_json)


async def _exported(folder: Folder, forms: Formats, parquet: bool, of: Of) -> Exported:
    folder.dataset_id()
    async with services(journal=folder.journal) as built:
        return await exported(built, folder, forms, parquet, of)


async def exported(
    built: Services, folder: Folder, forms: Formats, parquet: bool = False, of: Of = ALL_AS_BEFORE
) -> Exported:
    """The files, written from the journal that these services are on."""
    kept = await built.datasets.get(folder.dataset_id())
    limits, copies = limits_kept(kept), copies_of(benchmarks_kept(kept), folder.kept)
    benchmark = benchmark_of(copies, limits.contamination)
    return await Export(
        built.datasets, Samples(built.documents, built.calls), built.runs.tokens, folder, forms,
        limits, [typed()], benchmark, parquet, of.records, of.kinds, state_length=of.state_length,
    ).write()  # fmt: skip


def figures_of(done: Exported) -> dict[str, Any]:
    """What was written, as plain JSON values."""
    return {
        "rows": done.rows, "files": done.files, "funnel": done.funnel.to_dict(),
        "pairs": done.pairs.to_dict() if done.pairs else None,
    }  # fmt: skip


def tell_or_put(done: Exported, root: Path, as_json: bool) -> None:
    """Say what was written; as a line of JSON where that is asked for."""
    if as_json:
        put_json(figures_of(done))
    else:
        tell(done, root, Console(stderr=True))


def tell_ended(standing: Standing, done: Exported | None, root: Path, as_json: bool) -> None:
    """Say how work on a batch has ended; figures as a line of JSON where that is asked for."""
    console = Console(stderr=True)
    say(told(standing), console)
    if done is not None:
        tell(done, root, console)
    if standing.left:
        say("The same command goes on with the rest.", console)
    if as_json:
        put_json({**standing.to_dict(), **(figures_of(done) if done else {})})


def tell(done: Exported, root: Path, console: Console) -> None:
    """Say what was written, and where."""
    say(done.funnel.table(), console)
    if done.pairs:
        say(f"Candidates for pairs:\n{done.pairs.table()}", console)
    rows = ", ".join(f"{number:,} rows of {name}" for name, number in done.rows.items())
    say(f"{rows} in {root / 'data'}", console)
    if done.rejects:
        rejects = root / "rejects.jsonl"
        say(f"{done.rejects:,} refused or failed, with reasons: {rejects}", console)


def formats_of(text: str, *, pairs: bool = False) -> Formats:
    """The formats that are named; none of no text. Raises RequestError.

    Args:
        text: their names.
        pairs: whether only formats of pairs will do.
    """
    found = parse_formats(text) if text.strip() else ()
    for form in found:
        if pairs and not form.preferences:
            listed = ", ".join(each.name for each in FORMATS if each.preferences)
            raise RequestError(
                f"{form.name} holds single texts, not pairs", f"Use of these: {listed}."
            )
    return found


def typed(without: Mapping[str, int] = _NONE) -> str:
    """What was typed, without a key that may stand in it.

    Args:
        without: options that are left out, and how many values each has.
    """
    words, given = ["python", "app.py"], iter(sys.argv[1:])
    for word in given:
        name, _, value = word.partition("=")
        if name not in without:
            words.append(word)
        elif without[name] and not value:
            next(given, "")
    shown = [
        "…" if at and words[at - 1] == "--api-key" else re.sub("^--api-key=.*", "--api-key=…", word)
        for at, word in enumerate(words)
    ]
    return shlex.join(shown)
