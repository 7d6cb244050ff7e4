"""Knows what a command of `batch` said, and what is then in its folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which must be exactly one line of JSON."""
        assert self.out.count("\n") == 1, (self.out, self.err)
        return json.loads(self.out)


def data_of(root: Path) -> list[dict[str, Any]]:
    """Every row in a dataset's files."""
    paths = sorted((root / "data").glob("*.jsonl"))
    return [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]


def rejects_of(root: Path) -> list[dict[str, Any]]:
    """Every reject of a dataset."""
    return [json.loads(line) for line in (root / "rejects.jsonl").read_bytes().splitlines()]
