"""Writes the files of a batch from its journal: whole shards, always the same ones."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from batch.folder import Folder
from batch.formats import Format, format_named, line_of
from batch.samples import sample_of
from core.errors import StorageError
from core.files import replace_text
from domain.dataset import RowStatus
from services.calls import Calls
from services.datasets import Datasets, Item
from services.documents import Documents

SHARD_ROWS = 500
SHARD_CHARACTERS = 40_000_000
"""A shard ends with whichever comes first, so that what is in memory is bounded."""
_PAGE = 50
_SHARD = re.compile(r"train-(\d{5,})\.jsonl")


@dataclass(frozen=True)
class Exported:
    """What was written."""

    rows: int
    rejects: int
    shards: int


@dataclass(frozen=True)
class Export:
    """The files of one batch, written from its journal alone: no model is asked.

    Args:
        datasets: its rows.
        documents: their texts.
        calls: which prompts made them.
        folder: where it goes.
        form: the format of the rows.
    """

    datasets: Datasets
    documents: Documents
    calls: Calls
    folder: Folder
    form: Format[Any] = format_named("messages")

    async def write(self) -> Exported:
        """Write data and rejects, each file whole or not at all; also while the batch goes on.

        Raises:
            StorageError: the disk refused.
        """
        dataset_id = self.folder.dataset_id()
        try:
            rows, shards = await self._data(dataset_id)
            rejects = await self._rejects(dataset_id)
        except OSError as error:
            raise StorageError(
                f"{self.folder.root} cannot be written: {error.strerror}",
                "Nothing is lost: the same command writes the files from the journal.",
            ) from error
        return Exported(rows, rejects, shards)

    async def _data(self, dataset_id: str) -> tuple[int, int]:
        self.folder.data.mkdir(parents=True, exist_ok=True)
        rows = shards = size = 0
        held: list[str] = []
        async for item in self._items(dataset_id, RowStatus.DONE):
            for line in await self._lines(item):
                if held and (len(held) == SHARD_ROWS or size + len(line) > SHARD_CHARACTERS):
                    await self._shard(shards, held)
                    shards, size, held = shards + 1, 0, []
                held.append(line)
                rows, size = rows + 1, size + len(line)
        if held:
            await self._shard(shards, held)
            shards += 1
        self._drop(shards)
        return rows, shards

    async def _lines(self, item: Item) -> list[str]:
        document = await self.documents.get(item.result["document_id"])
        templates = await self.calls.templates(item.result["run_id"])
        rows = self.form.rows(sample_of(item, document, templates))
        return [line_of(row) for row in rows]

    async def _shard(self, number: int, lines: list[str]) -> None:
        path = self.folder.data / f"train-{number:05}.jsonl"
        await asyncio.to_thread(replace_text, path, "".join(lines))

    def _drop(self, shards: int) -> None:
        """Take away shards of an earlier export that had more of them."""
        for path in self.folder.data.iterdir():
            found = _SHARD.fullmatch(path.name)
            if found and int(found[1]) >= shards:
                path.unlink()

    async def _rejects(self, dataset_id: str) -> int:
        refused = (RowStatus.REJECTED, RowStatus.FAILED)
        lines = [line_of(_reject(x)) async for x in self._items(dataset_id, *refused)]
        await asyncio.to_thread(replace_text, self.folder.rejects, "".join(lines))
        return len(lines)

    async def _items(self, dataset_id: str, *statuses: RowStatus) -> AsyncIterator[Item]:
        after = 0
        while page := await self.datasets.page(dataset_id, statuses, after, _PAGE):
            for item in page:
                yield item
            after = page[-1].position


def _reject(item: Item) -> dict[str, Any]:
    return {
        "line": item.position, "id": item.prompt.get("id", ""), "status": item.status.value,
        "reason": item.reason, "score": item.result.get("score"),
        "detail": str(item.result.get("detail", "")), "run_id": item.result.get("run_id", ""),
    }  # fmt: skip
