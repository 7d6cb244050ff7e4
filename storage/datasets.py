"""Batches: the terms of each, what it may spend, and what it has spent."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import NotFoundError, StaleHolderError
from domain.dataset import RowStatus, Terms
from domain.run_options import Caps
from storage.base import now
from storage.ids import new_id
from storage.ledger import CallTotals, reserved, totals
from storage.tables import DatasetItemRow, DatasetRow, RunRow


@dataclass(frozen=True)
class Dataset:
    """A batch: its terms, and what it may and did spend."""

    id: str
    name: str
    status: str
    terms: Terms
    caps: Caps = Caps()
    entered: bool = False
    """Whether all its rows are in."""
    file: str = ""
    """SHA-256 of the file that they came from."""
    words: int = 0
    """Of rows that are done."""
    spent: CallTotals = CallTotals()
    """By settled rows."""
    subsets: tuple[str, ...] = ()
    """Names of those that its files hold, as they were last written."""
    commands: tuple[str, ...] = ()
    """Which made it and its files, in order."""
    why: Mapping[str, str] = field(default_factory=dict)
    """What stopped it before its end: kind, message, remedy; empty: nothing."""
    worker: Mapping[str, Any] = field(default_factory=dict)
    """Which process works on it, and when it last said so; see `batch.presence`."""
    command: str = ""
    """What was typed to have it worked on."""
    limits: Mapping[str, Any] = field(default_factory=dict)
    """What is asked of its texts, where that is not as usual."""
    benchmarks: tuple[str, ...] = ()
    """Digests of what its texts may not hold, beside those of the terms."""
    state_length: bool = False
    """Whether prompts in its files say the length that was asked for beside them."""


def find(s: Session, owner_id: str, dataset_id: str) -> Dataset | None:
    """The owner's batch with this id."""
    row = s.get(DatasetRow, dataset_id)
    if row is None or row.owner_id != owner_id:
        return None
    kept = row.settings
    return Dataset(
        row.id, row.name, row.status, Terms.from_dict(kept["terms"]), Caps(**kept.get("caps", {})),
        bool(kept.get("entered")), str(kept.get("file", "")), int(kept.get("words", 0)),
        CallTotals(**kept.get("spent", {})), tuple(kept.get("subsets", ())),
        tuple(kept.get("commands", ())), kept.get("why") or {}, kept.get("worker") or {},
        str(kept.get("command", "")), kept.get("limits") or {}, tuple(kept.get("benchmarks", ())),
        bool(kept.get("state_length")),
    )  # fmt: skip


def create(s: Session, owner_id: str, dataset_id: str, name: str, terms: Terms, caps: Caps) -> None:
    """Add a batch without rows, unless another process has done so at the same moment."""
    settings = {"terms": terms.to_dict(), "caps": asdict(caps)}
    with suppress(IntegrityError), s.begin_nested():
        s.add(DatasetRow(owner_id=owner_id, id=dataset_id, name=name, settings=settings))


def change(s: Session, dataset_id: str, *, status: str = "", **settings: Any) -> None:
    """Set the status, or what is kept with the batch, such as `caps` and `entered`."""
    row = _locked(s, dataset_id)
    row.status = status or row.status
    row.settings = {**row.settings, **settings}
    row.updated_at = now()
    s.flush()


def claim_entering(s: Session, dataset_id: str) -> str:
    """Become the one who enters the batch's rows; whoever did so before is refused from now on.

    Raises:
        StaleHolderError: they are all in, so that somebody may be at work on them.
    """
    if _locked(s, dataset_id).settings.get("entered"):
        raise StaleHolderError("another process takes in the same rows")
    claim = new_id("in")
    change(s, dataset_id, entering=claim)
    return claim


def check_entering(s: Session, dataset_id: str, claim: str) -> None:
    """See that this claim still holds, until the transaction ends; raises StaleHolderError."""
    if _locked(s, dataset_id).settings.get("entering") != claim:
        raise StaleHolderError("another process takes in the same rows")


def caps(s: Session, dataset_id: str) -> Caps:
    """What a batch may spend; raises NotFoundError."""
    return Caps(**_known(s, dataset_id).settings.get("caps", {}))


def purse(s: Session, dataset_id: str) -> tuple[Caps, CallTotals, int]:
    """What a batch may spend, what it has spent, and the tokens expected of calls in flight.

    Raises:
        NotFoundError: there is none.
    """
    row = _known(s, dataset_id)
    query = (
        select(RunRow.id)
        .join(DatasetItemRow, DatasetItemRow.document_id == RunRow.document_id)
        .where(
            DatasetItemRow.dataset_id == dataset_id,
            DatasetItemRow.status == RowStatus.BEGUN.value,
        )
    )
    under_way = list(s.scalars(query))
    spent = CallTotals(**row.settings.get("spent", {})) + totals(s, *under_way)
    return caps(s, dataset_id), spent, reserved(s, *under_way)


def earned(s: Session, dataset_id: str, spent: CallTotals, words: int) -> None:
    """Add what a row that is settled has spent, and the words that came of it."""
    row = _locked(s, dataset_id)
    kept = CallTotals(**row.settings.get("spent", {}))
    row.settings = {
        **row.settings, "spent": asdict(kept + spent),
        "words": row.settings.get("words", 0) + words,
    }  # fmt: skip
    row.updated_at = now()
    s.flush()


def _known(s: Session, dataset_id: str) -> DatasetRow:
    row = s.get(DatasetRow, dataset_id)
    if row is None:
        raise NotFoundError(f"there is no dataset {dataset_id!r}")
    return row


def _locked(s: Session, dataset_id: str) -> DatasetRow:
    query = select(DatasetRow).where(DatasetRow.id == dataset_id).with_for_update()
    row = s.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no dataset {dataset_id!r}")
    return row
