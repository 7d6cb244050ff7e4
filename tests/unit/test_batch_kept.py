"""Packed, piped and damaged files: read as others are, kept where they come only once."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest

from batch.kept import all_copies, benchmark_of, copies_of, input_of, keep_benchmarks, names_of
from batch.rows import Row, read_rows
from core.errors import NotFoundError, RequestError

LINE = b'{"prompt": "Write about harbours", "length": 300}\r\n'
BENCH = " ".join(f"word{n}" for n in range(20))


def rows_in(path: Path) -> int:
    return sum(isinstance(item, Row) for item in read_rows(path))


@pytest.mark.parametrize(
    "data", [LINE * 2, b"\xef\xbb\xbf" + LINE * 2, gzip.compress(LINE * 2, mtime=0)]
)
def test_a_file_is_read_as_it_comes(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "in").write_bytes(data)
    assert rows_in(tmp_path / "in") == 2


@pytest.mark.parametrize(
    ("data", "said"),
    [(gzip.compress(LINE * 999, mtime=0)[:-9], "damaged"), (b"\x1f\x8b" + b"?" * 40, "damaged"),
     (LINE.decode().encode("utf-16"), "UTF-16")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_told_of(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "in").write_bytes(data)
    with pytest.raises(RequestError, match=said):
        rows_in(tmp_path / "in")


def test_what_came_through_a_pipe_is_kept(tmp_path: Path) -> None:
    kept, pipe = tmp_path / "input.gz", Path("-")
    nothing = pytest.raises(RequestError, match="nothing is on standard input")
    with nothing, input_of(pipe, io.BytesIO(), kept):
        pass
    with input_of(pipe, io.BytesIO(LINE), kept) as path:
        assert rows_in(path) == 1
    with input_of(pipe, io.BytesIO(), kept) as path:
        assert rows_in(path) == 1
    with input_of(pipe, io.BytesIO(LINE * 3), kept) as path:
        assert (rows_in(path), rows_in(kept)) == (3, 1)
    assert rows_in(kept) == 3
    with pytest.raises(ValueError, match="other rows"), input_of(pipe, io.BytesIO(LINE), kept):
        raise ValueError("other rows")
    assert rows_in(kept) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["input.gz"]


def test_benchmarks_are_kept_under_their_contents(tmp_path: Path) -> None:
    text, lines = tmp_path / "bench.txt", tmp_path / "bench.jsonl"
    text.write_text(BENCH.replace(" word9 ", " word9\n"), encoding="utf-8")
    lines.write_text('{"prompt": "' + BENCH.replace("word", "term") + '"}', encoding="utf-8")
    folder = tmp_path / "journal"
    folder.mkdir()
    names = keep_benchmarks([text, lines, text], folder)
    assert len(names) == 2
    assert names == names_of([lines, text])
    found = benchmark_of(copies_of(names, folder))
    assert found is not None
    assert found.overlap(BENCH) is not None
    assert found.overlap(BENCH.replace("word", "term")) is not None
    assert found.overlap(BENCH.replace("word", "other")) is None
    assert benchmark_of([]) is None
    assert all_copies(folder) == sorted(folder.iterdir())
    for path in all_copies(folder):
        path.unlink()
    with pytest.raises(NotFoundError, match="is gone"):
        copies_of(names, folder)
