"""What a batch was given and may not be had again: its standard input and its benchmarks."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from batch.contamination import RUN, Benchmark, read_benchmark
from batch.lines import opened
from core.errors import NotFoundError, RequestError, StorageError
from core.files import replacing

if TYPE_CHECKING:
    from storage.datasets import Dataset

STDIN = "-"


@contextmanager
def input_of(given: Path, stdin: BinaryIO, kept: Path) -> Iterator[Path]:
    """The file to read a batch's rows from; a pipe is kept, so that the batch can be gone on with.

    What is in the pipe replaces what was kept when the block has ended without an error. A pipe
    in which nothing is stands for what was kept.

    Args:
        given: as the user named it; `-` is standard input.
        stdin: standard input.
        kept: where what comes through a pipe lies afterwards, packed; its folder is there.

    Raises:
        RequestError: nothing came, and nothing was kept.
        StorageError: the disk refused.
    """
    if not piped(given):
        yield given
        return
    new = kept if not kept.exists() else kept.with_name(f"new-{kept.name}")
    came = stdin_or(given, stdin, new)
    if not came and not kept.exists():
        raise RequestError("nothing is on standard input", "Pipe in lines of JSON, or name a file.")
    try:
        yield new if came else kept
        if came and new != kept:
            new.replace(kept)
    finally:
        if new != kept:
            new.unlink(missing_ok=True)


def stdin_or(given: Path, stdin: BinaryIO, to: Path) -> bool:
    """Keep what comes through a pipe as a packed file; whether anything came."""
    if str(given) != STDIN:
        with opened(given) as stream:
            return packed(stream, to)
    return not stdin.isatty() and packed(stdin, to)


def piped(given: Path) -> bool:
    """Whether a file can be read only once: standard input, or a pipe that has a name."""
    if str(given) == STDIN:
        return True
    return given.exists() and stat.S_ISFIFO(given.stat().st_mode)


def packed(stream: BinaryIO, to: Path) -> bool:
    """Write a stream as a packed file, the same bytes for the same content.

    Returns:
        Whether there was anything; if not, there is no file.

    Raises:
        StorageError: the disk refused; what was there is unchanged.
    """
    first = stream.read(2**16)
    if not first:
        return False
    try:
        with replacing(to) as out, gzip.GzipFile("", "wb", 6, out, mtime=0) as packing:
            packing.write(first)
            shutil.copyfileobj(stream, packing)
    except OSError as error:
        raise StorageError(f"{to} cannot be written: {error.strerror}", "Make room.") from error
    return True


def keep_benchmarks(paths: Iterable[Path], folder: Path) -> tuple[str, ...]:
    """Copies of benchmarks in a folder; their names there, the same for the same contents.

    Raises:
        RequestError: one cannot be read, or holds no text.
        StorageError: the disk refused.
    """
    return tuple(sorted({_kept(path, folder) for path in paths}))


def names_of(paths: Iterable[Path]) -> tuple[str, ...]:
    """What `keep_benchmarks` says, without keeping anything."""
    return tuple(sorted({_name(path) for path in paths}))


def copies_of(names: Iterable[str], folder: Path) -> list[Path]:
    """The copies with these names in a folder; raises NotFoundError where one is gone."""
    paths = [_place(folder, name) for name in names]
    for path in paths:
        if not path.is_file():
            raise NotFoundError(
                f"{path}, a copy of a benchmark of this batch, is gone",
                "Begin the batch anew, or put the copy back.",
            )
    return paths


def all_copies(folder: Path) -> list[Path]:
    """Every benchmark's copy in a folder."""
    return sorted(folder.glob("benchmark-*.gz"))


def benchmark_of(copies: Sequence[Path], run: int = RUN) -> Benchmark | None:
    """The benchmark in these copies; None where there are none.

    Raises:
        TooLargeError: they hold more than can be compared.
    """
    return read_benchmark(copies, run) if copies else None


def benchmarks_kept(dataset: Dataset) -> tuple[str, ...]:
    """Names of the benchmarks that a batch's texts are held against."""
    return tuple(dict.fromkeys((*dataset.terms.benchmark, *dataset.benchmarks)))


def _kept(path: Path, folder: Path) -> str:
    read_benchmark([path])
    name = _name(path)
    if not (place := _place(folder, name)).is_file():
        with opened(path) as stream:
            packed(stream, place)
    return name


def _name(path: Path) -> str:
    with opened(path) as stream:
        digest = hashlib.sha256()
        while block := stream.read(2**20):
            digest.update(block)
    return digest.hexdigest()[:32]


def _place(folder: Path, name: str) -> Path:
    return folder / f"benchmark-{name}.gz"
