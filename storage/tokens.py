"""The tokens that programs show instead of passwords: their hashes, scopes and ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.errors import NotFoundError
from storage.base import now
from storage.tables import TokenRow, UserRow

Found = tuple[TokenRow, UserRow]
"""A token, and whose it is."""
_USED_EVERY = dt.timedelta(minutes=1)
"""How exactly it is known when a token was used last: not every request writes."""


def add(
    s: Session,
    owner_id: str,
    token_id: str,
    name: str,
    sha256: str,
    scopes: Sequence[str],
    expires_at: dt.datetime | None,
) -> TokenRow:
    """Keep a token by its hash."""
    row = TokenRow(
        id=token_id, owner_id=owner_id, name=name, sha256=sha256, scopes=list(scopes),
        expires_at=expires_at,
    )  # fmt: skip
    s.add(row)
    s.flush()
    return row


def find(s: Session, token_id: str) -> Found | None:
    """The token with exactly this id, valid or not."""
    found = s.execute(_joined().where(TokenRow.id == token_id)).first()
    return (found[0], found[1]) if found is not None else None


def all_of(s: Session, owner_id: str | None = None) -> Sequence[Found]:
    """The tokens of one owner, or of all, the newest first."""
    query = _joined().order_by(TokenRow.created_at.desc(), TokenRow.id)
    if owner_id is not None:
        query = query.where(TokenRow.owner_id == owner_id)
    return [(token, user) for token, user in s.execute(query)]


def revoke(s: Session, token_id: str) -> TokenRow:
    """Let a token count no longer; raises NotFoundError."""
    row = s.get(TokenRow, token_id)
    if row is None:
        raise NotFoundError(
            f"there is no token {token_id!r}", "`python app.py token list` shows them"
        )
    row.revoked_at = row.revoked_at or now()
    s.flush()
    return row


def holds(row: TokenRow) -> bool:
    """Whether a token is neither revoked nor at its end."""
    return row.revoked_at is None and (row.expires_at is None or row.expires_at > now())


def is_fresh(row: TokenRow) -> bool:
    """Whether its last use is known well enough."""
    return row.last_used_at is not None and now() - row.last_used_at < _USED_EVERY


def used(s: Session, token_id: str) -> None:
    """Note that a token was used just now."""
    row = s.get(TokenRow, token_id)
    if row is not None:
        row.last_used_at = now()


def _joined() -> Select[TokenRow, UserRow]:
    return select(TokenRow, UserRow).join(UserRow, UserRow.id == TokenRow.owner_id)
