"""How lines become files of bounded size: each whole or not there."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from batch.formats.base import line_of
from core.files import replace_text

ROWS = 500
CHARACTERS = 40_000_000
"""A shard ends with whichever comes first, so that what is in memory is bounded."""


class Shards:
    """Rows in, files such as `train-00000.jsonl` out; the same lines make the same files.

    Args:
        folder: where; must exist.
        stem: what the files' names begin with.
    """

    def __init__(self, folder: Path, stem: str) -> None:
        self.files: list[str] = []
        """Names of those written."""
        self.rows = 0
        self._folder = folder
        self._stem = stem
        self._held: list[str] = []
        self._size = 0

    async def add(self, row: Mapping[str, Any]) -> None:
        """Take a row; raises OSError where the disk refuses a file."""
        line = line_of(row)
        full = len(self._held) == ROWS or self._size + len(line) > CHARACTERS
        if self._held and full:
            await self._write()
        self._held.append(line)
        self._size += len(line)
        self.rows += 1

    async def close(self) -> None:
        """Write what is left, and take away files of earlier times that had more of them."""
        if self._held:
            await self._write()
        clear(self._folder, self._stem, self.files)

    async def _write(self) -> None:
        name = f"{self._stem}-{len(self.files):05}.jsonl"
        await asyncio.to_thread(replace_text, self._folder / name, "".join(self._held))
        self.files.append(name)
        self._held, self._size = [], 0


def clear(folder: Path, stem: str, keep: Collection[str]) -> None:
    """Take away the files of a stem that are none of these, of whichever kind."""
    own = re.compile(rf"{re.escape(stem)}(-\d{{5,}}\.jsonl|\.parquet)")
    for path in folder.iterdir():
        if own.fullmatch(path.name) and path.name not in keep:
            path.unlink()
