"""What of the journal may go when a run is done, and how it goes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Text, and_, cast, func, select, update
from sqlalchemy.orm import Session

from domain.run import RunStatus
from storage.tables import CallRow, RunRow

_EMPTY = "{}"
_MOST_RUNS = 20
"""In one transaction, so that nobody waits for long."""


@dataclass(frozen=True)
class Prunable:
    """Prompts and answers of finished runs."""

    runs: int = 0
    calls: int = 0
    characters: int = 0
    """Of their texts: about their bytes in English."""

    def __add__(self, other: Prunable) -> Prunable:
        """Both together."""
        return Prunable(
            self.runs + other.runs, self.calls + other.calls, self.characters + other.characters
        )


def prunable(s: Session, owner_id: str, before: dt.datetime) -> Prunable:
    """What `prune` would remove.

    Args:
        s: the session.
        owner_id: whose runs.
        before: runs that came to their end earlier; one that can still be gone on with, because
            it failed, paused or was stopped, keeps everything.
    """
    query = (
        select(func.count(func.distinct(CallRow.run_id)), func.count(), func.sum(_characters()))
        .join(RunRow, RunRow.id == CallRow.run_id)
        .where(_done(owner_id, before), _kept())
    )
    runs, calls, characters = s.execute(query).one()
    return Prunable(int(runs), int(calls), int(characters or 0))


def prune(s: Session, owner_id: str, before: dt.datetime) -> Prunable:
    """Remove prompts and answers of a few runs; call it, a transaction each, until it finds none.

    Hashes, usage, times, steps and the names of prompts stay.
    """
    ids = s.scalars(
        select(RunRow.id)
        .where(
            _done(owner_id, before),
            select(CallRow.id).where(CallRow.run_id == RunRow.id, _kept()).exists(),
        )
        .order_by(RunRow.updated_at)
        .limit(_MOST_RUNS)
        .with_for_update()
    ).all()
    pruned = Prunable()
    for run_id in ids:
        pruned += _prune_run(s, run_id)
    return pruned


def _prune_run(s: Session, run_id: str) -> Prunable:
    sums = select(func.count(), func.sum(_characters()))
    calls, characters = s.execute(sums.where(CallRow.run_id == run_id, _kept())).one()
    s.execute(
        update(CallRow)
        .where(CallRow.run_id == run_id)
        .values(request={}, text=None, error_message="")
        .execution_options(synchronize_session=False)
    )
    return Prunable(1, int(calls), int(characters or 0))


def _done(owner_id: str, before: dt.datetime) -> ColumnElement[bool]:
    return and_(
        RunRow.owner_id == owner_id,
        RunRow.status == RunStatus.DONE.value,
        RunRow.lease_holder.is_(None),
        RunRow.updated_at < before,
    )


def _characters() -> ColumnElement[int]:
    request = func.length(cast(CallRow.request, Text)) - len(_EMPTY)
    return request + func.coalesce(func.length(CallRow.text), 0)


def _kept() -> ColumnElement[bool]:
    """A call whose texts are still there."""
    return cast(CallRow.request, Text) != _EMPTY
