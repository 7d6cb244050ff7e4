"""A batch's files as one download: everything packed, or the lines of one of its files."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import IO, Literal, get_args

from batch.card import PICTURE
from batch.commission import command
from batch.export import Export
from batch.formats import parse_formats
from batch.work import Work
from core.errors import StorageError
from llm.tokens import Tokens
from services.batches.listings import Listing

Kind = Literal["zip", "jsonl", "rejects"]
"""All files with the card; the rows of the first format as one file; what is not in the data."""
KINDS: tuple[Kind, ...] = get_args(Kind)
_BESIDE = ("README.md", "dataset_info.json", PICTURE, "rejects.jsonl")


async def parcel(
    work: Work, listing: Listing, tokens: Tokens, formats: tuple[str, ...], kind: Kind
) -> Path:
    """Write the files anew from the journal, and pack what is asked for.

    Args:
        work: the batch, open.
        listing: what the list says of it.
        tokens: counts what trainers will count.
        formats: names of the forms that the data take.
        kind: what is packed.

    Returns:
        A file that the caller deletes.

    Raises:
        RequestError: there is no such format.
        StorageError: the disk refused.
    """
    forms = parse_formats(",".join(formats))
    kept = await work.journal.datasets.get(work.id)
    names = [form.name for form in forms]
    async with work.exporting:  # two at once would write the same files
        await work.journal.datasets.change(work.id, subsets=[])  # nothing of earlier downloads
        made = await Export(
            work.journal.datasets, work.samples, tokens, work.folder, forms,
            commands=[command(listing.name, kept.terms, names)], title=listing.name,
        ).write()  # fmt: skip
        everything = [name for files in made.files.values() for name in files]
        try:
            return await asyncio.to_thread(
                _packed, work.folder.root, kind, everything, made.files[names[0]]
            )
        except OSError as error:
            raise StorageError(
                f"the download cannot be written: {error.strerror}", "Make room on the disk."
            ) from error


def _packed(root: Path, kind: Kind, listed: list[str], first: list[str]) -> Path:
    with tempfile.NamedTemporaryFile(dir=root, prefix=".download-", delete=False) as out:
        try:
            if kind == "zip":
                _zip(out, root, [name for name in (*_BESIDE, *listed) if (root / name).is_file()])
            else:
                _join(out, root, first if kind == "jsonl" else ["rejects.jsonl"])
        except BaseException:
            Path(out.name).unlink(missing_ok=True)
            raise
    return Path(out.name)


def _zip(out: IO[bytes], root: Path, names: list[str]) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        for name in names:
            packed.write(root / name, name)


def _join(out: IO[bytes], root: Path, names: list[str]) -> None:
    for name in names:
        with (root / name).open("rb") as part:
            shutil.copyfileobj(part, out)
