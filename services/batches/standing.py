"""How far a batch has come: its rows by what has become of them, and what they have taken."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from domain.dataset import RowStatus
from domain.run_options import Caps
from storage.ledger import CallTotals


@dataclass(frozen=True)
class Standing:
    """How far a batch has come."""

    status: str
    rows: dict[RowStatus, int]
    words: int
    """Of rows that are done."""
    spent: CallTotals
    """By all rows, those under way included."""
    caps: Caps

    @property
    def total(self) -> int:
        """Rows, refused lines among them."""
        return sum(self.rows.values())

    @property
    def left(self) -> int:
        """Rows that are not settled."""
        return sum(number for status, number in self.rows.items() if not status.settled)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        counted = {status.value: number for status, number in self.rows.items()}
        return {
            "status": self.status, "total": self.total, **counted, "words": self.words,
            **asdict(self.spent), "caps": asdict(self.caps),
        }  # fmt: skip
