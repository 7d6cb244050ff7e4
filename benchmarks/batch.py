"""A batch of many documents: slots in use, makespan, CPU beside a bare loop, memory.

python -m benchmarks.batch --documents 300
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("LONGLEAF_HOME", tempfile.gettempdir())

from benchmarks.batch_figures import Memory, Schedule, Span, schedule
from benchmarks.overhead import Effort, replayed, timed
from llm.types import ModelRequest
from storage import journal
from storage.journal import StoredCall
from tests.batches import BatchPlace, place
from tests.fakes.endpoint import FakeEndpoint
from tests.support import Desk, open_services

ROOT = Path(__file__).parents[1]
WINDOW = 131_072
SLOTS = 64
SPEED, FIRST = 50.0, 0.5
"""Tokens a second of one call, and seconds until the first one."""
LENGTHS = 300, 3_000


@dataclass(frozen=True)
class Figures:
    """What one run has come to."""

    plan: Schedule
    ours: Effort
    export: Effort
    client: Effort
    """Our client alone, for the same calls."""
    bare: Effort


@contextmanager
def served(folder: Path, speedup: float, slots: int = SLOTS) -> Iterator[tuple[str, Path]]:
    """A fake with honest service times in a process of its own; its address, and its log."""
    log = folder / "calls.jsonl"
    options = {
        "window": WINDOW, "slots": slots, "tokens-per-second": SPEED, "speedup": speedup,
        "first-token-seconds": FIRST, "log": log,
    }  # fmt: skip
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    command = [sys.executable, "-m", "tests.fakes.endpoint", *words]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["url"], log
        finally:
            process.terminate()


@asynccontextmanager
async def batch_of(folder: Path, url: str, lines: Sequence[dict[str, Any]], slots: int) -> Any:
    """A batch of these rows on the services that the command has."""
    bulk = {"concurrency": slots, "window": WINDOW, "lines": {"bulk": True}}
    services = open_services(folder / "home", url, **bulk)
    try:
        # The desk's own fake is never entered: calls go to the one in the other process.
        yield place(Desk(services, FakeEndpoint()), folder, lines)
    finally:
        await services.close()


def rows(number: int, lengths: tuple[int, int], seed: int = 0) -> list[dict[str, Any]]:
    """Rows of mixed length, each about something else."""
    rng = random.Random(seed)
    return [
        {"prompt": f"Write a report about harbour {n} and its tides",
         "length": rng.randint(*lengths)}
        for n in range(number)
    ]  # fmt: skip


async def measure(folder: Path, documents: int, speedup: float, slots: int = SLOTS) -> Figures:
    """Write a batch, then make its calls again without us."""
    with served(folder, speedup, slots) as (url, log):
        async with batch_of(folder, url, rows(documents, LENGTHS), slots) as batch:
            await _warm(folder / "first", url)
            before = len(log.read_text().splitlines())

            async def work() -> int:
                runner = await batch.work()
                assert runner.why is None, runner.why
                return 1

            async def write() -> int:
                exported = await batch.export()
                assert exported.rows["messages"] >= 0.98 * documents, exported.funnel.table()
                return 1

            ours, export = await timed(work), await timed(write)
            lines = log.read_text().splitlines()[before:]
            calls = await _calls(batch)
            requests = [call.request for chain in calls for call in chain]
            client = await timed(lambda: asked(batch, requests))
        bare = await timed(lambda: replayed(url, requests, stream=False, slots=slots))
    number = len(requests)
    chains = [[call.seconds for call in own] for own in calls]
    return Figures(
        schedule([_span(line) for line in lines], chains, slots),
        Effort(number, ours.cpu, ours.wall),
        Effort(number, export.cpu, export.wall), client, bare,
    )  # fmt: skip


async def asked(batch: BatchPlace, requests: Sequence[dict[str, Any]]) -> int:
    """Make the same calls with our client: limits, retries, a strict reader, and nothing else."""
    models = await batch.desk.services.endpoints.models()
    writer = models.llm("writer")
    await asyncio.gather(*(writer.complete(ModelRequest.from_dict(each)) for each in requests))
    await models.close()
    return len(requests)


async def _warm(folder: Path, url: str) -> None:
    """One document that nobody counts: loading modules is no work on a batch."""
    folder.mkdir()
    async with batch_of(folder, url, rows(1, (100, 100)), 1) as batch:
        await batch.work()
        await batch.export()


def _span(line: str) -> Span:
    told = json.loads(line)
    return Span(told["started"], told["finished"])


async def _calls(batch: BatchPlace) -> list[list[StoredCall]]:
    """Every call of every document, in the order of their intents."""
    db = batch.desk.services.db
    ids = [item.result["run_id"] for item in await batch.items() if "run_id" in item.result]
    return [
        list(await db.run(lambda s, run=run_id: journal.all_of(s, run), write=False))
        for run_id in ids
    ]


async def grown(folder: Path, number: int, written: int) -> dict[str, Memory]:
    """Take many rows in and write some of them; what this process's memory does meanwhile."""
    with served(folder, 100.0) as (url, _):
        async with batch_of(folder, url, rows(number, (120, 200)), SLOTS) as batch:
            await _warm(folder / "first", url)
            intake, work = list[int](), list[int]()
            async with watched(intake):
                runner = await batch.runner()
            async with watched(work):
                working = asyncio.create_task(runner.work())
                while not working.done():
                    await asyncio.sleep(1)
                    standing = await batch.desk.services.datasets.standing(runner.dataset_id)
                    if standing.total - standing.left >= written:
                        runner.halt()
                await working
    return {"intake": Memory(intake), "work": Memory(work)}


