"""Rows into the files of a dataset: each becomes data, or a reject with its reason."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from batch.card import Card, write_card
from batch.census import Census
from batch.contamination import Benchmark
from batch.formats import FORMATS, Format, line_of
from batch.funnel import Funnel, Stage
from batch.limits import DEFAULT, Limits
from batch.parquet import ParquetFile
from batch.rows import Reject
from batch.samples import Samples
from batch.shards import Shards, clear
from batch.sieve import Sieve, rejected
from core.errors import StorageError
from core.files import replacing
from domain.dataset import RowStatus
from llm.tokens import Tokens
from services.datasets import Item


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


@dataclass(frozen=True)
class Wanted:
    """Which files are asked for, and what of every sample in them."""

    formats: Sequence[Format[Any]]
    """Files of the first are called `train…`, others by their format."""
    limits: Limits = DEFAULT
    benchmark: Benchmark | None = None
    parquet: bool = False
    """In place of lines of JSON."""
    commands: Sequence[str] = ()
    """What made the data, for the card."""
    title: str = ""
    """Of the card; empty: the folder's name."""


class Writing:
    """The files of a dataset while they are written; each whole or not at all.

    Args:
        root: the dataset's folder; made where it is not there.
        tokens: counts what trainers will count.
        wanted: which files.

    Raises:
        RequestError: a program that one of the files needs is not installed.
    """

    def __init__(self, root: Path, tokens: Tokens, wanted: Wanted) -> None:
        self._root, self._wanted = root, wanted
        self._census = Census(tokens)
        self._sieve = Sieve(wanted.limits, wanted.benchmark)
        self._drops: Counter[tuple[Stage, str]] = Counter()
        self._taken = 0
        self._open = ExitStack()

    def __enter__(self) -> Writing:
        folder = self._root / "data"
        folder.mkdir(parents=True, exist_ok=True)
        stems = ["train", *(form.name for form in self._wanted.formats[1:])]
        self._sinks: list[Shards | ParquetFile] = []
        with self._open:
            for form, stem in zip(self._wanted.formats, stems, strict=True):
                self._sinks.append(
                    self._open.enter_context(ParquetFile(folder, stem, form.columns))
                    if self._wanted.parquet else Shards(folder, stem)
                )  # fmt: skip
            self._rejects = self._open.enter_context(replacing(self._root / "rejects.jsonl"))
            self._open = self._open.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.__exit__(kind, error, trace)

    async def take(self, item: Item, samples: Samples) -> None:
        """Put a settled row into the files; raises OSError where the disk refuses."""
        reject = await self._passed(item, samples)
        self._taken += 1
        if reject is not None:
            self._rejects.write(line_of(reject.to_dict()).encode())
            self._drops[reject.stage, reject.reason] += 1

    async def finish(self, entered: int) -> Exported:
        """Put all files into their places, the card last; of so many lines of the input."""
        for sink in self._sinks:
            await sink.close()
        self._open.close()
        names = [form.name for form in self._wanted.formats]
        for form in FORMATS:  # files that an earlier time has left say what no longer holds
            if form.name not in names[1:] and not form.preferences:
                clear(self._root / "data", form.name, ())
        funnel = Funnel(entered, self._drops, entered - self._taken)
        files = {name: [f"data/{file}" for file in sink.files]
                 for name, sink in zip(names, self._sinks, strict=True)}  # fmt: skip
        rows = {name: sink.rows for name, sink in zip(names, self._sinks, strict=True)}
        card = Card(
            self._wanted.title or self._root.resolve().name, files, rows, self._census, funnel,
            self._wanted.limits, self._wanted.commands,
        )  # fmt: skip
        await asyncio.to_thread(write_card, self._root, card)
        return Exported(rows, files, funnel)

    async def _passed(self, item: Item, samples: Samples) -> Reject | None:
        """Put a row into the data, or say why it is not there."""
        if (reject := unwritten(item)) is not None:
            return reject
        sample = await samples.of(item)
        refusal = await asyncio.to_thread(self._sieve.answer, sample)
        if refusal is not None:
            return rejected(refusal, line=item.position, id=sample.id, key=item.key)
        await asyncio.to_thread(self._census.add, sample)
        for form, sink in zip(self._wanted.formats, self._sinks, strict=True):
            for row in form.rows(sample):
                await sink.add(row)
        return None


def unwritten(item: Item) -> Reject | None:
    """Why a settled row has no text; None where it has one."""
    told = item.result
    if "document_id" in told and item.status is not RowStatus.FAILED:
        return None
    stage: Stage = "written" if item.status is RowStatus.FAILED else told.get("stage", "read")
    return Reject(
        item.position, item.reason, str(told.get("detail", "")), stage, item.prompt.get("id", ""),
        item.key if item.prompt else "", told.get("score"),
    )  # fmt: skip


def unwritable(root: Path, error: OSError) -> StorageError:
    """What is said where the disk refuses a dataset's files."""
    return StorageError(
        f"{root} cannot be written: {error.strerror}",
        "Nothing is lost: the same command writes the files from the journal.",
    )
