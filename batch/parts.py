"""The shards of a batch: whether they are of one, what is missing, and their rows."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Protocol

from batch.export import settled_rows
from batch.folder import Folder
from batch.samples import Samples
from batch.shard import Shard
from core.errors import ConflictError
from domain.dataset import Terms
from services.batches.datasets import Dataset, Datasets, Item
from services.documents.lookup import Documents
from services.runs.calls import Calls

_SHOWN = 10


class Journal(Protocol):
    """What is kept of one batch, while it is open."""

    datasets: Datasets
    documents: Documents
    calls: Calls


Opened = Callable[[Folder], AbstractAsyncContextManager[Journal]]


@dataclass(frozen=True)
class Part:
    """A shard as it was found."""

    folder: Folder
    dataset: Dataset
    entered: int
    """Lines of the input that are its."""
    left: int
    """Of these, how many are still to be written."""

    @property
    def shard(self) -> Shard:
        """Which part it is of how many."""
        return Shard.parse(self.dataset.terms.shard)


async def parts_of(opened: Opened, folders: Sequence[Folder]) -> list[Part]:
    """The shards in these folders, in order; one journal is open at a time.

    Raises:
        NotFoundError: a folder holds no batch.
        ConflictError: a shard's lines are not all taken in.
    """
    found = []
    for folder in folders:
        dataset_id = folder.dataset_id()
        async with opened(folder) as journal:
            dataset = await journal.datasets.get(dataset_id)
            standing = await journal.datasets.standing(dataset_id)
        if not dataset.entered:
            raise ConflictError(
                f"the rows of {folder.root} are not all taken in",
                "Have it worked on with the command that began it.",
            )
        found.append(Part(folder, dataset, standing.total, standing.left))
    return sorted(found, key=lambda part: part.shard.index)


def check_parts(parts: Sequence[Part], *, partial: bool) -> list[str]:
    """See that these are the shards of one batch.

    Args:
        parts: in order.
        partial: whether some may be missing or unfinished.

    Returns:
        What is missing or unfinished, for people.

    Raises:
        ConflictError: they are of several batches, one is there twice, or not all is there.
    """
    first = parts[0]
    for before, part in zip([None, *parts], parts, strict=False):
        same = replace(part.dataset.terms, shard="", input="")
        if differing := same.differing(replace(first.dataset.terms, shard="", input="")):
            raise ConflictError(
                f"{part.folder.root} is of another batch than {first.folder.root}: "
                f"not the same {', '.join(differing)}",
                "Merge the shards of one batch.",
            )
        if part.shard.of != first.shard.of:
            raise ConflictError(
                f"{part.folder.root} is shard {part.shard}, {first.folder.root} {first.shard}",
                "Merge shards of the same division.",
            )
        if before is not None and before.shard == part.shard:
            raise ConflictError(
                f"{before.folder.root} and {part.folder.root} are both shard {part.shard}",
                "Name each shard once.",
            )
    lacking = [*_missing(parts), *_unfinished(parts)]
    if lacking and not partial:
        raise ConflictError(
            "; ".join(lacking), "Complete them, or merge what is there with --partial."
        )
    return lacking


def _missing(parts: Sequence[Part]) -> list[str]:
    there, of = {part.shard.index for part in parts}, parts[0].shard.of
    missing = of - len(there)
    if not missing:
        return []
    named = [f"{n}/{of}" for n in range(min(of, len(there) + _SHOWN)) if n not in there][:_SHOWN]
    more = f" and {missing - len(named):,} more" if missing > len(named) else ""
    verb = "is" if missing == 1 else "are"
    return [f"shard{'s'[: missing > 1]} {', '.join(named)}{more} {verb} missing"]


def _unfinished(parts: Sequence[Part]) -> list[str]:
    open_ = [part for part in parts if part.left]
    named = [f"shard {part.shard} in {part.folder.root} has {part.left:,} rows to be written"
             for part in open_[:_SHOWN]]  # fmt: skip
    return [*named, *([f"{len(open_) - _SHOWN:,} more are unfinished"] if open_[_SHOWN:] else [])]


async def rows_of(
    opened: Opened, folders: Sequence[Folder]
) -> AsyncGenerator[tuple[Item, Samples]]:
    """The settled rows of all folders, one after the other."""
    for folder in folders:
        async with opened(folder) as journal:
            samples = Samples(journal.documents, journal.calls)
            async for item in settled_rows(journal.datasets, folder.dataset_id()):
                yield item, samples


def whole_terms(parts: Sequence[Part]) -> Terms:
    """The terms of the batch that was divided, as far as its shards are there."""
    digest = sum(int(part.dataset.terms.input or "0", 16) for part in parts) % 2**256
    return replace(parts[0].dataset.terms, shard=Terms.shard, input=f"{digest:064x}")
