"""What Longleaf itself costs: a document's calls by its engine, the same by a bare client.

python -m benchmarks.overhead --words 10000
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("LONGLEAF_HOME", tempfile.gettempdir())

import openai
import sqlalchemy as sa

from agents.strategies.registry import STRATEGIES
from bootstrap import Services
from services.documents.exports import export
from storage import journal
from storage.database import Database
from tests.fakes.endpoint import FakeEndpoint
from tests.support import Desk, open_services

ROOT = Path(__file__).parents[1]
WINDOW = 131_072
"""Tokens: all of the text so far can be shown."""
SLOTS = 16
"""Calls at the same time, for the engine and for the bare client."""


@dataclass(frozen=True)
class Effort:
    """What some calls took of this process."""

    calls: int
    cpu: float
    wall: float
    """Seconds."""

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of CPU time a call."""
        return 1000 * self.cpu / self.calls

    @property
    def wall_ms(self) -> float:
        """Milliseconds a call, with up to `SLOTS` at once."""
        return 1000 * self.wall / self.calls


@dataclass(frozen=True)
class Row:
    """One document by the engine, and its calls by the bare client, whole and streamed."""

    strategy: str
    words: int
    ours: Effort
    whole: Effort
    streamed: Effort
    commits: int
    stored: int
    """Bytes by which the database grew."""
    text: int
    """Bytes of the document."""


@contextmanager
def served() -> Iterator[str]:
    """A fake that answers at once, in a process of its own, so that its work is not counted."""
    command = [sys.executable, "-m", "tests.fakes.endpoint", "--window", str(WINDOW)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.terminate()


async def timed(work: Callable[[], Awaitable[int]]) -> Effort:
    """Measure `work`, which returns how many calls it made."""
    cpu, wall = time.process_time(), time.perf_counter()
    calls = await work()
    return Effort(calls, time.process_time() - cpu, time.perf_counter() - wall)


async def replayed(
    url: str, requests: Sequence[dict[str, Any]], *, stream: bool, slots: int = SLOTS
) -> int:
    """Make the same calls with nothing but the client, so many at once, and keep no answer."""
    places = asyncio.Semaphore(slots)
    client = openai.AsyncOpenAI(base_url=url, api_key="none", max_retries=0)

    async def one(request: dict[str, Any]) -> None:
        async with places:
            reply: Any = await client.chat.completions.create(**_parameters(request), stream=stream)
            if stream:
                text = "".join([chunk.choices[0].delta.content or "" async for chunk in reply
                                if chunk.choices])  # fmt: skip
            else:
                text = reply.choices[0].message.content
            assert text

    await asyncio.gather(*map(one, requests))
    await client.close()
    return len(requests)


def _parameters(request: dict[str, Any]) -> dict[str, Any]:
    names = ("model", "messages", "max_tokens", "temperature", "top_p", "seed")
    body = {name: request[name] for name in names if request[name] is not None}
    if request["schema"] is not None:
        schema = {"name": request["schema_name"], "schema": request["schema"]}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    return body


async def measure(services: Services, url: str, strategy: str, words: int) -> Row:
    """Write one document, then make its calls again without us."""
    # The desk's own fake is never entered: calls go to the one in the other process.
    at, found = Desk(services, FakeEndpoint()), {}
    commits = _commits(services.db)
    before, done = await services.db.run(_size, write=False), len(commits)

    async def work() -> int:
        report = await at.write(words=words, strategy=strategy)
        found["report"] = report
        return int(report.calls)

    ours = await timed(work)
    report = found["report"]
    made, stored = len(commits) - done, await services.db.run(_size, write=False) - before
    calls = await services.db.run(lambda s: journal.all_of(s, report.run_id), write=False)
    requests = [call.request for call in calls]
    whole = await timed(lambda: replayed(url, requests, stream=False))
    streamed = await timed(lambda: replayed(url, requests, stream=True))
    text = export(await at.document(report), "md")
    return Row(strategy, report.words, ours, whole, streamed, made, stored, len(text.encode()))


def _commits(db: Database) -> list[None]:
    """Gets one entry for each transaction that may write."""
    seen: list[None] = []

    @sa.event.listens_for(db.engine, "commit")
    def _(connection: sa.Connection) -> None:
        if not connection.get_execution_options().get("readonly"):
            seen.append(None)

    return seen


def _size(session: Any) -> int:
    pages, size, free = (
        session.scalar(sa.text(f"PRAGMA {name}"))
        for name in ("page_count", "page_size", "freelist_count")
    )
    return int((pages - free) * size)


def table(rows: Sequence[Row]) -> str:
    """The rows as Markdown; ratios are ours to the bare client's."""
    lines = [
        "| strategy | words | calls | CPU ms a call: ours | bare, streamed | ratio | bare, whole "
        "| ratio | wall, to bare streamed | commits a call | bytes stored a word | of text |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        ours, streamed, whole = row.ours.cpu_ms, row.streamed.cpu_ms, row.whole.cpu_ms
        lines.append(
            f"| {row.strategy} | {row.words:,} | {row.ours.calls} | {ours:.1f} | {streamed:.1f} "
            f"| {ours / streamed:.1f}× | {whole:.1f} | {ours / whole:.1f}× "
            f"| {row.ours.wall_ms / row.streamed.wall_ms:.1f}× "
            f"| {row.commits / row.ours.calls:.1f} | {row.stored / row.words:.0f} "
            f"| {row.text / row.words:.1f} |"
        )
    return "\n".join(lines)


async def run(words: Sequence[int], strategies: Sequence[str]) -> list[Row]:
    """All documents in one data folder, after a short one that nobody counts."""
    with tempfile.TemporaryDirectory() as home, served() as url:
        services = open_services(Path(home), url, concurrency=SLOTS, window=WINDOW)
        try:
            await measure(services, url, strategies[0], 1000)
            return [await measure(services, url, name, n) for n in words for name in strategies]
        finally:
            await services.close()


def main() -> None:
    """Measure, print, and keep the table where `--out` says."""
    parser = argparse.ArgumentParser("benchmarks.overhead", description=__doc__)
    parser.add_argument("--words", type=int, nargs="+", default=[10_000])
    parser.add_argument(
        "--strategies", nargs="+", choices=list(STRATEGIES), default=list(STRATEGIES)
    )
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    rows = asyncio.run(run(given.words, given.strategies))
    text = (
        "# Overhead\n\nWhat Longleaf's own work costs beside a bare `AsyncOpenAI` client that "
        "makes the same calls and keeps nothing. The fake model answers at once, from a process "
        f"of its own; up to {SLOTS} calls at a time; SQLite with `synchronous=FULL`. Ours streams "
        "every section, so the streamed client is the nearer comparison. Counting, gates, repair "
        "and the final check are in ours. A real answer takes seconds. "
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}.\n\n"
        f"    python -m benchmarks.overhead --words {' '.join(map(str, given.words))}\n\n"
        f"{table(rows)}\n"
    )
    print("\n" + text)
    if given.out:
        given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