@asynccontextmanager
async def watched(sizes: list[int]) -> AsyncIterator[None]:
    """Measure this process's memory all the while."""

    async def look() -> None:
        while True:
            sizes.append(resident())
            await asyncio.sleep(0.05)

    watch = asyncio.create_task(look())
    yield
    watch.cancel()


def resident() -> int:
    """Bytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def page(found: Figures, memory: dict[str, Memory], command: str) -> str:
    """The page that docs/results keeps."""
    plan, ours, bare = found.plan, found.ours, found.bare
    ratio, export = ours.cpu_ms / bare.cpu_ms, found.export
    lines = [
        "# Batches", "",
        f"One process writes documents of {LENGTHS[0]:,} to {LENGTHS[1]:,} words at {plan.slots} "
        f"slots of a fake endpoint in a process of its own, which takes its time: {FIRST} s until "
        f"the first token, then {SPEED:.0f} tokens a second for each call. A bare `AsyncOpenAI` "
        "with a semaphore then makes the same calls again, and keeps nothing. Memory is that of a "
        "process of its own, at equal intervals. "
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, "
        "shared with other work: CPU times are to be compared with one another only.", "",
        f"    {command}", "",
        "| | |", "|---|---|",
        f"| calls | {plan.calls:,} |",
        f"| slots in use until the last {plan.slots} calls | {plan.use:.1%} |",
        f"| makespan | {plan.makespan:.1f} s |",
        f"| its lower bound: all calls' time over the slots, or one document's longest chain "
        f"| {plan.bound:.1f} s |",
        f"| makespan over bound | {plan.ratio:.3f}× |",
        f"| CPU a call: reading the rows, calls, gates, journal | {ours.cpu_ms:.1f} ms |",
        f"| CPU a call: the files, with a second look at every text | {export.cpu_ms:.1f} ms |",
        f"| CPU a call: our client alone, limits and strict reading included "
        f"| {found.client.cpu_ms:.1f} ms |",
        f"| CPU a call: the bare loop | {bare.cpu_ms:.1f} ms |",
        f"| our client over the bare loop | {found.client.cpu_ms / bare.cpu_ms:.2f}× |",
        f"| the whole over the bare loop, without and with the files "
        f"| {ratio:.1f}×, {ratio + export.cpu_ms / bare.cpu_ms:.1f}× |",
        f"| time of the bare loop | {bare.wall:.1f} s |",
    ]  # fmt: skip
    for name, grew in memory.items():
        lines.append(
            f"| memory, {name}: most of the first tenth, of the second half "
            f"| {grew.first / 2**20:.0f} MiB, {grew.later / 2**20:.0f} MiB: {grew.growth:.2f}× |"
        )
    return "\n".join(lines) + "\n"


def _grown_apart(number: int, written: int) -> dict[str, Memory]:
    """As `grown`, in a process that has done nothing else."""
    words = [sys.executable, "-m", "benchmarks.batch", "--grow", str(number), str(written)]
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    return {name: Memory(sizes) for name, sizes in told.items()}


def main() -> None:
    """Measure, print, and keep the page where `--out` says."""
    parser = argparse.ArgumentParser("benchmarks.batch", description=__doc__)
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--speedup", type=float, default=1.0, help="of the endpoint's clock")
    parser.add_argument("--rows", type=int, default=20_000, help="of the batch for memory")
    parser.add_argument("--written", type=int, default=1_000, help="of these")
    parser.add_argument("--grow", type=int, nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if given.grow:
            memory = asyncio.run(grown(folder, *given.grow))
            print(json.dumps({name: list(grew.sizes) for name, grew in memory.items()}))
            return
        memory = _grown_apart(given.rows, given.written)
        found = asyncio.run(measure(folder, given.documents, given.speedup))
    names = ("documents", "speedup", "rows", "written")
    options = " ".join(f"--{name} {getattr(given, name):g}" for name in names)
    text = page(found, memory, f"python -m benchmarks.batch {options}")
    print("\n" + text)
    if given.out:
        given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
