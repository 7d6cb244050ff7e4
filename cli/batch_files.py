"""A batch's files and figures: written from its journal, without a model."""

from __future__ import annotations

import asyncio
import re
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from batch.export import Export, Exported
from batch.folder import Folder
from batch.formats import FORMATS, Format, parse_formats
from batch.samples import Samples
from batch.subsets import PAIR_KINDS, RECORDS, parse_names
from bootstrap import Services
from cli.batch_progress import told
from cli.connect import services
from cli.output import put_json, say
from core.errors import RequestError
from services.datasets import Standing


def run_status(root: Path, as_json: bool) -> None:
    """Print how far a batch has come."""
    folder = Folder(root)
    dataset_id = folder.dataset_id()

    async def work() -> Standing:
        async with services(journal=folder.journal) as built:
            return await built.datasets.standing(dataset_id)

    standing = asyncio.run(work())
    if as_json:
        put_json(standing.to_dict())
    else:
        say(f"{standing.status}: {told(standing)}", Console())


def run_export(
    root: Path, formats: str, as_json: bool, *, records: str = "", kinds: str = ""
) -> None:
    """Write the files of a batch anew.

    Args:
        root: its folder.
        formats: names; what is not named stays as it was.
        as_json: whether the figures go to standard output as JSON.
        records: names of kinds of samples.
        kinds: of pairs; where some are named, the formats are those of pairs.
    """
    folder, forms = Folder(root), formats_of(formats, pairs=bool(kinds))
    of = parse_names(records, RECORDS, "records"), parse_names(kinds, PAIR_KINDS, "pairs")
    folder.dataset_id()

    async def work() -> Exported:
        async with services(journal=folder.journal) as built:
            return await exported(built, folder, forms, *of)

    done = asyncio.run(work())
    if as_json:
        put_json(figures_of(done))
    else:
        tell(done, folder, Console(stderr=True))


async def exported(
    built: Services, folder: Folder, forms: tuple[Format[Any], ...], records: Sequence[str] = (),
    kinds: Sequence[str] = (),
) -> Exported:  # fmt: skip
    """The files, written from the journal that these services are on."""
    return await Export(
        built.datasets, Samples(built.documents, built.calls), built.runs.tokens, folder, forms,
        commands=[_command()], records=records, kinds=kinds,
    ).write()  # fmt: skip


def figures_of(done: Exported) -> dict[str, Any]:
    """What was written, as plain JSON values."""
    return {
        "rows": done.rows, "files": done.files, "funnel": done.funnel.to_dict(),
        "pairs": done.pairs.to_dict() if done.pairs else None,
    }  # fmt: skip


def tell(done: Exported, folder: Folder, console: Console) -> None:
    """Say what was written, and where."""
    say(done.funnel.table(), console)
    if done.pairs:
        say(f"Candidates for pairs:\n{done.pairs.table()}", console)
    rows = ", ".join(f"{number:,} rows of {name}" for name, number in done.rows.items())
    say(f"{rows} in {folder.data}", console)
    if done.rejects:
        say(f"{done.rejects:,} refused or failed, with reasons: {folder.rejects}", console)


def formats_of(text: str, *, pairs: bool = False) -> tuple[Format[Any], ...]:
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


def _command() -> str:
    """What was typed, without a key that may stand in it."""
    words = ["python", "app.py", *sys.argv[1:]]
    shown = [
        "…" if at and words[at - 1] == "--api-key" else re.sub("^--api-key=.*", "--api-key=…", word)
        for at, word in enumerate(words)
    ]
    return shlex.join(shown)
