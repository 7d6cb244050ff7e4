"""Batches of one owner: their terms, their rows, and how far they have come."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from agents.strategies.registry import check_name as check_name
from core.errors import ConflictError, NotFoundError
from core.setting_groups import BookSettings
from domain.dataset import RowStatus, Terms
from domain.request import WritingRequest
from domain.run import RunStatus
from domain.run_options import Caps, RunOptions
from llm.roles import Models
from services.batches.standing import Standing as Standing
from services.runs.beginning import begun, settled
from storage import dataset_rows as rows
from storage import datasets, runs
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.dataset_rows import Entry as Entry
from storage.dataset_rows import Item as Item
from storage.datasets import Dataset as Dataset
from storage.orphans import forget_holders


@dataclass
class Datasets:
    """What is kept of batches; nothing is called here."""

    db: Database
    owner: str = LOCAL_OWNER
    book: BookSettings = BookSettings()

    async def take_over(self) -> None:
        """Take every run from whoever held it, in a journal that is a copy for this process."""
        await self.db.run(forget_holders)

    async def open(self, dataset_id: str, name: str, terms: Terms, caps: Caps) -> Dataset:
        """The batch with this id, made if there is none; its caps become these.

        Raises:
            ConflictError: it has other terms.
        """

        def work(s: Session) -> Dataset:
            known = datasets.find(s, self.owner, dataset_id)
            if known is None:
                datasets.create(s, self.owner, dataset_id, name, terms, caps)
                known = _found(s, self.owner, dataset_id)
            if differing := terms.differing(known.terms):
                raise ConflictError(
                    f"{name} holds another batch: not the same {', '.join(differing)}",
                    "Give another --out, or what it was begun with.",
                )
            datasets.change(s, dataset_id, caps=asdict(caps))
            return _found(s, self.owner, dataset_id)

        return await self.db.run(work)

    async def get(self, dataset_id: str) -> Dataset:
        """One batch; raises NotFoundError."""
        return await self.db.run(lambda s: _found(s, self.owner, dataset_id), write=False)

    async def change(self, dataset_id: str, *, status: str = "", **settings: Any) -> None:
        """Set its status, or what is kept with it, such as `entered`."""
        await self.db.run(lambda s: datasets.change(s, dataset_id, status=status, **settings))

    async def empty(self, dataset_id: str) -> str:
        """Take out all rows of a batch whose entering was broken off; the claim to enter them.

        Raises:
            StaleHolderError: all are in.
        """

        def work(s: Session) -> str:
            claim = datasets.claim_entering(s, dataset_id)
            rows.empty(s, dataset_id)
            return claim

        return await self.db.run(work)

    async def enter(self, dataset_id: str, entries: Sequence[Entry], claim: str) -> None:
        """Add rows.

        Raises:
            StaleHolderError: another process enters them now.
            ConflictError: one with the same key is there.
        """

        def work(s: Session) -> None:
            datasets.check_entering(s, dataset_id, claim)
            rows.enter(s, self.owner, dataset_id, entries)

        await self.db.run(work)

    async def entered(self, dataset_id: str, claim: str, file: str = "") -> Dataset:
        """Say that all rows are in; raises StaleHolderError where another process enters them."""

        def work(s: Session) -> Dataset:
            datasets.check_entering(s, dataset_id, claim)
            datasets.change(s, dataset_id, entered=True, file=file)
            return _found(s, self.owner, dataset_id)

        return await self.db.run(work)

    async def begin(
        self, dataset_id: str, models: Models, most: int, among: Collection[int] | None = None
    ) -> list[Item]:
        """Give the next rows a document and a run each, longest expected first.

        Where some are named, only `among` these.

        Returns:
            The rows; fewer than `most` where no more are queued.
        """

        def work(s: Session) -> list[Item]:
            found = rows.queued(s, dataset_id, most, among)
            for item in found:
                self._begin(s, dataset_id, item, models)
            return [rows.get(s, item.id) for item in found]

        return await self.db.run(work)

    def _begin(self, s: Session, dataset_id: str, item: Item, models: Models) -> None:
        request = WritingRequest.model_validate(item.prompt["request"])
        name, options = settled(request, models, RunOptions(batch=dataset_id), self.book)
        run = begun(s, self.owner, request, models, options, name)
        rows.begin(s, item.id, run.document_id)

    async def run_of(self, item: Item) -> tuple[str, bool]:
        """Id of the run that writes a row, and whether it is done.

        The id is empty where the row has no document (any more).
        """

        def work(s: Session) -> tuple[str, bool]:
            found = runs.for_document(s, rows.get(s, item.id).document_id)
            done = bool(found) and found[0].status == RunStatus.DONE
            return (found[0].id if found else "", done)

        return await self.db.run(work, write=False)

    async def unfinished(self, dataset_id: str) -> list[Item]:
        """Rows that were begun and are not settled."""
        return await self.db.run(lambda s: rows.unfinished(s, dataset_id), write=False)

    async def in_vain(
        self,
        item: Item,
        *,
        counts: bool,
        tries: int | None = None,
        reason: str = "",
        result: dict[str, Any] | None = None,
    ) -> Item:
        """A row's run ended without a text; the row as it then stands.

        Args:
            item: the row.
            counts: whether it was the row's own fault.
            tries: at so many faults of its own it has failed, at once, so that nobody else begins
                it meanwhile; None: it has not.
            reason: why it has failed.
            result: what is kept of that.
        """

        def work(s: Session) -> Item:
            rows.in_vain(s, item.id, counts=counts)
            if tries is not None and rows.get(s, item.id).attempts >= tries:
                rows.settle(s, item.id, RowStatus.FAILED, reason, result or {})
            return rows.get(s, item.id)

        return await self.db.run(work)

    async def settle(
        self, item: Item, status: RowStatus, reason: str = "", result: dict[str, Any] | None = None
    ) -> None:
        """Say what has become of a row; nothing happens to one of which it is said already."""
        await self.db.run(lambda s: rows.settle(s, item.id, status, reason, result or {}))

    async def retry(self, dataset_id: str, among: Collection[int] | None = None) -> int:
        """Have rows that failed tried again, only `among` these where some are named; how many."""
        after, number = 0, 0
        while page := await self.page(dataset_id, (RowStatus.FAILED,), after):
            for item in page:
                if among is None or item.id in among:
                    await self.db.run(partial(rows.retry, item_id=item.id))
                    number += 1
            after = page[-1].position
        return number

    async def standing(self, dataset_id: str) -> Standing:
        """How far it has come; raises NotFoundError."""

        def work(s: Session) -> Standing:
            kept = _found(s, self.owner, dataset_id)
            caps, spent, _ = datasets.purse(s, dataset_id)
            return Standing(kept.status, rows.counts(s, dataset_id), kept.words, spent, caps)

        return await self.db.run(work, write=False)

    async def page(
        self, dataset_id: str, statuses: Iterable[RowStatus], after: int = 0, most: int = 100
    ) -> list[Item]:
        """Rows in these states in the order of the input, from behind a position."""
        wanted = tuple(statuses)
        return await self.db.run(
            lambda s: rows.page(s, dataset_id, wanted, after, most), write=False
        )


def _found(s: Session, owner: str, dataset_id: str) -> Dataset:
    known = datasets.find(s, owner, dataset_id)
    if known is None:
        raise NotFoundError(
            f"there is no dataset {dataset_id!r}", "No row was ever taken in: begin it again."
        )
    return known
