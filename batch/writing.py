"""Rows into the files of a dataset: each becomes data, or a reject with its reason."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

from batch.candidates import Candidates, funnel_of
from batch.card import Card, write_card
from batch.census import Census
from batch.contamination import Benchmark
from batch.formats import Format, line_of
from batch.funnel import Funnel, Stage
from batch.lessons import lessons
from batch.limits import DEFAULT, Limits
from batch.parquet import ParquetFile
from batch.records import Pair, Sample
from batch.rows import Reject
from batch.samples import Samples
from batch.shards import Shards, clear
from batch.sieve import Sieve, rejected
from batch.stating import stating
from batch.subsets import DOCUMENTS, STEMS, Subset, stems_of, subsets
from core.errors import StorageError
from core.files import replacing
from domain.dataset import RowStatus
from llm.tokens import Tokens
from services.batches.datasets import Item
from services.runs.histories import History


@dataclass(frozen=True)
class Exported:
    """What was written."""

    rows: dict[str, int]
    """Of each subset."""
    files: dict[str, list[str]]
    """Of each subset, as seen from the folder."""
    funnel: Funnel
    pairs: Funnel | None = None
    """What became of the candidates for pairs; None: there was no asking for any."""

    @property
    def rejects(self) -> int:
        """Lines among the rejects."""
        return self.funnel.gone


@dataclass(frozen=True)
class Wanted:
    """Which files are asked for, and what of every sample in them."""

    formats: Sequence[Format[Any]]
    """Those that are asked for; of samples, of pairs, or of both."""
    limits: Limits = DEFAULT
    benchmark: Benchmark | None = None
    parquet: bool = False
    """In place of lines of JSON."""
    commands: Sequence[str] = ()
    """What made the data, for the card."""
    records: Sequence[str] = ()
    """Kinds of samples, as people call them; none: as they are, documents at first."""
    kinds: Sequence[str] = ()
    """Of pairs; none: as they are, all at first."""
    known: Sequence[str] = ()
    """Names of the subsets that the dataset holds already: what is not said stays."""
    title: str = ""
    """Of the card; empty: the folder's name."""
    state_length: bool = False
    """Whether prompts say the length that was asked for beside them."""

    @cached_property
    def subsets(self) -> tuple[Subset, ...]:
        """Every kind of record in every form that is wanted, the default one first."""
        return subsets(self.formats, self.records, self.kinds, self.known)

    @cached_property
    def kinds_beside(self) -> frozenset[str]:
        """Kinds of records that are made of a document's history."""
        return frozenset(label for each in self.subsets for label in each.labels) - {DOCUMENTS}


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
        self._sinks: list[Shards | ParquetFile] = []
        with self._open:
            wanted = self._wanted.subsets
            for subset, stem in zip(wanted, stems_of(wanted), strict=True):
                self._sinks.append(
                    self._open.enter_context(ParquetFile(folder, stem, subset.form.columns))
                    if self._wanted.parquet else Shards(folder, stem)
                )  # fmt: skip
            self._candidates = self._open.enter_context(Candidates(folder))
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
        matched = self._candidates.matched()
        for pair in self._candidates.chosen():
            await self._put(pair)
        for sink in self._sinks:
            await sink.close()
        self._open.close()
        for stem in STEMS.difference(stems_of(self._wanted.subsets)):
            clear(self._root / "data", stem, ())
        funnel = Funnel(entered, self._drops, entered - self._taken)
        pairs = funnel_of(matched) if self._paired else None
        names = [subset.name for subset in self._wanted.subsets]
        files = {name: [f"data/{file}" for file in sink.files]
                 for name, sink in zip(names, self._sinks, strict=True)}  # fmt: skip
        rows = {name: sink.rows for name, sink in zip(names, self._sinks, strict=True)}
        card = Card(
            self._wanted.title or self._root.resolve().name, files, rows, self._census, funnel,
            self._wanted.limits, self._wanted.commands, pairs=pairs, leans=matched.leans,
        )  # fmt: skip
        await asyncio.to_thread(write_card, self._root, card)
        return Exported(rows, files, funnel, pairs)

    async def _passed(self, item: Item, samples: Samples) -> Reject | None:
        """Put a row into the data, or say why it is not there."""
        if (reject := unwritten(item)) is not None:
            return reject
        sample = await samples.of(item)
        refusal = await asyncio.to_thread(self._sieve.answer, sample)
        if refusal is not None:
            return rejected(refusal, line=item.position, id=sample.id, key=item.key)
        sample = stating(sample) if self._wanted.state_length else sample
        await self._put(sample)
        if self._wanted.kinds_beside:
            await self._learn(sample, await samples.history(item))
        return None

    async def _learn(self, sample: Sample, history: History) -> None:
        """Put into the files what a document's making teaches beside it."""
        found = lessons(sample, history, self._wanted.kinds_beside)
        for record in await asyncio.to_thread(list, found):
            if isinstance(record, Sample):
                await self._put(record)
            else:
                await asyncio.to_thread(self._candidates.add, record)

    async def _put(self, record: Sample | Pair) -> None:
        """Write a record's rows, in every subset that it belongs to."""
        places = zip(self._wanted.subsets, self._sinks, strict=True)
        taking = [(subset.form, sink) for subset, sink in places if subset.takes(record)]
        if taking:
            await asyncio.to_thread(self._census.add, record)
        for form, sink in taking:
            for row in form.rows(record):
                await sink.add(row)

    @property
    def _paired(self) -> bool:
        return any(subset.form.preferences for subset in self._wanted.subsets)


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
