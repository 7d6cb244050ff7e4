"""Who gets in: the user that a token or a password belongs to, and what may then be done."""

from __future__ import annotations

import asyncio
import hmac
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from core.errors import AccessError
from core.passwords import Passwords
from services.users.accounts import NAME, PREFIX, SCOPES, proper, sha256
from services.users.rations import Rations
from storage import tokens, users
from storage.base import LOCAL_OWNER
from storage.database import Database
from storage.tables import UserRow

TRIES = 5
"""Wrong passwords in a minute for one user from one address."""
_TOKEN = re.compile(rf"{PREFIX}([a-z0-9]{{12}})_[A-Za-z0-9_-]{{43}}")
_NO_HASH = "0" * 64


@dataclass(frozen=True)
class Identity:
    """Who sends a request, and what it may do."""

    owner: str
    name: str
    scopes: frozenset[str]


LOCAL = Identity(LOCAL_OWNER, "local", frozenset(SCOPES))
"""Whoever comes while nobody needs to log in."""


@dataclass
class Access:
    """Knows callers by what they show."""

    db: Database
    passwords: Passwords
    tries: Rations = field(default_factory=lambda: Rations(TRIES))
    _turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def only_local(self) -> bool:
        """Whether there is nobody but the local owner, without a password."""
        return await self.db.run(users.only_local, write=False)

    async def anyone_gets_in(self) -> bool:
        """Whether a network could be served: some password or token lets somebody in."""
        return await self.db.run(users.anyone_gets_in, write=False)

    async def by_token(self, secret: str) -> Identity:
        """Who shows this token; raises AccessError."""
        form = _TOKEN.fullmatch(secret)
        if form is None:
            raise _wrong_token()
        token_id = f"tok_{form[1]}"
        found = await self.db.run(lambda s: tokens.find(s, token_id), write=False)
        stored = found[0].sha256 if found else _NO_HASH
        right = hmac.compare_digest(stored, sha256(secret))
        if found is None or not right or not tokens.holds(found[0]):
            raise _wrong_token()
        row, owner = found
        if not tokens.is_fresh(row):
            await self.db.run(lambda s: tokens.used(s, token_id))
        return Identity(owner.id, owner.name, _granted(row.scopes, owner))

    async def by_password(self, name: str, password: str, address: str) -> Identity:
        """Who this user is, if the password is theirs.

        Args:
            name: the user's.
            password: what was typed.
            address: where from; tries are counted for each.

        Raises:
            AccessError: no such user, or another password.
            TooManyRequestsError: too many wrong ones, or too many at once.
        """
        known = proper(name)
        row = None
        if NAME.fullmatch(known):
            row = await self.db.run(lambda s: users.find(s, known), write=False)
        stored = row.password if row is not None else None
        if not self.passwords.known(stored, password):
            await self._try(f"{known[:64]} {address}", stored, password)
        if row is None:
            raise _wrong_password()
        return Identity(row.id, row.name, _granted(SCOPES, row))

    async def _try(self, who: str, stored: str | None, password: str) -> None:
        turn = self._turns.setdefault(who, asyncio.Lock())
        async with turn:  # a page asks for much at once: the first answer serves all
            if self.passwords.known(stored, password):
                return
            taken = self.tries.take(who)
            if not await self.passwords.match(stored, password):
                raise _wrong_password()
            self.tries.give_back(who, taken)


def _wrong_token() -> AccessError:
    return AccessError(
        "the token is unknown, expired or revoked", "Make one: python app.py token create"
    )


def _wrong_password() -> AccessError:
    return AccessError(
        "this is no user's name and password", "An admin sets one: python app.py users password"
    )


def _granted(scopes: Collection[str], owner: UserRow) -> frozenset[str]:
    """Of the scopes, those that its user has at present: `admin` is an admin's."""
    return frozenset(scope for scope in scopes if scope != "admin" or owner.admin)
