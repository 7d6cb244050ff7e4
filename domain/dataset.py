"""What a batch was asked for, and what becomes of its rows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class RowStatus(StrEnum):
    """Where a row stands."""

    QUEUED = "queued"
    BEGUN = "begun"
    """It has a document, and a run that may be gone on with."""
    DONE = "done"
    REJECTED = "rejected"
    """Not read, or written and refused by a check."""
    FAILED = "failed"
    """Its run met an error that trying again did not mend."""

    @property
    def settled(self) -> bool:
        """Whether nothing more is done for it."""
        return self not in (RowStatus.QUEUED, RowStatus.BEGUN)


@dataclass(frozen=True)
class Terms:
    """What makes a batch the one it is; with anything else it is another one."""

    strategy: str = "parallel"
    seed: int | None = None
    rounds: int = 1
    limit: int | None = None
    """Rows of the input that are read."""
    shard: str = "0/1"
    input: str = ""
    """A digest of its rows' keys, whatever their order."""
    models: dict[str, str] = field(default_factory=dict)
    """Role → model."""
    similar_prompts: float | None = None
    """From which similarity on, 0 to 1, a later prompt is a copy and is not written."""
    benchmark: tuple[str, ...] = ()
    """Digests of what prompts may not hold."""

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Terms:
        """Rebuild from `to_dict`'s value."""
        return cls(**{**data, "benchmark": tuple(data.get("benchmark", ()))})

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; `from_dict` is the inverse."""
        return {**asdict(self), "benchmark": list(self.benchmark)}

    def differing(self, other: Terms) -> list[str]:
        """Names of the fields that are not the same, for people."""
        theirs = other.to_dict()
        return [name.replace("_", " ") for name, value in self.to_dict().items()
                if value != theirs[name]]  # fmt: skip


class Digest:
    """A digest of keys that does not depend on their order: the sum of their hashes.

    That resists slips, not attacks, which is all that is asked of it here.
    """

    def __init__(self) -> None:
        self._sum = 0

    def add(self, key: str) -> None:
        """Take one key in."""
        self._sum = (self._sum + _number(key)) % 2**256

    def __str__(self) -> str:
        return f"{self._sum:064x}"


def row_seed(seed: int | None, key: str) -> int | None:
    """A row's own seed, so that equal prompts do not get equal texts; None without a seed."""
    return None if seed is None else _number(f"{seed} {key}") % 2**31


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest(), "big")
