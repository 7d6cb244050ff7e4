"""What models have made of the lengths they were asked for."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from domain.length.calibration import Calibration
from storage.base import now
from storage.tables import CalibrationRow


class Writer(NamedTuple):
    """Whose lengths are learnt: a model at an endpoint, in a language, for one kind of text."""

    endpoint: str
    model: str
    language: str
    kind: str


def find(s: Session, owner_id: str, writer: Writer) -> Calibration:
    """What is known so far; nothing is a calibration too."""
    row = s.scalars(_query(owner_id, writer)).one_or_none()
    return Calibration() if row is None else Calibration(row.ratio, row.weight)


def see(s: Session, owner_id: str, writer: Writer, asked: int, came: int) -> Calibration:
    """Learn from one more answer.

    Raises:
        ConflictError: another process has just begun to learn about the same writer.
    """
    row = s.scalars(_query(owner_id, writer).with_for_update()).one_or_none()
    if row is None:
        row = CalibrationRow(owner_id=owner_id, **writer._asdict())
        s.add(row)
    seen = Calibration(row.ratio, row.weight).seen(asked, came)
    row.ratio, row.weight, row.updated_at = seen.ratio, seen.weight, now()
    s.flush()
    return seen


def _query(owner_id: str, writer: Writer) -> Select[CalibrationRow]:
    return select(CalibrationRow).where(
        CalibrationRow.owner_id == owner_id,
        *(getattr(CalibrationRow, name) == value for name, value in writer._asdict().items()),
    )
