"""How a request arrives: who sends it too slowly, too large or by halves loses the connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

import pytest
import uvicorn

from api.application import create_api
from api.reception import CONNECTIONS, HEAD_BYTES, KEEP_ALIVE_SECONDS, Reception
from tests.door import Server
from tests.support import open_services

HOST = b"Host: 127.0.0.1\r\n"
WHOLE = b"GET /api/v1/health HTTP/1.1\r\n" + HOST + b"\r\n"
BEGUN = b"POST /api/v1/runs HTTP/1.1\r\n" + HOST + b"Content-Length: 100\r\n\r\n{"


class Quick(Reception):
    """With deadlines that a test can wait for."""

    head_seconds = body_seconds = 0.2


@asynccontextmanager
async def served(home: Path, protocol: type[Reception] = Quick, **more: Any) -> AsyncIterator[int]:
    """The API on a port of its own."""
    services = open_services(home, "http://127.0.0.1:9/v1", settings={"api": {"pick_up": False}})
    app = create_api(services)

    @app.get("/api/v1/running")
    async def running() -> bool:
        return waits()

    config = uvicorn.Config(
        app, port=0, log_config=None, access_log=False, ws="none", http=protocol,
        h11_max_incomplete_event_size=HEAD_BYTES, timeout_keep_alive=KEEP_ALIVE_SECONDS, **more,
    )  # fmt: skip
    server = Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await serving


@asynccontextmanager
async def connected(
    port: int,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def until_closed(port: int, *parts: bytes) -> bytes:
    """What comes back until the server closes the connection."""
    async with connected(port) as (reader, writer):
        for part in parts:
            writer.write(part)
            await writer.drain()
        return await reader.read()


@pytest.mark.parametrize("sent", [b"", b"G", b"GET / HTTP/1.1\r\n", WHOLE[:-2], BEGUN], ids=repr)
async def test_half_a_request_holds_no_connection(tmp_path: Path, sent: bytes) -> None:
    async with served(tmp_path) as port:
        assert b" 200 " not in await until_closed(port, sent)


async def test_a_byte_now_and_then_does_not_help(tmp_path: Path) -> None:
    async with served(tmp_path) as port, connected(port) as (reader, writer):
        closed = asyncio.create_task(reader.read())
        while not closed.done():
            writer.write(b"x")
            await asyncio.wait([closed], timeout=0.01)
        assert closed.exception() is not None or closed.result() == b""


class Seen(Reception):
    """With the usual deadlines, to be looked at."""

    all: ClassVar[list[Reception]] = []

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        Seen.all.append(self)


def waits() -> bool:
    """Whether a deadline runs for the connection made last."""
    return bool(Seen.all) and Seen.all[-1]._deadline is not None


async def test_each_request_of_a_connection_has_its_deadline(tmp_path: Path) -> None:
    Seen.all.clear()
    async with served(tmp_path, Seen) as port, connected(port) as (reader, writer):
        for _ in range(3):
            writer.write(WHOLE[:10])
            while not waits():
                await asyncio.sleep(0)
            writer.write(WHOLE[10:])
            assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
            assert await reader.readuntil(b"}")
            assert not waits()  # uvicorn's own is for the time between


async def test_no_deadline_runs_while_it_is_answered(tmp_path: Path) -> None:
    async with served(tmp_path, Seen) as port:
        running = f"GET /api/v1/running HTTP/1.1\r\n{HOST.decode()}Connection: close\r\n\r\n"
        assert (await until_closed(port, running.encode())).endswith(b"false")


async def test_headers_have_a_size(tmp_path: Path) -> None:
    large = b"X-Large: " + b"x" * (2 * HEAD_BYTES) + b"\r\n"
    async with served(tmp_path, Reception) as port:
        answer = await until_closed(port, WHOLE[:-2] + large[: HEAD_BYTES + 100])
        assert answer.startswith(b"HTTP/1.1 400")


async def test_connections_have_a_number(tmp_path: Path) -> None:
    async with served(tmp_path, Reception, limit_concurrency=3) as port:
        held = [asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        writers = [(await each)[1] for each in held]
        answer = await until_closed(port, WHOLE)
        assert answer.startswith(b"HTTP/1.1 503")
        for writer in writers:
            writer.close()


@pytest.mark.verify
async def test_three_hundred_half_open_connections(tmp_path: Path) -> None:
    """About six seconds: while they are held others are served, and then none is held any more."""

    class Held(Reception):
        head_seconds = 5.0

    async with served(tmp_path, Held, limit_concurrency=CONNECTIONS) as port:
        held = [asyncio.create_task(until_closed(port, WHOLE[:20])) for _ in range(300)]
        answers = 0
        while not all(task.done() for task in held):
            answer = await until_closed(port, WHOLE[:-2] + b"Connection: close\r\n\r\n")
            assert b" 200 " in answer
            answers += 1
        assert {task.result() for task in held} == {b""}
        assert answers > 1
