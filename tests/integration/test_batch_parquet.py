"""Parquet holds the very rows that lines of JSON hold, whole or not at all."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from batch.export import Export
from batch.formats import FORMATS, line_of, parse_formats
from batch.formats.base import Format
from batch.parquet import ParquetFile
from batch.records import Pair, Sample
from batch.samples import Samples
from batch.shards import Shards
from services.requests.conversations import Turn
from tests.batches import place, rows
from tests.support import TOKENS, desk

pytestmark = pytest.mark.verify
ASKED = (Turn("system", "Be brief."), Turn("user", "Write on tides. 潮汐\ud83c"))
RECORDS: tuple[Sample | Pair, ...] = tuple(
    record
    for n in range(1_100)
    for record in (
        Sample(f"s{n}", ASKED[n % 2 :], f"Tides rise.\u2028{n}", "en"),
        Pair(f"p{n}", ASKED[n % 2 :], "They rise.", f"They fall {n}.", "en", chosen_score=90.0),
    )
)


def parquet() -> Any:
    return pytest.importorskip(
        "pyarrow.parquet",
        reason='not installed: pip install -c constraints.txt -e ".[datasets]"',
    )


async def fill(sink: ParquetFile | Shards, form: Format[Any], most: int = 9_999) -> list[Any]:
    rows = [row for record in RECORDS[:most] for row in form.rows(record)]
    for row in rows:
        await sink.add(row)
    await sink.close()
    return rows


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: str(form.name))
def test_every_format_is_read_as_it_was_written(tmp_path: Path, form: Format[Any]) -> None:
    """Two seconds all together."""
    known = parquet()
    with ParquetFile(tmp_path, "train", form.columns) as sink:
        rows = asyncio.run(fill(sink, form))
    assert (sink.files, sink.rows) == (["train.parquet"], len(rows))
    file = known.ParquetFile(tmp_path / "train.parquet")
    assert file.schema_arrow.names == [column.name for column in form.columns]
    assert "".join(map(line_of, file.read().to_pylist())) == "".join(map(line_of, rows))
    assert file.num_row_groups == -(-len(rows) // 500)


def test_a_file_takes_the_place_of_the_other_kind(tmp_path: Path) -> None:
    parquet()
    form = FORMATS[0]
    asyncio.run(fill(Shards(tmp_path, "train"), form))
    assert sorted(path.name for path in tmp_path.iterdir())[0] == "train-00000.jsonl"
    with ParquetFile(tmp_path, "train", form.columns) as sink:
        asyncio.run(fill(sink, form))
    assert [path.name for path in tmp_path.iterdir()] == ["train.parquet"]
    asyncio.run(fill(Shards(tmp_path, "train"), form, 10))
    assert [path.name for path in tmp_path.iterdir()] == ["train-00000.jsonl"]


def test_what_breaks_off_leaves_what_was_there(tmp_path: Path) -> None:
    parquet()
    form, path = FORMATS[0], tmp_path / "train.parquet"
    with ParquetFile(tmp_path, "train", form.columns) as sink:
        asyncio.run(fill(sink, form, 4))
    before = path.read_bytes()
    rows = [row for record in RECORDS for row in form.rows(record)]

    async def break_off(sink: ParquetFile) -> None:
        for row in rows:
            await sink.add(row)
        raise KeyboardInterrupt

    with (
        pytest.raises(KeyboardInterrupt),
        ParquetFile(tmp_path, "train", form.columns) as sink,
    ):
        asyncio.run(break_off(sink))
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (before, [path])


async def test_datasets_reads_a_batch_s_parquet(tmp_path: Path) -> None:
    """Five seconds."""
    datasets = pytest.importorskip(
        "datasets", reason='not installed: pip install -c constraints.txt -e ".[datasets]"'
    )
    async with desk(tmp_path / "home") as there:
        batch = place(there, tmp_path, rows(3, 100))
        await batch.work()
        built = there.services
        done = await Export(
            built.datasets, Samples(built.documents, built.calls), TOKENS, batch.folder,
            parse_formats("messages,alpaca"), parquet=True,
        ).write()  # fmt: skip
    assert done.files == {"messages": ["data/train.parquet"], "alpaca": ["data/alpaca.parquet"]}
    for name in done.files:
        read = datasets.load_dataset(str(batch.folder.root), name, split="train",
                                     cache_dir=str(tmp_path / "cache"))  # fmt: skip
        assert read.num_rows == 3
        assert read.column_names[-2:] == ["id", "meta"]
