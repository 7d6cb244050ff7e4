"""The calls of a run as people look at them afterwards: page by page, and one in full."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, defer

from core.errors import NotFoundError
from storage.tables import CallRow


def page(s: Session, run_id: str, after: str = "", limit: int = 100) -> Sequence[CallRow]:
    """The run's calls in order, without what was sent and answered.

    Args:
        s: the session.
        run_id: the whole id.
        after: id of the last call that is known already; empty: from the beginning.
        limit: how many at most.

    Raises:
        NotFoundError: the run has no call `after`.
    """
    query = select(CallRow).where(CallRow.run_id == run_id).options(
        defer(CallRow.request), defer(CallRow.text), defer(CallRow.context)
    )  # fmt: skip
    if after:
        known = one(s, run_id, after)
        place = tuple_(CallRow.created_at, CallRow.id)
        query = query.where(place > (known.created_at, known.id))
    return s.scalars(query.order_by(CallRow.created_at, CallRow.id).limit(limit)).all()


def one(s: Session, run_id: str, call_id: str) -> CallRow:
    """One call of a run in full; raises NotFoundError."""
    row = s.get(CallRow, call_id)
    if row is None or row.run_id != run_id:
        raise NotFoundError(f"run {run_id} has no call {call_id!r}")
    return row


def templates(s: Session, run_id: str) -> dict[str, str]:
    """The prompts that a run has used, by name: version and hash."""
    query = (
        select(CallRow.prompt_name, CallRow.prompt_version, CallRow.prompt_sha)
        .where(CallRow.run_id == run_id)
        .distinct()
        .order_by(CallRow.prompt_name, CallRow.prompt_version)
    )
    return {name: f"{version} {sha}" for name, version, sha in s.execute(query).all()}
