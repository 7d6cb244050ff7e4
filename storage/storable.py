"""Which text a database takes: no NUL, no half of a surrogate pair; U+FFFD stands in for them.

Whoever lets text in should clean it in a way that fits; this is the last gate, where error
messages of strange servers and arguments of a command line pass too. PostgreSQL would refuse the
whole transaction.
"""

from __future__ import annotations

import json
import re
from typing import Any

import sqlalchemy as sa

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_ESCAPED_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_INSTEAD = "\ufffd"


class StoredText(sa.types.TypeDecorator[str]):
    """Text of any length that both databases take."""

    impl = sa.Text()
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> Any:
        """Replace what cannot be stored."""
        return None if value is None else storable(value)


def storable(text: str) -> str:
    """The text as both databases take it."""
    return _UNSTORABLE.sub(_INSTEAD, text)


def dump(value: object) -> str:
    """JSON as both databases take it; raises ValueError for numbers that JSON does not have."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return storable(_ESCAPED_NUL.sub(rf"\1{_INSTEAD}", text) if "\\u0000" in text else text)
