"""Requests that were accepted already: what is sent twice is done once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.errors import ConflictError, RequestError
from storage.base import now
from storage.database import Database
from storage.tables import IdempotencyKeyRow

KEPT = dt.timedelta(hours=24)
"""How long a key stands for its first request (IETF idempotency-key draft 07 leaves it open)."""


@dataclass(frozen=True)
class Once:
    """A client's word that a request is one and the same, however often it comes."""

    key: str
    """1 to 200 characters of the client's choice."""
    body_sha: str
    """SHA-256 of what is asked for: the same key with something else is refused."""


async def run_once(
    db: Database, owner_id: str, key: Once | None, make: Callable[[Session], str]
) -> tuple[str, bool]:
    """Make something, unless this key has made it; in one transaction with the key.

    Args:
        db: where.
        owner_id: whose key.
        key: None: it is made in any case.
        make: makes it and returns its id.

    Returns:
        The id, and whether it was made now.

    Raises:
        RequestError: the key stands for another request.
    """
    if key is None:
        return await db.run(make), True
    try:
        return await db.run(lambda s: _once(s, owner_id, key, make))
    except ConflictError:  # on PostgreSQL another transaction was first: its row is there now
        return await db.run(lambda s: _once(s, owner_id, key, make))


def made_by(s: Session, owner_id: str, key: Once) -> str:
    """The id of what this key has made; empty: nothing yet.

    Raises:
        RequestError: the key stands for another request.
    """
    row = s.scalars(
        select(IdempotencyKeyRow).where(
            IdempotencyKeyRow.owner_id == owner_id,
            IdempotencyKeyRow.key == key.key,
            IdempotencyKeyRow.created_at > now() - KEPT,
        )
    ).one_or_none()
    if row is not None and row.body_sha != key.body_sha:
        raise RequestError(
            "this Idempotency-Key stands for another request",
            "Take a new key for each request, and the same one only to send it again.",
        )
    return row.target_id if row is not None else ""


def _once(s: Session, owner_id: str, key: Once, make: Callable[[Session], str]) -> tuple[str, bool]:
    found = made_by(s, owner_id, key)
    if found:
        return found, False
    s.execute(
        delete(IdempotencyKeyRow)
        .where(IdempotencyKeyRow.owner_id == owner_id, IdempotencyKeyRow.created_at <= now() - KEPT)
        .execution_options(synchronize_session=False)
    )
    row = IdempotencyKeyRow(owner_id=owner_id, key=key.key, body_sha=key.body_sha)
    s.add(row)
    s.flush()  # before anything else: another one with this key waits here, and then fails
    row.target_id = make(s)
    s.flush()
    return row.target_id, True
