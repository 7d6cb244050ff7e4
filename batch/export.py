"""Writes the files of a batch from its journal: data, rejects and the card, always the same."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from batch.contamination import Benchmark
from batch.folder import Folder
from batch.formats import Format
from batch.limits import DEFAULT, Limits
from batch.samples import Samples
from batch.writing import Exported as Exported
from batch.writing import Wanted, Writing, unwritable
from domain.dataset import RowStatus
from llm.tokens import Tokens
from services.batches.datasets import Datasets, Item

_PAGE = 50
_KEPT = 9
"""Commands that the card tells, beside the one that made the texts."""
_SETTLED = tuple(status for status in RowStatus if status.settled)


@dataclass
class Export:
    """The files of one batch, written from its journal alone: no model is asked.

    Args:
        datasets: its rows.
        samples: what was written for them.
        tokens: counts what trainers will count.
        folder: where it goes.
        formats: of samples, of pairs, or of both; what is not named stays as it was (`subsets`).
        limits: what is asked of a sample.
        commands: what makes the files, for the card, behind those that are known to have made them.
        benchmark: what no text may hold.
        parquet: whether the data are Parquet in place of lines of JSON.
        records: kinds of samples; none: as they were.
        kinds: of pairs; none: as they were.
        title: of the card; empty: the folder's name.
        state_length: whether prompts say the length asked for beside them; None: as before.
    """

    datasets: Datasets
    samples: Samples
    tokens: Tokens
    folder: Folder
    formats: Sequence[Format[Any]]
    limits: Limits = DEFAULT
    commands: Sequence[str] = ()
    benchmark: Benchmark | None = None
    parquet: bool = False
    records: Sequence[str] = ()
    kinds: Sequence[str] = ()
    title: str = ""
    state_length: bool | None = None

    async def write(self) -> Exported:
        """Write each file whole or not at all; also while the batch goes on.

        Raises:
            StorageError: the disk refused.
            RequestError: a program that one of the files needs is not installed.
        """
        await self.tokens.warm()
        dataset_id, root = self.folder.dataset_id(), self.folder.root
        dataset = await self.datasets.get(dataset_id)
        commands = tuple(dict.fromkeys((*dataset.commands, *self.commands)))
        wanted = Wanted(
            self.formats, self.limits, self.benchmark, self.parquet, commands, self.records,
            self.kinds, dataset.subsets, self.title,
            dataset.state_length if self.state_length is None else self.state_length,
        )  # fmt: skip
        try:
            with Writing(root, self.tokens, wanted) as writing:
                async for item in settled_rows(self.datasets, dataset_id):
                    await writing.take(item, self.samples)
                standing = await self.datasets.standing(dataset_id)
                done = await writing.finish(standing.total)
        except OSError as error:
            raise unwritable(root, error) from error
        names = tuple(subset.name for subset in wanted.subsets)
        as_before = dataset.subsets, dataset.commands, dataset.state_length
        if (names, commands, wanted.state_length) != as_before:
            kept = (*commands[:1], *commands[1:][-_KEPT:])
            await self.datasets.change(
                dataset_id, subsets=list(names), commands=list(kept),
                state_length=wanted.state_length,
            )  # fmt: skip
        return done


async def settled_rows(datasets: Datasets, dataset_id: str) -> AsyncIterator[Item]:
    """Settled rows, in the order of the input."""
    after = 0
    while page := await datasets.page(dataset_id, _SETTLED, after, _PAGE):
        for item in page:
            yield item
        after = page[-1].position
