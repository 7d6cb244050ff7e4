"""Writes the files of a batch from its journal: data, rejects and the card, always the same."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from batch.card import Card, write_card
from batch.census import Census
from batch.filters import DEFAULT, Limits
from batch.folder import Folder
from batch.formats import Format, line_of
from batch.funnel import Funnel, Stage
from batch.rows import Reject
from batch.samples import Samples
from batch.shards import Shards
from batch.sieve import Sieve, rejected
from core.errors import StorageError
from core.files import replace_text
from domain.dataset import RowStatus
from llm.tokens import Tokens
from services.datasets import Datasets, Item

_PAGE = 50
_SETTLED = tuple(status for status in RowStatus if status.settled)


@dataclass(frozen=True)
class Exported:
    """What was written."""

    rows: dict[str, int]
    """Of each format."""
    files: dict[str, list[str]]
    """Of each format, as seen from the folder."""
    funnel: Funnel

    @property
    def rejects(self) -> int:
        """Lines among the rejects."""
        return self.funnel.gone


@dataclass
class Export:
    """The files of one batch, written from its journal alone: no model is asked.

    Args:
        datasets: its rows.
        samples: what was written for them.
        tokens: counts what trainers will count.
        folder: where it goes.
        formats: of the data; files of the first are called `train-…`, others by their format.
        limits: what is asked of a sample.
        commands: what made the data, for the card.
        title: of the card; empty: the folder's name.
    """

    datasets: Datasets
    samples: Samples
    tokens: Tokens
    folder: Folder
    formats: Sequence[Format[Any]]
    limits: Limits = DEFAULT
    commands: Sequence[str] = ()
    title: str = ""
    _drops: Counter[tuple[Stage, str]] = field(default_factory=Counter)

    async def write(self) -> Exported:
        """Write each file whole or not at all; also while the batch goes on.

        Raises:
            StorageError: the disk refused.
        """
        try:
            return await self._write()
        except OSError as error:
            raise StorageError(
                f"{self.folder.root} cannot be written: {error.strerror}",
                "Nothing is lost: the same command writes the files from the journal.",
            ) from error

    async def _write(self) -> Exported:
        await self.tokens.warm()
        dataset_id = self.folder.dataset_id()
        self.folder.data.mkdir(parents=True, exist_ok=True)
        shards = [Shards(self.folder.data, stem) for stem in self._stems()]
        census, sieve, refused = Census(self.tokens), Sieve(self.limits), []
        async for item in self._items(dataset_id):
            reject = await self._taken(item, sieve, census, shards)
            if reject is not None:
                refused.append(line_of(reject.to_dict()))
                self._drops[reject.stage, reject.reason] += 1
        for each in shards:
            await each.close()
        await asyncio.to_thread(replace_text, self.folder.rejects, "".join(refused))
        standing = await self.datasets.standing(dataset_id)
        funnel = Funnel(standing.total, self._drops, standing.left)
        names = [form.name for form in self.formats]
        files = {
            name: [f"data/{file}" for file in each.files]
            for name, each in zip(names, shards, strict=True)
        }
        rows = {name: each.rows for name, each in zip(names, shards, strict=True)}
        card = Card(
            self.title or self.folder.root.resolve().name, files, rows, census, funnel, self.limits,
            self.commands,
        )  # fmt: skip
        await asyncio.to_thread(write_card, self.folder.root, card)
        return Exported(rows, files, funnel)

    def _stems(self) -> list[str]:
        first, *others = self.formats
        return ["train", *(form.name for form in others)]

    async def _taken(
        self, item: Item, sieve: Sieve, census: Census, shards: Sequence[Shards]
    ) -> Reject | None:
        """Put a row into the data, or say why it is not there."""
        if "document_id" not in item.result or item.status is RowStatus.FAILED:
            stage: Stage = "written" if item.status is RowStatus.FAILED else "read"
            return Reject(
                item.position, item.reason, str(item.result.get("detail", "")), stage,
                item.prompt.get("id", ""), item.key if item.prompt else "",
            )  # fmt: skip
        sample = await self.samples.of(item)
        refusal = await asyncio.to_thread(sieve.answer, sample)
        if refusal is not None:
            return rejected(refusal, line=item.position, id=sample.id, key=item.key)
        await asyncio.to_thread(census.add, sample)
        for form, each in zip(self.formats, shards, strict=True):
            for row in form.rows(sample):
                await each.add(line_of(row))
        return None

    async def _items(self, dataset_id: str) -> AsyncIterator[Item]:
        """Settled rows, in the order of the input."""
        after = 0
        while page := await self.datasets.page(dataset_id, _SETTLED, after, _PAGE):
            for item in page:
                yield item
            after = page[-1].position
