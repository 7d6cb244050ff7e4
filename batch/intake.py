"""How an input comes into a batch's journal: checked, once, whatever the order of its lines."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from batch.rows import Reject, Row, chosen, read_rows
from batch.shard import Shard
from core.errors import NotFoundError, RequestError
from domain.dataset import Digest, Terms, row_seed
from domain.run_options import Caps
from services.datasets import Dataset, Datasets, Entry

CHUNK = 200
"""Rows that are in memory at once."""


async def take_in(
    datasets: Datasets, dataset_id: str, name: str, source: Path, terms: Terms, caps: Caps
) -> Dataset:
    """Open a batch with the rows of a file; those of one that was begun are only compared.

    Args:
        datasets: where.
        dataset_id: which.
        name: what people call it.
        source: lines of JSON.
        terms: all but `input`.
        caps: those that it leaves open stay as they were.

    Raises:
        RequestError: the file cannot be read, or holds no row that can be written.
        ConflictError: the batch has other terms, or other rows, or another process has begun
            meanwhile to take the same ones in.
    """
    sha = await asyncio.to_thread(_sha256, source)
    known = await _known(datasets, dataset_id)
    same = known is not None and known.file == sha
    digest = known.terms.input if known and same else await _digest(source, terms)
    caps = caps.over(known.caps) if known else caps
    terms = replace(terms, input=digest)
    opened = await datasets.open(dataset_id, name, terms, caps)
    if opened.entered:
        return opened
    claim = await datasets.empty(dataset_id)
    items = _items(source, terms)
    while chunk := await asyncio.to_thread(list, islice(items, CHUNK)):
        await datasets.enter(dataset_id, await asyncio.to_thread(_entries, chunk, terms), claim)
    return await datasets.entered(dataset_id, claim, sha)


def entry_of(item: Row | Reject, terms: Terms) -> Entry:
    """A line as it is kept: with its whole request, or with why there is none."""
    if isinstance(item, Reject):
        detail = {"detail": item.detail}
        return Entry(f"line {item.line}", item.line, {}, refused=item.reason, result=detail)
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


def _items(source: Path, terms: Terms) -> Iterator[Row | Reject]:
    return chosen(read_rows(source), terms.limit, Shard.parse(terms.shard))


async def _known(datasets: Datasets, dataset_id: str) -> Dataset | None:
    try:
        return await datasets.get(dataset_id)
    except NotFoundError:
        return None


async def _digest(source: Path, terms: Terms) -> str:
    def work() -> tuple[str, int]:
        digest, rows = Digest(), 0
        for item in _items(source, terms):
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
