"""How an input comes into a batch's journal: checked, once, whatever the order of its lines."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from batch.contamination import Benchmark
from batch.limits import Limits
from batch.rows import Reject, Row, chosen, read_rows
from batch.shard import Shard
from batch.sieve import Sieve, rejected
from core.errors import NotFoundError, RequestError, StaleHolderError
from domain.dataset import Digest, Terms, row_seed
from domain.run_options import Caps
from services.batches.datasets import Dataset, Datasets, Entry

CHUNK = 200
"""Rows that are in memory at once."""

PATIENCE = 30.0
"""Seconds without a further row, after which another process counts as dead at first; twice as
long each time that it was not, so that two slow ones do not overtake each other for ever."""

PAUSE = 0.2
"""Seconds between two looks at how far it is."""


async def take_in(
    datasets: Datasets, dataset_id: str, name: str, source: Path, terms: Terms, caps: Caps,
    benchmark: Benchmark | None = None,
) -> Dataset:  # fmt: skip
    """Open a batch with the rows of a file; those of one that was begun are only compared.

    Args:
        datasets: where.
        dataset_id: which.
        name: what people call it.
        source: lines of JSON.
        terms: all but `input`.
        caps: those that it leaves open stay as they were.
        benchmark: what prompts may not hold; the terms name it.

    Raises:
        RequestError: the file cannot be read, or holds no row that can be written.
        ConflictError: the batch has other terms, or other rows.
    """
    sha = await asyncio.to_thread(_sha256, source)
    known = await _known(datasets, dataset_id)
    same = known is not None and known.file == sha
    digest = known.terms.input if known and same else await _digest(source, terms)
    caps = caps.over(known.caps) if known else caps
    terms = replace(terms, input=digest)
    opened = await datasets.open(dataset_id, name, terms, caps)
    patience = PATIENCE
    while not opened.entered:
        try:
            claim = await datasets.empty(dataset_id)
            items = items_of(source, terms, benchmark)
            while chunk := await asyncio.to_thread(list, islice(items, CHUNK)):
                entries = await asyncio.to_thread(_entries, chunk, terms)
                await datasets.enter(dataset_id, entries, claim)
            opened = await datasets.entered(dataset_id, claim, sha)
        except StaleHolderError:  # whoever came last takes them in, so that one that died is no bar
            opened = await _taken_in_by_another(datasets, dataset_id, patience)
            patience *= 2
    return opened


async def _taken_in_by_another(datasets: Datasets, dataset_id: str, patience: float) -> Dataset:
    """The batch when all its rows are in, or when for so many seconds no further one came in."""
    there, since = -1, time.monotonic()
    while True:
        found = await datasets.get(dataset_id)
        total = (await datasets.standing(dataset_id)).total
        if total != there:
            there, since = total, time.monotonic()
        if found.entered or time.monotonic() - since > patience:
            return found
        await asyncio.sleep(PAUSE)


def entry_of(item: Row | Reject, terms: Terms) -> Entry:
    """A line as it is kept: with its whole request, or with why there is none."""
    if isinstance(item, Reject):
        told = {"detail": item.detail, "stage": item.stage, "score": item.score}
        named = {"id": item.id} if item.key else {}
        key = item.key or f"line {item.line}"
        return Entry(key, item.line, named, refused=item.reason, result=told)
    prompt = {
        "id": item.id,
        "messages": [[turn.role, turn.text] for turn in item.messages],
        "meta": dict(item.meta),
    }
    try:
        request = item.request(
            strategy=terms.strategy, rounds=terms.rounds, seed=row_seed(terms.seed, item.key)
        )
    except RequestError as error:
        detail = {"detail": error.message}
        return Entry(item.key, item.line, prompt, refused="bad_request", result=detail)
    kept = {**prompt, "request": request.model_dump(mode="json")}
    return Entry(item.key, item.line, kept, request.length.aim)


def _entries(items: list[Row | Reject], terms: Terms) -> list[Entry]:
    return [entry_of(item, terms) for item in items]


def items_of(
    source: Path, terms: Terms, benchmark: Benchmark | None = None
) -> Iterator[Row | Reject]:
    """The lines that are this batch's, those refused of which the prompts are no good.

    Every shard looks at the prompts of all: what is a copy does not depend on the shards.

    Raises:
        RequestError: the file cannot be read.
    """
    items: Iterator[Row | Reject] = chosen(read_rows(source), terms.limit)
    if terms.similar_prompts or benchmark:
        sieve = Sieve(Limits(similar_prompts=terms.similar_prompts), benchmark)
        items = (_sifted(item, sieve) for item in items)
    return chosen(items, shard=Shard.parse(terms.shard))


def _sifted(item: Row | Reject, sieve: Sieve) -> Row | Reject:
    refused = sieve.prompt(item) if isinstance(item, Row) else None
    return rejected(refused, line=item.line, id=item.id, key=item.key) if refused else item


async def _known(datasets: Datasets, dataset_id: str) -> Dataset | None:
    try:
        return await datasets.get(dataset_id)
    except NotFoundError:
        return None


async def _digest(source: Path, terms: Terms) -> str:
    def work() -> tuple[str, int]:
        digest, rows = Digest(), 0
        lines = chosen(read_rows(source), terms.limit, Shard.parse(terms.shard))
        for item in lines:
            if isinstance(item, Row):
                digest.add(item.key)
                rows += 1
        return str(digest), rows

    digest, rows = await asyncio.to_thread(work)
    if not rows and terms.shard == Terms.shard:  # a shard may well be empty
        raise RequestError(
            f"{source} holds no row that can be written",
            'Give lines such as {"prompt": "…", "length": 2000}.',
        )
    return digest


def _sha256(source: Path) -> str:
    try:
        with source.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise RequestError(
            f"{source} cannot be read: {error.strerror}", "Give a file of JSON lines."
        ) from error
