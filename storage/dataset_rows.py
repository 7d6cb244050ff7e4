"""The rows of a batch: which are next, which document each has, and what has become of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, insert, select
from sqlalchemy.orm import Session

from core.errors import ConflictError
from domain.dataset import RowStatus
from storage import datasets
from storage.ledger import totals
from storage.tables import DatasetItemRow, DocumentRow, RunRow


@dataclass(frozen=True)
class Entry:
    """A row as it goes in."""

    key: str
    """The same for the same row, and its own within the batch."""
    position: int
    """Number of its line, from 1."""
    prompt: dict[str, Any]
    """Everything that its text is made from, and what its author says of it."""
    expected: int = 0
    """How long its text is to be."""
    refused: str = ""
    """Why nothing is written for it."""
    result: dict[str, Any] | None = None
    """More about that."""


@dataclass(frozen=True)
class Item:
    """A row as it stands."""

    id: int
    key: str
    position: int
    status: RowStatus
    attempts: int
    """Times that its run ended in vain."""
    reason: str
    prompt: dict[str, Any]
    result: dict[str, Any]
    """Figures of what was written, or what refused it."""
    document_id: str


def in_a_batch() -> ColumnElement[bool]:
    """Whether a document is the text of a row."""
    return exists().where(DatasetItemRow.document_id == DocumentRow.id)


def empty(s: Session, dataset_id: str) -> None:
    """Take out all rows, of a batch whose entering was broken off."""
    s.execute(
        delete(DatasetItemRow).where(DatasetItemRow.dataset_id == dataset_id),
        execution_options={"synchronize_session": False},
    )


def enter(s: Session, owner_id: str, dataset_id: str, entries: Sequence[Entry]) -> None:
    """Add rows; raises ConflictError where one with the same key is there."""
    rows = [
        {
            "owner_id": owner_id, "dataset_id": dataset_id, "key": entry.key,
            "position": entry.position, "expected": entry.expected, "prompt": entry.prompt,
            "status": (RowStatus.REJECTED if entry.refused else RowStatus.QUEUED).value,
            "reason": entry.refused, "attempts": 0, "result": entry.result,
        }
        for entry in entries
    ]  # fmt: skip
    if rows:
        s.execute(insert(DatasetItemRow), rows)


def queued(
    s: Session, dataset_id: str, most: int, among: Collection[int] | None = None
) -> list[Item]:
    """The rows to begin next, longest expected first; no other transaction gets the same ones.

    Where some are named, only `among` these.
    """
    query = (
        select(DatasetItemRow)
        .where(
            DatasetItemRow.dataset_id == dataset_id,
            DatasetItemRow.status == RowStatus.QUEUED.value,
        )
        .order_by(DatasetItemRow.expected.desc(), DatasetItemRow.position)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    if among is not None:
        query = query.where(DatasetItemRow.id.in_(among))
    return _items(s.scalars(query))


def named(s: Session, dataset_id: str) -> Iterator[tuple[int, str]]:
    """Every row that can be written, with the name that its author knows it by."""
    name = DatasetItemRow.prompt["id"].as_string()
    query = select(DatasetItemRow.id, name).where(DatasetItemRow.dataset_id == dataset_id)
    for item_id, known in s.execute(query):
        if known:
            yield item_id, known


def unfinished(s: Session, dataset_id: str) -> list[Item]:
    """Rows that were begun and are not settled, in the order in which they were begun."""
    query = select(DatasetItemRow).where(
        DatasetItemRow.dataset_id == dataset_id,
        DatasetItemRow.status == RowStatus.BEGUN.value,
    )
    return _items(s.scalars(query.order_by(DatasetItemRow.expected.desc(), DatasetItemRow.id)))


def page(
    s: Session, dataset_id: str, statuses: Iterable[RowStatus], after: int = 0, most: int = 100
) -> list[Item]:
    """Rows in these states in the order of the input, from behind a position."""
    query = select(DatasetItemRow).where(
        DatasetItemRow.dataset_id == dataset_id,
        DatasetItemRow.status.in_([status.value for status in statuses]),
        DatasetItemRow.position > after,
    )
    return _items(s.scalars(query.order_by(DatasetItemRow.position).limit(most)))


def get(s: Session, item_id: int) -> Item:
    """One row as it stands."""
    return _items([s.get_one(DatasetItemRow, item_id)])[0]


def begin(s: Session, item_id: int, document_id: str) -> None:
    """Name the document of a row that was queued."""
    row = _row(s, item_id)
    if row.status != RowStatus.QUEUED.value:
        raise ConflictError(f"row {row.position} was begun already")
    row.status, row.document_id = RowStatus.BEGUN.value, document_id
    s.flush()


def in_vain(s: Session, item_id: int, *, counts: bool) -> None:
    """A row's run ended without a text; one that left no document is queued again.

    Args:
        s: the session.
        item_id: the row.
        counts: whether it is the row's own fault.
    """
    row = _row(s, item_id)
    row.attempts += counts
    if row.document_id is None and row.status == RowStatus.BEGUN.value:
        row.status = RowStatus.QUEUED.value
    s.flush()


def settle(
    s: Session, item_id: int, status: RowStatus, reason: str, result: dict[str, Any]
) -> None:
    """Say what has become of a row, once; what its runs have spent becomes the batch's.

    Args:
        s: the session.
        item_id: a row that is not settled; nothing happens to one that is.
        status: done, rejected or failed.
        reason: why it is not done.
        result: figures; `words` are added to the batch's where it is done.
    """
    row = _row(s, item_id)
    if RowStatus(row.status).settled:
        return
    row.status, row.reason, row.result = status.value, reason, result
    words = int(result.get("words", 0)) if status is RowStatus.DONE else 0
    datasets.earned(s, row.dataset_id, totals(s, *_runs_of(s, row.document_id)), words)


def retry(s: Session, item_id: int) -> None:
    """Have a row that failed tried again; what its runs have spent is its own again till then.

    Nothing happens to a row that has not failed.
    """
    row = _row(s, item_id)
    if row.status != RowStatus.FAILED.value:
        return
    row.status = (RowStatus.BEGUN if row.document_id else RowStatus.QUEUED).value
    row.attempts, row.reason, row.result = 0, "", None
    datasets.earned(s, row.dataset_id, -totals(s, *_runs_of(s, row.document_id)), 0)


def counts(s: Session, dataset_id: str) -> dict[RowStatus, int]:
    """How many rows stand where; every state is named."""
    query = (
        select(DatasetItemRow.status, func.count())
        .where(DatasetItemRow.dataset_id == dataset_id)
        .group_by(DatasetItemRow.status)
    )
    found = {status: number for status, number in s.execute(query).all()}
    return {status: found.get(status.value, 0) for status in RowStatus}


def _runs_of(s: Session, document_id: str | None) -> Sequence[str]:
    return s.scalars(select(RunRow.id).where(RunRow.document_id == document_id)).all()


def _row(s: Session, item_id: int) -> DatasetItemRow:
    query = select(DatasetItemRow).where(DatasetItemRow.id == item_id).with_for_update()
    return s.scalars(query.execution_options(populate_existing=True)).one()


def _items(rows: Iterable[DatasetItemRow]) -> list[Item]:
    return [
        Item(
            row.id, row.key, row.position, RowStatus(row.status), row.attempts, row.reason,
            row.prompt, row.result or {}, row.document_id or "",
        )
        for row in rows
    ]  # fmt: skip
