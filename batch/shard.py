"""What one of many machines has to do: its part of the rows, by a hash that is stable."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from core.errors import RequestError

MOST = 1_000_000
"""Shards."""
_FORM = re.compile(r"(\d{1,7})/(\d{1,7})")


@dataclass(frozen=True)
class Shard:
    """Part `index`, from 0, of `of` parts; raises RequestError if there is no such part."""

    index: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.index < self.of <= MOST:
            raise RequestError(
                f"there is no shard {self.index}/{self.of}",
                f"Shards count from 0: the last of {max(1, self.of)} is "
                f"{max(1, self.of) - 1}/{max(1, self.of)}.",
            )

    @classmethod
    def parse(cls, text: str) -> Shard:
        """The shard of `I/N`, such as 0/8 to 7/8.

        Raises:
            RequestError: it is none.
        """
        found = _FORM.fullmatch(text.strip())
        if found is None:
            raise RequestError(f"{text[:40]!r} is no shard", "Write I/N, such as 0/8.")
        return cls(int(found[1]), int(found[2]))

    @staticmethod
    def number(key: str, of: int) -> int:
        """Which of so many parts a key is of."""
        digest = hashlib.sha256(key.encode()).digest()
        return int.from_bytes(digest[:8], "big") % of

    def holds(self, key: str) -> bool:
        """Whether this key is of this part; every key is of exactly one."""
        return self.number(key, self.of) == self.index

    def __str__(self) -> str:
        return f"{self.index}/{self.of}"
