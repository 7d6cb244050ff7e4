"""How rows become a Parquet file: row group by row group, whole or not there."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any

from batch.formats.base import Column, line_of
from batch.shards import CHARACTERS, ROWS, clear
from core.errors import RequestError
from core.files import replacing


def pyarrow() -> Any:
    """The library that knows the form; raises RequestError where it is not installed."""
    try:
        import_module("pyarrow.parquet")
        return import_module("pyarrow")
    except ImportError as error:
        raise RequestError(
            "Parquet needs pyarrow, which is not installed",
            "Install it with `pip install pyarrow`, or leave --parquet out.",
        ) from error


class ParquetFile:
    """Rows in, a file such as `train.parquet` out; the same rows make the same file.

    A row group has as many rows as a file of lines, so that what is in memory is bounded. What
    ends its block with an error leaves the file that was there.

    Args:
        folder: where; must exist.
        stem: the file's name.
        columns: of a row, in order.

    Raises:
        RequestError: pyarrow is not installed.
    """

    def __init__(self, folder: Path, stem: str, columns: Sequence[Column]) -> None:
        self.files: list[str] = []
        """Its name, when it is written."""
        self.rows = 0
        self._pa = pyarrow()
        self._schema = self._pa.schema([(each.name, self._type(each)) for each in columns])
        self._path = folder / f"{stem}.parquet"
        self._held: list[Mapping[str, Any]] = []
        self._size = 0
        self._open = ExitStack()
        self._writer: Any = None

    async def add(self, row: Mapping[str, Any]) -> None:
        """Take a row; raises OSError where the disk refuses it."""
        line = line_of(row)
        if self._held and (len(self._held) == ROWS or self._size + len(line) > CHARACTERS):
            await asyncio.to_thread(self._write)
        self._held.append(json.loads(line))  # the same text as in a file of lines
        self._size += len(line)
        self.rows += 1

    async def close(self) -> None:
        """Put the file into its place, and take away those of earlier times."""
        if self.rows:
            await asyncio.to_thread(self._write)
            self._open.close()
            self.files.append(self._path.name)
        clear(self._path.parent, self._path.stem, self.files)

    def __enter__(self) -> ParquetFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.__exit__(kind, error, trace)

    def _write(self) -> None:
        if self._writer is None:
            out = self._open.enter_context(replacing(self._path))
            self._writer = self._open.enter_context(
                self._pa.parquet.ParquetWriter(out, self._schema, compression="zstd")
            )
        self._writer.write_table(self._pa.Table.from_pylist(self._held, self._schema))
        self._held, self._size = [], 0

    def _type(self, column: Column) -> Any:
        pa = self._pa
        if column.type in ("string", "bool"):
            return pa.string() if column.type == "string" else pa.bool_()
        turn = pa.struct([(name, pa.string()) for name in column.fields])
        return pa.list_(turn) if column.type == "turns" else turn
