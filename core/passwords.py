"""How a password is kept: as an argon2id hash, made and compared two at a time at most."""

from __future__ import annotations

import asyncio
import hmac
import os
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import RequestError, TooManyRequestsError

SHORTEST, LONGEST = 8, 1024
"""Characters of a password."""
AT_ONCE = 2
"""Each takes 64 MiB and about a tenth of a second of a processor."""
WAITING = 16
"""How many may wait for their turn."""
_REMEMBERED = 256


class Passwords:
    """Makes and compares hashes, with RFC 9106's second recommended parameters.

    A password that was right is recognised for as long as its hash stays the same, without the
    work: a page sends it with each of its requests. What is remembered is a keyed digest that is
    worth nothing outside this process.
    """

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._threads = ThreadPoolExecutor(AT_ONCE, "longleaf-password")
        self._key = os.urandom(32)
        self._known: OrderedDict[bytes, None] = OrderedDict()
        self._waiting = 0

    async def hashed(self, password: str) -> str:
        """What is stored of a password; raises RequestError for one that is too short or long."""
        if not SHORTEST <= len(password) <= LONGEST:
            raise RequestError(
                f"a password has {SHORTEST} to {LONGEST:,} characters", "Choose another one."
            )
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._hasher.hash, _bytes(password))

    def known(self, stored: str | None, password: str) -> bool:
        """Whether this password was right for this hash before; costs nothing."""
        return stored is not None and self._digest(stored, password) in self._known

    async def match(self, stored: str | None, password: str) -> bool:
        """Whether a password belongs to a hash; as much work where there is none.

        Raises:
            TooManyRequestsError: too many wait for an answer already.
        """
        if self._waiting >= WAITING:
            raise TooManyRequestsError("too many log in at once", "Try again in a moment.")
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            right = await loop.run_in_executor(self._threads, self._verified, stored, password)
        finally:
            self._waiting -= 1
        if right and stored is not None:
            self._remember(self._digest(stored, password))
        return right

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=True)

    def _verified(self, stored: str | None, password: str) -> bool:
        try:
            right = self._hasher.verify(stored or self._nobodys, _bytes(password[: LONGEST + 1]))
        except (VerificationError, InvalidHashError):
            return False
        return right and stored is not None

    @cached_property
    def _nobodys(self) -> str:
        """Compared where there is no such user, which the time taken must not tell."""
        return self._hasher.hash(os.urandom(16))

    def _digest(self, stored: str, password: str) -> bytes:
        return hmac.digest(self._key, f"{stored}\0{password}".encode("utf-8", "replace"), "sha256")

    def _remember(self, digest: bytes) -> None:
        self._known[digest] = None
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
