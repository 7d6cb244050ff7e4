"""What has become of a batch's rows: why some are no data, and how long the others are."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.dataset import RowStatus
from storage.tables import DatasetItemRow


@dataclass(frozen=True)
class Gone:
    """So many rows that are no data for the same reason."""

    status: RowStatus
    """Rejected or failed."""
    reason: str
    written: bool
    """Whether there is a text that was refused."""
    rows: int


@dataclass(frozen=True)
class Figures:
    """A batch's rows in figures."""

    gone: tuple[Gone, ...]
    lengths: tuple[int, ...]
    """Words or characters of those that are done."""


def of(s: Session, dataset_id: str) -> Figures:
    """The figures as they are now."""
    row = DatasetItemRow
    written = row.document_id.is_not(None)
    lost = (RowStatus.REJECTED.value, RowStatus.FAILED.value)
    query = (
        select(row.status, row.reason, written, func.count())
        .where(row.dataset_id == dataset_id, row.status.in_(lost))
        .group_by(row.status, row.reason, written)
    )
    gone = [
        Gone(RowStatus(status), reason, bool(text), number)
        for status, reason, text, number in s.execute(query)
    ]
    words = select(row.result["words"].as_integer()).where(
        row.dataset_id == dataset_id, row.status == RowStatus.DONE.value
    )
    return Figures(tuple(gone), tuple(number or 0 for number in s.scalars(words)))
