"""`serve` as a process: a hundred readers of one run, and a death of the server in its midst."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from bootstrap import database_file
from core.settings import load_settings
from storage import events
from storage.database import Database
from tests.door import PROMPT
from tests.e2e.support_cli import command
from tests.fakes.calls import Call
from tests.fakes.endpoint import FakeEndpoint
from tests.program import Program
from tests.readers import Reader


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@dataclass
class Server:
    """`serve` on one port, started as often as needed."""

    port: int
    url: str
    process: Program | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it and wait until it serves."""
        given = ("serve", "--port", self.port, "--base-url", self.url, "--model", "fake")
        self.process = Program(command(*given), stderr=subprocess.PIPE, encoding="utf-8")
        assert self.process.stderr is not None
        line = await asyncio.to_thread(self.process.stderr.readline)
        assert line.startswith("Longleaf is at "), line

    async def stop(self, number: signal.Signals) -> None:
        """Send a signal and wait for the end."""
        assert self.process is not None
        self.process.send_signal(number)
        await asyncio.to_thread(self.process.communicate)


class Deaths:
    """Asks for a death when the model has been called so often."""

    def __init__(self, *numbers: int) -> None:
        self.numbers = numbers
        self.due = asyncio.Event()
        self.go_on = asyncio.Event()
        """Until it is set, the model does not answer the call at which the death is due."""
        self.go_on.set()
        self.seen = 0

    async def __call__(self, _: Call) -> None:
        self.seen += 1
        if self.seen in self.numbers:
            self.due.set()
            await self.go_on.wait()


@asynccontextmanager
async def served(deaths: Deaths) -> AsyncIterator[Server]:
    async with FakeEndpoint(on_call=deaths) as fake:
        server = Server(free_port(), fake.url)
        await server.start()
        try:
            yield server
        finally:
            await server.stop(signal.SIGKILL)


async def watched(readers: int, number: signal.Signals, at: int) -> None:
    """Follow a run with so many readers while the server dies once and comes back."""
    deaths = Deaths(at)
    deaths.go_on.clear()
    async with served(deaths) as server:
        up = asyncio.Event()
        up.set()

        async def die() -> None:
            await deaths.due.wait()
            await asyncio.gather(*(reader.begun.wait() for reader in crowd))
            up.clear()
            deaths.go_on.set()
            await server.stop(number)
            await server.start()
            up.set()

        async with httpx2.AsyncClient(base_url=server.address, timeout=60) as http:
            body = {"prompt": PROMPT.format("2,000"), "rounds": 0}
            run_id = (await http.post("/api/v1/runs", json=body)).json()["run_id"]

        async def back() -> None:
            await up.wait()

        crowd = [Reader(server.address, run_id, seed, back) for seed in range(readers)]
        dying = asyncio.create_task(die())
        await asyncio.gather(*(reader.follow() for reader in crowd))
        await dying
    db = Database.open(database_file(load_settings()))
    found = db.run_sync(lambda s: list(events.since(s, run_id)), write=False)
    db.close()
    wanted = [(event.seq, event.type, event.data) for event in found]
    assert [number for number, *_ in wanted] == list(range(1, len(wanted) + 1))
    assert wanted[-1][1] in ("finished", "status")
    for reader in crowd:
        assert reader.events == wanted, f"reader {reader.seed}"
        assert reader.end == {"status": "done"}
    assert all(reader.lost for reader in crowd)


@pytest.mark.verify
async def test_a_server_that_ends_is_gone_on_with_by_the_next(own_home: Path) -> None:
    await watched(4, signal.SIGTERM, 4)


@pytest.mark.verify
async def test_a_hundred_readers_over_a_death_of_the_server(own_home: Path) -> None:
    """About half a minute."""
    await watched(100, signal.SIGKILL, 5)


@pytest.mark.verify
async def test_twenty_keys_of_fifty_parallel_posts_make_twenty_runs(own_home: Path) -> None:
    async with served(Deaths()) as server:
        limits = httpx2.Limits(max_connections=50)
        async with httpx2.AsyncClient(base_url=server.address, timeout=120, limits=limits) as http:

            async def post(key: int) -> str:
                body = {"prompt": f"Tides, part {key}", "words": 100, "rounds": 0}
                headers = {"idempotency-key": f"key {key}"}
                answer = await http.post("/api/v1/runs", json=body, headers=headers)
                assert answer.status_code == 202, answer.text
                return str(answer.json()["run_id"])

            found = await asyncio.gather(*(post(key) for _ in range(50) for key in range(20)))
            assert len(set(found)) == 20
            listed = (await http.get("/api/v1/runs", params={"limit": 100})).json()["runs"]
            assert {run["run_id"] for run in listed} == set(found)


@pytest.mark.verify
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_a_dataset_outlives_its_server(own_home: Path, number: signal.Signals) -> None:
    """Somebody watches it all the while. About ten seconds each, twenty on a busy machine."""
    deaths = Deaths(9)
    lines = [{"prompt": f"Write about harbour {n}", "length": 150} for n in range(12)]
    data = "\n".join(map(json.dumps, lines)).encode()
    path = "/api/v1/datasets"
    async with served(deaths) as server:
        async with httpx2.AsyncClient(base_url=server.address, timeout=60) as http:
            options = {"rounds": 0, "concurrency": 2}
            made = await http.post(path, params=options, content=data)
            dataset = made.json()["id"]
            watching = asyncio.create_task(http.get(f"{path}/{dataset}/live"))
            await deaths.due.wait()
            await server.stop(number)
            await asyncio.wait({watching})
        await server.start()
        async with httpx2.AsyncClient(base_url=server.address, timeout=60) as http:
            told = (await http.get(f"{path}/{dataset}/live")).text
            assert '"status":"done"' in told.splitlines()[-3] + told.splitlines()[-2], told[-300:]
            view = (await http.get(f"{path}/{dataset}")).json()
            packed = await http.get(f"{path}/{dataset}/export", params={"as": "jsonl"})
    watching.exception()
    assert (view["done"], view["failed"], view["rejected"]) == (12, 0, 0)
    rows = [json.loads(line) for line in packed.content.splitlines()]
    assert [row["messages"][0]["content"] for row in rows] == [row["prompt"] for row in lines]
