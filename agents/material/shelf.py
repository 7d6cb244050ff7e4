"""The passages of the sources in use, ready to be searched: made once a process, few at a time."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from agents.run.context import WritingContext
from core.shielded import shielded
from sources.index import Hit, Index
from sources.passages import Passage
from sources.vectors import Vectors
from storage import evidence, vectors

MOST = 20_000
"""Passages held at a time, some 3 million words; the set that is used now is held in any case."""


@dataclass(frozen=True)
class Stock:
    """All passages of one set of sources."""

    passages: Mapping[int, Passage]
    """By the numbers that they are cited by."""
    index: Index
    _numbers: Mapping[tuple[str, str], int]

    @classmethod
    def of(cls, passages: Mapping[int, Passage], found: Vectors | None = None) -> Stock:
        """Index them, with their vectors where there are some."""
        numbers = {(passage.source, passage.id): number for number, passage in passages.items()}
        return cls(passages, Index(passages.values(), found), numbers)

    def search(self, query: str, most: int, vector: bytes = b"") -> dict[int, Passage]:
        """The best passages for a question, best first, by their numbers.

        Args:
            query: the words that are looked for.
            most: how many at most.
            vector: the question's, `packed`; empty: by its words alone.
        """
        return {self._number(hit): hit.passage for hit in self.index.search(query, most, vector)}

    def _number(self, hit: Hit) -> int:
        return self._numbers[hit.passage.source, hit.passage.id]


@dataclass
class Shelf:
    """Holds what was used last; for all threads and loops of a process."""

    most: int = MOST
    _held: OrderedDict[tuple[str, ...], Future[Stock]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    async def stock(self, ctx: WritingContext, model: str = "") -> Stock:
        """The passages of a request's sources; whoever comes second waits for the first.

        Args:
            ctx: the run.
            model: whose vectors of them are wanted too; empty: none.

        Raises:
            NotFoundError: a source has gone.
        """
        key = (model, *ctx.request.sources)
        with self._lock:
            future, first = self._held.get(key), False
            if future is None:
                future, first = self._held.setdefault(key, Future()), True
            self._held.move_to_end(key)
        if first:  # in a thread of its own: another run may wait for what this one began
            asyncio.get_running_loop().run_in_executor(None, self._fill, ctx, key, future)
        return await shielded(asyncio.wrap_future(future))

    def _fill(self, ctx: WritingContext, key: tuple[str, ...], future: Future[Stock]) -> None:
        try:
            stock = ctx.db.run_sync(lambda s: _stock(s, ctx, key[0]), write=False)
        except Exception as error:  # noqa: BLE001 - a border: it is raised where it is waited for
            with self._lock:
                self._held.pop(key, None)
            future.set_exception(error)
            return
        future.set_result(stock)
        self._make_room()

    def _make_room(self) -> None:
        with self._lock:
            done = [(k, f.result()) for k, f in self._held.items() if f.done()]
            total = sum(len(stock.passages) for _, stock in done)
            for key, stock in done[:-1]:
                if total <= self.most:
                    break
                total -= len(stock.passages)
                del self._held[key]


def _stock(s: Session, ctx: WritingContext, model: str) -> Stock:
    found = evidence.numbered(s, ctx.document_id)
    own = vectors.of_sources(s, ctx.request.sources, model, len(found)) if model else None
    return Stock.of(found, own)


SHELF = Shelf()
"""This process's."""
