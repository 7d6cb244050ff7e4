"""Who may own things here: users, by name, with the hash of a password or without one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy import delete as sql_delete
from sqlalchemy.orm import Session

from core.errors import ConflictError, NotFoundError
from storage import documents
from storage.base import LOCAL_OWNER, now
from storage.ids import new_id
from storage.tables import DocumentRow, TokenRow, UserRow

_LIST = "`python app.py users list` shows them"


def add(s: Session, name: str, *, admin: bool = False) -> UserRow:
    """A new user without a password; raises ConflictError where the name is taken."""
    if s.scalar(select(UserRow.id).where(UserRow.name == name)) is not None:
        raise ConflictError(f"there is a user {name!r} already", "choose another name")
    row = UserRow(id=new_id("user"), name=name, admin=admin)
    s.add(row)
    s.flush()
    return row


def find(s: Session, name: str) -> UserRow | None:
    """The user of this name."""
    return s.scalar(select(UserRow).where(UserRow.name == name))


def get(s: Session, name: str) -> UserRow:
    """The user of this name; raises NotFoundError."""
    row = find(s, name)
    if row is None:
        raise NotFoundError(f"there is no user {name!r}", _LIST)
    return row


def all_of(s: Session) -> Sequence[tuple[UserRow, int]]:
    """Every user with the number of tokens that let them in, by name."""
    live = (TokenRow.owner_id == UserRow.id, *live_tokens())
    count = select(func.count(TokenRow.id)).where(*live).scalar_subquery()
    return [
        (row, tokens) for row, tokens in s.execute(select(UserRow, count).order_by(UserRow.name))
    ]


def live_tokens() -> tuple[ColumnElement[bool], ...]:
    """The conditions under which a token lets somebody in."""
    unexpired = TokenRow.expires_at.is_(None) | (TokenRow.expires_at > now())
    return TokenRow.revoked_at.is_(None), unexpired


def set_password(s: Session, name: str, password: str) -> None:
    """Keep the hash of a password; raises NotFoundError."""
    get(s, name).password = password
    s.flush()


def shut_out(s: Session, name: str) -> None:
    """Take password and tokens away; what the user owns stays. Raises NotFoundError."""
    row = get(s, name)
    row.password = None
    revoked = update(TokenRow).where(TokenRow.owner_id == row.id, TokenRow.revoked_at.is_(None))
    s.execute(revoked.values(revoked_at=now()), execution_options={"synchronize_session": False})


def purge(s: Session, name: str) -> int:
    """Delete a user and all that is theirs; returns the number of documents.

    Raises:
        NotFoundError: there is none.
        ConflictError: it is the local owner, or a living process works on one of the documents.
    """
    row = get(s, name)
    if row.id == LOCAL_OWNER:
        raise ConflictError("the local owner cannot be deleted", "leave out --purge")
    owned = s.scalars(select(DocumentRow.id).where(DocumentRow.owner_id == row.id)).all()
    for document_id in owned:
        documents.purge(s, row.id, document_id)
    s.execute(sql_delete(UserRow).where(UserRow.id == row.id))
    return len(owned)


def only_local(s: Session) -> bool:
    """Whether there is nobody but the local owner, who has no password."""
    rows = s.execute(select(UserRow.id, UserRow.password).limit(2)).all()
    return [tuple(row) for row in rows] == [(LOCAL_OWNER, None)]


def anyone_gets_in(s: Session) -> bool:
    """Whether any user has a password or a token that holds."""
    password = s.scalar(select(UserRow.id).where(UserRow.password.is_not(None)).limit(1))
    token = s.scalar(select(TokenRow.id).where(*live_tokens()).limit(1))
    return password is not None or token is not None
