"""What a book takes as it grows: calls and tokens a word, memory, the largest prompt, its files.

python -m benchmarks.books --words 25000 50000 100000 200000
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("LONGLEAF_HOME", tempfile.gettempdir())

import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.overhead import served
from bootstrap import Services
from services.documents.exports import NAMES, Exports
from services.runs.reports import RunReport
from storage.tables import CallRow, SectionRow
from tests.fakes.endpoint import FakeEndpoint
from tests.support import Desk, open_services

WARM = 2_000
"""Words of the document before the first that is measured: what is loaded once, is."""
WINDOW = 16_384
SECTION = re.compile(r"section/[^/]+/write/1")
MEMORY = re.compile(r"^Vm(HWM|RSS):\s+(\d+)", re.MULTILINE)


@dataclass(frozen=True)
class File:
    """What one export of a book took."""

    format: str
    seconds: float
    grown: float
    """MiB, as of a row."""
    size: float
    """MiB."""


@dataclass(frozen=True)
class Row:
    """What one book took."""

    words: int
    written: int
    sections: int
    score: float
    """S_l."""
    calls: int
    prompt: int
    completion: int
    """Tokens."""
    largest: int
    """Tokens of the largest prompt for a section."""
    largest_of_all: int
    grown: float
    """MiB by which the process's memory was larger at most than before it began."""
    cpu: float
    """Seconds of our own."""
    files: tuple[File, ...]


class Memory:
    """The most that this process has in memory since now."""

    def __init__(self) -> None:
        gc.collect()
        Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
        self._before = self._now()["RSS"]

    @property
    def grown(self) -> float:
        """MiB by which that is more than it had."""
        return self._now()["HWM"] - self._before

    def _now(self) -> dict[str, float]:
        text = Path("/proc/self/status").read_text(encoding="utf-8")
        return {name: int(size) / 1024 for name, size in MEMORY.findall(text)}


async def exported(at: Desk, report: RunReport) -> tuple[File, ...]:
    """Make every file of a book, one after the other."""
    document = await at.document(report)
    files = []
    for name in NAMES:
        memory, began = Memory(), time.perf_counter()
        made = await Exports().make(document, name)
        seconds = time.perf_counter() - began
        files.append(File(name, seconds, memory.grown, len(made.content) / 2**20))
    return tuple(files)


async def measure(services: Services, words: int, strategy: str) -> Row:
    """Write one book."""
    at = Desk(services, FakeEndpoint())  # never entered: calls go to the one in the other process
    memory = Memory()
    cpu = time.process_time()
    report = await at.write(words=words, strategy=strategy, seed=words)
    cpu = time.process_time() - cpu
    grown = memory.grown
    assert report.status == "done", report.reason

    def sizes(s: Session) -> tuple[list[tuple[str, int]], int]:
        query = sa.select(CallRow.step, CallRow.prompt_tokens)
        calls = s.execute(query.where(CallRow.run_id == report.run_id)).all()
        count = sa.select(sa.func.count()).where(SectionRow.document_id == report.document_id)
        return [(step, tokens) for step, tokens in calls], s.scalar(count) or 0

    calls, sections = await services.db.run(sizes, write=False)
    return Row(
        words=words,
        written=report.words,
        sections=sections,
        score=report.length_score or 0.0,
        calls=report.calls,
        prompt=report.prompt_tokens,
        completion=report.completion_tokens,
        largest=max(tokens for step, tokens in calls if SECTION.fullmatch(step)),
        largest_of_all=max(tokens for _, tokens in calls),
        grown=grown,
        cpu=cpu,
        files=await exported(at, report),
    )


def table(rows: Sequence[Row]) -> str:
    """The rows as Markdown."""
    head = (
        "| words | written | S_l | sections | calls for 1,000 words | prompt tokens a word "
        "| answer tokens a word | largest prompt of a section | largest of all "
        "| memory grown, MiB | our CPU, ms a call |\n" + "|---:" * 11 + "|\n"
    )
    return head + "".join(
        f"| {row.words:,} | {row.written:,} | {row.score:.1f} | {row.sections} "
        f"| {1000 * row.calls / row.written:.2f} | {row.prompt / row.written:.2f} "
        f"| {row.completion / row.written:.2f} | {row.largest:,} | {row.largest_of_all:,} "
        f"| {row.grown:.0f} | {1000 * row.cpu / row.calls:.1f} |\n"
        for row in rows
    )


def files(rows: Sequence[Row]) -> str:
    """What the files of each book took, as Markdown."""
    named = [f"{row.words:,}" for row in rows]
    head = (
        "| file | "
        + " | ".join(
            [f"{words}: seconds" for words in named]
            + [f"{words}: memory grown, MiB" for words in named]
            + [f"{named[-1]}: size, MiB"]
        )
        + " |\n|---"
        + "|---:" * (2 * len(rows) + 1)
        + "|\n"
    )
    lines = []
    for same in zip(*(row.files for row in rows), strict=True):
        cells = [f"{one.seconds:.1f}" for one in same] + [f"{one.grown:.0f}" for one in same]
        lines.append(f"| {same[0].format} | {' | '.join(cells)} | {same[-1].size:.1f} |\n")
    return head + "".join(lines)


def ratios(rows: Sequence[Row]) -> str:
    """How each longer book compares with the shortest."""
    return "\n".join(_ratio(rows[0], row) for row in rows[1:])


def _ratio(first: Row, last: Row) -> str:
    words = last.written / first.written
    calls, prompt = last.calls / first.calls, last.prompt / first.prompt
    return (
        f"{words:.2f} times the words: {calls:.2f} times the calls, {prompt:.2f} times the prompt "
        f"tokens, {last.completion / first.completion:.2f} times the answer tokens, "
        f"{last.cpu / first.cpu:.2f} times our CPU time; the largest prompt of a section is "
        f"{last.largest / first.largest:.2f} times as long.\n"
    )


async def run(words: Sequence[int], strategy: str) -> list[Row]:
    """One book of each length, in this order, in one process."""
    with tempfile.TemporaryDirectory() as folder, served() as url:
        settings = {"book": {"longer_than": 1_500}}
        services = open_services(Path(folder), url, window=WINDOW, settings=settings)
        try:
            await measure(services, WARM, strategy)
            return [await measure(services, each, strategy) for each in words]
        finally:
            await services.close()


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, or write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--words", type=int, nargs="+", default=[25_000, 50_000, 100_000, 200_000])
    parser.add_argument("--strategy", default="book")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args(arguments)
    rows = asyncio.run(run(sorted(given.words), given.strategy))
    command = " ".join(("python -m benchmarks.books --words", *map(str, sorted(given.words))))
    page = (
        "# Books: what grows with them, and what does not\n\n"
        "An obeying model that answers at once, in a process of its own; one process of ours that "
        f"writes a book of {WARM:,} words first, so that what is loaded once is loaded. `memory "
        "grown` is the most that the process held while it wrote, over what it held before, as the "
        "kernel counts it.\n\n"
        f"```bash\n{command}\n```\n\n{table(rows)}\n{ratios(rows)}\n## Files\n\n"
        "Every export of these books, one after the other. What the programs take that make them "
        f"(pandoc, Typst) is not in our memory.\n\n{files(rows)}"
    )
    if given.out:
        given.out.write_text(page, encoding="utf-8")
    else:
        sys.stdout.write(page)


if __name__ == "__main__":
    main()
