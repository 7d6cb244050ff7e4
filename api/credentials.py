"""What a request shows of who sends it: a token or a password, in any of the headers in use."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from starlette.datastructures import Headers

from services.users.accounts import PREFIX


@dataclass(frozen=True)
class Shown:
    """What came: a user's name and password, or a token, which has no name."""

    secret: str
    name: str | None = None

    def __repr__(self) -> str:
        """Without the secret."""
        return f"Shown({'token' if self.name is None else 'password'})"

    @property
    def is_token(self) -> bool:
        """Whether it claims to be one of our tokens: other programs send anything as a key."""
        return self.secret.startswith(PREFIX)


def credentials(headers: Headers) -> Shown | None:
    """The credentials of a request: the first of `Authorization` and `x-api-key` that has any.

    Basic takes a user's name and password, or any name and a token. None where nothing came.
    """
    scheme, _, value = headers.get("authorization", "").strip().partition(" ")
    value = value.strip()
    if scheme.lower() == "bearer" and value:
        return Shown(value)
    if scheme.lower() == "basic" and value:
        return _basic(value)
    key = headers.get("x-api-key", "").strip()
    return Shown(key) if key else None


def _basic(value: str) -> Shown:
    try:
        text = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, ValueError):
        return Shown("")
    name, _, password = text.partition(":")
    return Shown(password) if password.startswith(PREFIX) else Shown(password, name)
