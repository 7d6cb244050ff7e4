"""Users with their passwords, tokens with their scopes: made, listed, taken away again."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from core.errors import RequestError
from core.passwords import Passwords
from storage import tokens, users
from storage.base import now
from storage.database import Database
from storage.ids import new_id
from storage.tables import TokenRow, UserRow

SCOPES = ("read", "write", "admin", "openai")
"""What a token may be for; each stands for itself alone."""
PREFIX = "ll_"
"""How every token begins."""
NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
"""What a user may be called."""
_SECRET_BYTES = 32


State = Literal["holds", "expired", "revoked"]


@dataclass(frozen=True)
class User:
    """A user, as may be shown."""

    id: str
    name: str
    admin: bool
    password: bool
    """Whether there is one."""
    tokens: int
    """How many hold."""
    created_at: dt.datetime


@dataclass(frozen=True)
class Token:
    """A token, as may be shown: never itself."""

    id: str
    name: str
    user: str
    scopes: tuple[str, ...]
    state: State
    created_at: dt.datetime
    expires_at: dt.datetime | None
    last_used_at: dt.datetime | None


@dataclass
class Accounts:
    """All users and tokens of an installation."""

    db: Database
    passwords: Passwords

    async def add(self, name: str, *, admin: bool = False) -> User:
        """A new user, who gets in once there is a password or a token.

        Raises:
            RequestError: it is no name.
            ConflictError: it is taken.
        """
        known = proper(name)
        if not NAME.fullmatch(known):
            raise RequestError(
                f"{name!r} cannot be a user's name",
                "Use up to 64 of a-z, 0-9, `.`, `_`, `-` and `@`, a letter or digit first.",
            )
        return _user(await self.db.run(lambda s: users.add(s, known, admin=admin)), 0)

    async def users(self) -> list[User]:
        """All of them, by name."""
        found = await self.db.run(users.all_of, write=False)
        return [_user(row, count) for row, count in found]

    async def set_password(self, name: str, password: str) -> None:
        """Give a user a password, in place of the one there is.

        Raises:
            NotFoundError: there is no such user.
            RequestError: the password is too short or too long.
        """
        known = proper(name)
        await self.db.run(lambda s: users.get(s, known), write=False)
        stored = await self.passwords.hashed(password)
        await self.db.run(lambda s: users.set_password(s, known, stored))

    async def shut_out(self, name: str) -> None:
        """Take a user's password and tokens away; documents stay. Raises NotFoundError."""
        await self.db.run(lambda s: users.shut_out(s, proper(name)))

    async def purge(self, name: str) -> int:
        """Delete a user with all documents; returns how many there were.

        Raises:
            NotFoundError: there is no such user.
            ConflictError: it is the local owner, or something is being written for them.
        """
        return await self.db.run(lambda s: users.purge(s, proper(name)))

    async def issue(
        self, user: str, name: str, scopes: Collection[str], days: int | None = None
    ) -> tuple[Token, str]:
        """A new token, and the secret, which is known only now.

        Args:
            user: whose it is.
            name: what it is for.
            scopes: some of `SCOPES`.
            days: after which it ends; None: never.

        Raises:
            NotFoundError: there is no such user.
            RequestError: a scope is unknown, or there is none.
        """
        if not scopes or not set(scopes) <= set(SCOPES):
            raise RequestError(
                "a token needs a scope that there is", f"Use one or more of {', '.join(SCOPES)}."
            )
        ordered = [scope for scope in SCOPES if scope in scopes]
        token_id = new_id("tok")
        secret = f"{PREFIX}{token_id[4:]}_{secrets.token_urlsafe(_SECRET_BYTES)}"
        end = now() + dt.timedelta(days=days) if days else None

        def work(s: Session) -> Token:
            owner = users.get(s, proper(user))
            row = tokens.add(s, owner.id, token_id, name, sha256(secret), ordered, end)
            return _token(row, owner)

        return await self.db.run(work), secret

    async def tokens(self, user: str | None = None) -> list[Token]:
        """Of one user or of all, the newest first; raises NotFoundError."""

        def work(s: Session) -> list[Token]:
            owner = users.get(s, proper(user)).id if user is not None else None
            return [_token(*found) for found in tokens.all_of(s, owner)]

        return await self.db.run(work, write=False)

    async def revoke(self, token_id: str) -> None:
        """Let a token count no longer; raises NotFoundError."""
        await self.db.run(lambda s: tokens.revoke(s, token_id))

    def close(self) -> None:
        """End the threads that compare passwords."""
        self.passwords.close()


def proper(name: str) -> str:
    """Names are the same in capitals."""
    return name.strip().lower()


def sha256(secret: str) -> str:
    """What is kept of a token: its bytes are random, so that no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _user(row: UserRow, count: int) -> User:
    return User(row.id, row.name, row.admin, row.password is not None, count, row.created_at)


def _token(row: TokenRow, owner: UserRow) -> Token:
    state: State = "holds" if tokens.holds(row) else "expired"
    return Token(
        row.id, row.name, owner.name, tuple(row.scopes), "revoked" if row.revoked_at else state,
        row.created_at, row.expires_at, row.last_used_at,
    )  # fmt: skip
