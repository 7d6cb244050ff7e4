"""Which batches of an owner the server carries out, and what it says of each without opening it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete as sql_delete
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFoundError
from storage.base import now
from storage.tables import DatasetItemRow, DatasetRow, DocumentRow, IdempotencyKeyRow

_PAGE = "listed"
"""Under this name a batch's row says what is only the server's."""


@dataclass(frozen=True)
class Listing:
    """One batch in the list."""

    id: str
    owner: str
    name: str
    status: str
    """queued, working, paused, stopped, done."""
    told: dict[str, Any]
    """What was chosen for it, and how far it had come when that was last looked at."""
    created_at: dt.datetime
    updated_at: dt.datetime


def put(s: Session, owner_id: str, dataset_id: str, name: str, told: dict[str, Any]) -> str:
    """List a batch, whose own row may be in this database already; returns its id."""
    row = s.get(DatasetRow, dataset_id)
    if row is None:
        row = DatasetRow(owner_id=owner_id, id=dataset_id, name=name, settings={_PAGE: told})
        s.add(row)
    else:
        row.name, row.settings = name, {**row.settings, _PAGE: told}
    s.flush()
    return row.id


def every(s: Session, owner_id: str, most: int) -> list[Listing]:
    """The owner's, newest first."""
    query = select(DatasetRow).where(DatasetRow.owner_id == owner_id)
    ordered = query.order_by(DatasetRow.created_at.desc(), DatasetRow.id.desc())
    return _listed(s.scalars(ordered.limit(most)))


def working(s: Session) -> list[Listing]:
    """Everybody's that are to be worked on, oldest first."""
    query = select(DatasetRow).where(DatasetRow.status == "working")
    return _listed(s.scalars(query.order_by(DatasetRow.created_at)))


def get(s: Session, owner_id: str, dataset_id: str) -> Listing:
    """One of the owner's; raises NotFoundError."""
    row = s.get(DatasetRow, dataset_id)
    found = _listed([row]) if row is not None and row.owner_id == owner_id else []
    if not found:
        raise NotFoundError(f"there is no dataset {dataset_id!r}")
    return found[0]


def note(s: Session, dataset_id: str, status: str, told: dict[str, Any]) -> None:
    """Say in which state it is, and what more is told; one that is gone stays so."""
    query = select(DatasetRow).where(DatasetRow.id == dataset_id).with_for_update()
    row = s.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        return
    row.status = status or row.status
    row.settings = {**row.settings, _PAGE: {**row.settings.get(_PAGE, {}), **told}}
    row.updated_at = now()
    s.flush()


def delete(s: Session, owner_id: str, dataset_id: str) -> None:
    """Take it out, with what of it lies in this database; raises NotFoundError."""
    get(s, owner_id, dataset_id)
    unseen = {"synchronize_session": False}
    mine = select(DatasetItemRow.document_id).where(DatasetItemRow.dataset_id == dataset_id)
    for gone in (
        sql_delete(DocumentRow).where(DocumentRow.id.in_(mine)),
        sql_delete(IdempotencyKeyRow).where(IdempotencyKeyRow.target_id == dataset_id),
        sql_delete(DatasetRow).where(DatasetRow.id == dataset_id),
    ):
        s.execute(gone, execution_options=unseen)


def _listed(rows: Sequence[DatasetRow] | Any) -> list[Listing]:
    return [
        Listing(
            row.id, row.owner_id, row.name, row.status, dict(row.settings[_PAGE]),
            row.created_at, row.updated_at,
        )
        for row in rows if _PAGE in row.settings
    ]  # fmt: skip
