"""Knows how to serve the chat.completions protocol on 127.0.0.1, as a model's server would.

The answers come from `behaviour`, the failures from `faults`, and `chat` chooses between them;
here are connections and routes. In a test:

    async with FakeEndpoint(mode="short+noisy", seed=7, window=8192) as endpoint:
        client = openai.AsyncOpenAI(base_url=endpoint.url, api_key="any", max_retries=0)

Without asyncio: `with run_in_thread(...) as endpoint:`. As a process:
`python -m tests.fakes.endpoint --port 0 --mode short+noisy --seed 7 --log calls.jsonl`.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from tests.fakes.calls import Call, Record
from tests.fakes.chat import Chat, OnCall, OnSent
from tests.fakes.embeddings import Embeddings, OnEmbed
from tests.fakes.faults import FAULTS
from tests.fakes.models import Models
from tests.fakes.options import Options, arguments
from tests.fakes.request import MAX_HEAD, Request, receive
from tests.fakes.wire import Wire

__all__ = ["Call", "FakeEndpoint", "Options", "run_in_thread"]


class FakeEndpoint:
    """An async context manager that serves until it is left."""

    def __init__(
        self,
        options: Options | None = None,
        *,
        on_call: OnCall | None = None,
        on_sent: OnSent | None = None,
        on_embed: OnEmbed | None = None,
        **settings: Any,
    ) -> None:
        """Prepare a server; it listens once entered.

        Args:
            options: What it is like.
            on_call: Awaited for every chat call, before anything is sent.
            on_sent: Awaited after every piece of an answer to a chat call.
            on_embed: Awaited for every call for vectors, likewise.
            settings: Fields of `Options`, over those of `options`.

        Raises:
            ValueError: a mode or a fault that does not exist.
        """
        self.options = dataclasses.replace(options or Options(), **settings)
        self._record = Record(self.options.log)
        self._models = Models(self.options)
        self._chat = Chat(self.options, self._models, self._record, on_call, on_sent)
        self.embeddings = Embeddings(self.options, on_embed)
        self._connections: set[asyncio.Task[None]] = set()
        self._crashes: list[BaseException] = []
        names = {*self.options.faults.values(), *self.options.fault_names}
        if unknown := names - FAULTS.keys():
            raise ValueError(f"unknown faults: {sorted(unknown)}; known: {sorted(FAULTS)}")

    async def __aenter__(self) -> FakeEndpoint:
        self._record.open()
        self._server = await asyncio.start_server(
            self._accept, self.options.host, self.options.port, limit=MAX_HEAD
        )
        self._chat.address = self.address
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        connections = list(self._connections)
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        await self._server.wait_closed()
        self._record.close()
        if self._crashes:  # a bug of the fake or of a hook must not pass for a model's fault
            raise self._crashes[0]

    @cached_property
    def address(self) -> str:
        """The server's address without a path."""
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"http://{host}:{port}"

    @property
    def url(self) -> str:
        """The base address for clients, ending in /v1."""
        return f"{self.address}/v1"

    @property
    def calls(self) -> list[Call]:
        """Every chat call so far."""
        return self._record.calls

    @property
    def embedded(self) -> list[list[str]]:
        """The texts of every call for vectors so far."""
        return self.embeddings.asked

    @property
    def in_flight(self) -> int:
        """Chat calls that have not ended."""
        return self._record.in_flight

    @property
    def paused(self) -> bool:
        """Whether chat calls are held."""
        return self._chat.held_from is not None

    def fault_url(self, name: str) -> str:
        """The base address under which every chat call has that fault."""
        return f"{self.address}/{name}/v1"

    def pause(self, number: int = 0) -> None:
        """Hold every chat call from `number` on, until `resume`; from any thread.

        It is held before its answer begins, also if it was sent before.
        """
        self._chat.held_from = number

    def resume(self) -> None:
        self._chat.held_from = None

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._connections.discard(task)
        if not task.cancelled() and (crash := task.exception()):
            self._crashes.append(crash)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            keep = True
            while keep and (request := await receive(reader, writer)):
                wire = Wire(reader, writer)
                wire.keep = request.headers.get("connection", "").lower() != "close"
                await self._route(request, wire)
                keep = wire.keep
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client left: nobody is there to be told
        except asyncio.CancelledError:
            writer.transport.abort()  # a client that does not read would hold up the end
            raise
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _route(self, request: Request, wire: Wire) -> None:
        wire.head_only = request.method == "HEAD"
        path = request.path.partition("?")[0].rstrip("/")
        fault, _, rest = path.lstrip("/").partition("/")
        fault, path = (fault, f"/{rest}") if fault in FAULTS else ("", path)
        match request.method, path:
            case "POST", "/v1/chat/completions":
                await self._chat.serve(request, wire, fault)
            case "GET", "/v1/models" if not request.bears(self.options.api_key):
                await self._chat.refuse_key(wire)
            case "GET", "/v1/models":
                await wire.reply(200, {"object": "list", "data": self._models.listing()})
            case "POST", "/v1/embeddings":
                await self.embeddings.serve(request, wire)
            case "GET", "/props" if self.options.publish == "llamacpp":
                settings = {"n_ctx": self.options.named_window}
                slots = self.options.slots or 1
                props = {"default_generation_settings": settings, "total_slots": slots}
                await wire.reply(200, props)
            case _:
                text = f"Unknown request: {request.method} {path}"
                await wire.error(404, text, "not_found", "invalid_request_error")


@contextlib.contextmanager
def run_in_thread(
    *, on_call: OnCall | None = None, on_sent: OnSent | None = None, **settings: Any
) -> Iterator[FakeEndpoint]:
    """Serve from a thread with its own loop, for tests without asyncio.

    Raises:
        OSError: the address could not be listened on.
    """
    endpoint = FakeEndpoint(on_call=on_call, on_sent=on_sent, **settings)
    ready = threading.Event()
    stop: list[Callable[[], object]] = []
    failures: list[BaseException] = []

    async def serve() -> None:
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        async with endpoint:
            stop.append(lambda: loop.call_soon_threadsafe(stopped.set))
            ready.set()
            await stopped.wait()

    def run() -> None:
        try:
            asyncio.run(serve())
        except OSError as error:
            failures.append(error)
        finally:
            ready.set()

    thread = threading.Thread(target=run, name="fake-endpoint", daemon=True)
    thread.start()
    ready.wait()
    if failures:
        raise failures[0]
    try:
        yield endpoint
    finally:
        stop[0]()
        thread.join()


async def _main(options: Options) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with FakeEndpoint(options) as endpoint:
        sys.stdout.write(json.dumps({"url": endpoint.url}) + "\n")
        sys.stdout.flush()
        await stopped.wait()


if __name__ == "__main__":
    asyncio.run(_main(arguments(__doc__)))
