"""What an upload holds, before anything is kept of it: how many rows, and which lines are none."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from batch.intake import entry_of
from batch.rows import Reject, Row, chosen, rows_of
from core.errors import RequestError, TooLargeError
from domain.dataset import Terms
from services.batches.datasets import Entry

MOST_LINES = 100_000
SHOWN = 50
"""Lines that are told of one by one."""
FIRST = 5
"""Rows that are shown."""
_EXCERPT = 300


@dataclass
class Checked:
    """The lines of an upload, counted."""

    rows: int = 0
    refused: int = 0
    asked: int = 0
    """Words that the rows ask for all together."""
    reasons: Counter[str] = field(default_factory=Counter)
    first: list[dict[str, Any]] = field(default_factory=list)
    """The first rows: line, id, prompt, length, language."""
    wrong: list[dict[str, Any]] = field(default_factory=list)
    """The first lines that are none: line, reason, detail."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "rows": self.rows, "refused": self.refused, "asked": self.asked,
            "reasons": dict(self.reasons.most_common()), "first": self.first, "wrong": self.wrong,
        }  # fmt: skip

    def _take(self, item: Row | Reject, entry: Entry) -> None:
        if entry.refused:
            self.refused += 1
            self.reasons[entry.refused] += 1
            if len(self.wrong) < SHOWN:
                detail = str((entry.result or {}).get("detail", ""))
                self.wrong.append(
                    {"line": item.line, "reason": entry.refused, "detail": detail[:_EXCERPT]}
                )
            return
        self.rows += 1
        self.asked += entry.expected
        if len(self.first) < FIRST and isinstance(item, Row):
            self.first.append(
                {
                    "line": item.line, "id": item.id, "length": entry.expected,
                    "prompt": str(item.fields["prompt"])[:_EXCERPT],
                    "language": entry.prompt["request"].get("language") or "",
                }
            )  # fmt: skip


def lines_of(data: bytes) -> BytesIO:
    """An upload to be read line by line.

    Raises:
        TooLargeError: it has more than `MOST_LINES` lines.
    """
    if data.count(b"\n") > MOST_LINES:
        raise TooLargeError(
            f"the file has more than {MOST_LINES:,} lines",
            "Split it, or use the command line: python app.py batch.",
        )
    return BytesIO(data)


def checked(data: bytes, terms: Terms) -> Checked:
    """Read an upload through; blocks.

    Raises:
        TooLargeError: it has too many lines.
    """
    found = Checked()
    for item in chosen(rows_of(lines_of(data)), terms.limit):
        found._take(item, entry_of(item, terms))
    return found


def first_row(lines: BytesIO) -> Row:
    """The first row that can be written; blocks.

    Raises:
        RequestError: there is none.
    """
    why = ""
    for item in rows_of(lines):
        if isinstance(item, Row):
            return item
        why = why or f": line {item.line} is refused, {item.detail}"
    raise RequestError(
        f"the file holds no row that can be written{why}",
        'Give lines such as {"prompt": "…", "length": 2000}.',
    )
