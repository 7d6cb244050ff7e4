"""Which texts hold passages of a benchmark: runs of 13 words that a test set has too.

13 words are the measure of Brown et al. 2020 (arXiv 2005.14165, appendix C). In Chinese, Japanese
and Korean, where a word has about two characters, runs of 26 characters are compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from batch.lines import MAX_LINE, bounded_lines, json_of, opened
from core.errors import RequestError, TooLargeError
from domain.text.counter import cjk_share
from domain.text.ngrams import tokens

RUN = 13
CJK = 2
"""Characters of a word."""
MOST = 2_000_000
"""Runs that are kept of one benchmark: 200 MB. LongBench-Write has fewer than 10,000."""
_SHOWN = 160


@dataclass(frozen=True)
class Overlap:
    """What a text shares with a benchmark."""

    runs: int
    """Of its runs, how many are the benchmark's."""
    example: str
    """The first of them."""


class Benchmark:
    """The runs of words in a benchmark's prompts and answers.

    Args:
        texts: all texts of the benchmark; those shorter than a run are not looked for.
        run: words in a run.
        most: runs that are kept; memory is bounded by them, about 100 bytes each.

    Raises:
        TooLargeError: there are more.
    """

    def __init__(self, texts: Iterable[str], run: int = RUN, most: int = MOST) -> None:
        self._run = run
        self._runs: set[int] = set()
        for text in texts:
            size = run * CJK if cjk_share(text) >= 0.5 else run
            for _, digest in _runs(tokens(text), size):
                self._runs.add(digest)
                if len(self._runs) > most:
                    raise TooLargeError(
                        f"the benchmark has more than {most:,} runs of {run} words",
                        "Leave its long answers out, or look for longer runs.",
                    )

    def __len__(self) -> int:
        return len(self._runs)

    def overlap(self, text: str) -> Overlap | None:
        """What the text shares with it; None for nothing."""
        if not self._runs:
            return None
        said = tokens(text)
        found: dict[int, str] = {}
        for size in (self._run, self._run * CJK):
            for start, digest in _runs(said, size):
                if digest in self._runs:
                    found.setdefault(start, " ".join(said[start : start + size]))
        if not found:
            return None
        return Overlap(len(found), found[min(found)][:_SHOWN])


def read_benchmark(paths: Sequence[Path], run: int = RUN, most: int = MOST) -> Benchmark:
    """A benchmark from files of JSON lines or of text.

    Whatever the fields are called, every text in them counts; lines that are no JSON are text, to
    the next blank one.

    Raises:
        RequestError: a file cannot be read, or they hold no text.
        TooLargeError: they hold more than can be kept.
    """
    found = Benchmark((text for path in paths for text in _texts_of(path)), run, most)
    if not len(found):
        named = ", ".join(map(str, paths))
        raise RequestError(
            f"{named} holds no text of {run} words", "Give a benchmark's prompts as JSON lines."
        )
    return found


def _texts_of(path: Path) -> Iterator[str]:
    prose: list[str] = []
    size = 0
    with opened(path) as stream:
        for _, raw in bounded_lines(stream, MAX_LINE):
            line = (raw or b"").strip()
            try:
                value = json_of(line)
            except ValueError:
                prose.append(line.decode("utf-8", "replace"))
                size += len(line)
                if line and size < MAX_LINE:
                    continue
                value = ""
            yield " ".join(prose)
            prose, size = [], 0
            yield from _strings(value)
    yield " ".join(prose)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


def _runs(said: list[str], size: int) -> Iterator[tuple[int, int]]:
    """Each run's start and 64 bits of its digest."""
    for start in range(len(said) - size + 1):
        run = "\x1f".join(said[start : start + size]).encode("utf-8", "replace")
        yield start, int.from_bytes(hashlib.blake2b(run, digest_size=8).digest(), "big")
