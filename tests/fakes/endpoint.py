"""Knows how to serve the chat.completions protocol on 127.0.0.1, as a model's server would.

The answers come from `behaviour`, the failures from `faults`; here are HTTP, the clock and the
log. In a test:

    async with FakeEndpoint(mode="short+noisy", seed=7, window=8192) as endpoint:
        client = openai.AsyncOpenAI(base_url=endpoint.url, api_key="any", max_retries=0)

Without asyncio: `with run_in_thread(...) as endpoint:`. As a process:
`python -m tests.fakes.endpoint --port 0 --mode short+noisy --seed 7 --log calls.jsonl`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
import hashlib
import heapq
import json
import random
import signal
import sys
import threading
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TextIO

from tests.fakes.behaviour import (
    MODES,
    Answer,
    Ask,
    Habits,
    answer,
    count_tokens,
    parse_modes,
    read,
    request_hash,
    wants_schema,
)
from tests.fakes.faults import FAULTS, POLL_SECONDS, ClientGoneError, Victim, Wire

_MAX_HEAD = 1 << 20
_UNKNOWN_WINDOW = 8192  # named by overflow faults when the server has no window


@dataclass(frozen=True)
class Options:
    """What a fake endpoint is like. Defaults: obedient, immediate, without limits."""

    host: str = "127.0.0.1"
    port: int = 0
    mode: str = "obey"
    """Modes joined by "+"; a model name such as fake-short+noisy takes their place."""
    seed: int = 0
    window: int | None = None
    """Tokens of prompt and answer together."""
    publish: str | None = None
    """Tell the window as "vllm" or "llamacpp" does, errors included."""
    api_key: str | None = None
    models: Sequence[str] = ("fake",)
    strict_model: bool = False
    tokens_per_second: float | None = None
    """Of one call; None: no time passes."""
    first_token_seconds: float = 0.0
    slots: int | None = None
    """Calls answered at the same time; the others wait in order."""
    speedup: float = 1.0
    """Real waits are the virtual ones divided by this."""
    faults: Mapping[int, str] = field(default_factory=dict)
    """Fault of the n-th chat call, from 1."""
    fault_rate: float = 0.0
    """Share of the other calls that get one of `fault_names`, drawn by seed and number."""
    fault_names: Sequence[str] = ("rate_limit", "server_error", "reset", "clean_early_end")
    tries: int | None = None
    """See `Habits`; likewise the next two."""
    loop_tries: int | None = None
    hopeless_json: bool = False
    delta_words: int = 8
    """Most words of a streamed delta."""
    log: Path | str | None = None
    """File that gets one JSON line a call, when the call has ended."""


@dataclass
class Call:
    """One chat call. Times are seconds since the server's start: real, and virtual.

    Virtual time counts only what the clock makes calls take (waiting for a slot, the first token,
    the tokens): a call arrives at the latest virtual end of the calls answered before it. That is
    true to a real server as long as `speedup` leaves the shortest call some 50 ms of real time.
    """

    n: int
    path: str
    model: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list, repr=False)
    request: dict[str, Any] = field(default_factory=dict, repr=False)
    kind: str = ""
    asked: int = 0
    written: int = 0
    heading: str = ""
    stream: bool = False
    fault: str | None = None
    status: int = 0
    """HTTP status sent; 499 if the client left before the end."""
    finish_reason: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    request_hash: str = ""
    in_flight: int = 0
    """Chat calls in flight when this one arrived, itself included."""
    started: float = 0.0
    finished: float | None = None
    virtual_started: float = 0.0
    virtual_finished: float | None = None

    def line(self) -> str:
        """The call as JSON without its messages."""
        kept = dataclasses.asdict(self)
        del kept["messages"], kept["request"]
        return json.dumps(kept, ensure_ascii=False)


class Clock:
    """Decides when calls start and end, in virtual seconds, and lets real time pass for them."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._free = [0.0] * (options.slots or 0)
        self._gate = asyncio.Semaphore(options.slots) if options.slots else None
        self.now = 0.0
        """The latest virtual end of the calls answered so far, in seconds."""

    @contextlib.asynccontextmanager
    async def slot(self, call: Call, wire: Wire) -> AsyncIterator[float]:
        """Hold a slot; gives the real time at which it was got."""
        loop = asyncio.get_running_loop()
        if self._gate is None:
            yield loop.time()
            return
        async with self._gate:
            if wire.gone:
                raise ClientGoneError
            call.virtual_started = max(call.virtual_started, heapq.heappop(self._free))
            call.virtual_finished = call.virtual_started
            try:
                yield loop.time()
            finally:
                heapq.heappush(self._free, call.virtual_finished)

    async def reach(self, wire: Wire, begun: float, tokens: int) -> None:
        """Wait until a call that began at that real time has made so many tokens."""
        due = begun + self.takes(tokens) / self._options.speedup
        left = due - asyncio.get_running_loop().time()
        if left > 0.001:
            await wire.wait(left)

    def takes(self, tokens: int) -> float:
        """Virtual seconds from getting a slot until so many tokens are made."""
        speed = self._options.tokens_per_second
        return self._options.first_token_seconds + (tokens / speed if speed else 0.0)

    def end(self, call: Call, tokens: int) -> None:
        call.virtual_finished = call.virtual_started + self.takes(tokens)
        self.now = max(self.now, call.virtual_finished)


@dataclass(frozen=True)
class _Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class FakeEndpoint:
    """An async context manager that serves until it is left."""

    def __init__(
        self,
        options: Options | None = None,
        *,
        on_call: Callable[[Call], Awaitable[None]] | None = None,
        **settings: Any,
    ) -> None:
        """Prepare a server; it listens once entered.

        Args:
            options: What it is like.
            on_call: Awaited for every chat call, before anything is sent.
            settings: Fields of `Options`, over those of `options`.

        Raises:
            ValueError: a mode or a fault that does not exist.
        """
        self.options = dataclasses.replace(options or Options(), **settings)
        self.calls: list[Call] = []
        self.in_flight = 0
        self.paused = False
        self._on_call = on_call
        self._habits = self._habits_of(self.options.mode)
        self._answers: Counter[str] = Counter()
        self._connections: set[asyncio.Task[None]] = set()
        self._crashes: list[BaseException] = []
        self._log: TextIO | None = None
        names = {*self.options.faults.values(), *self.options.fault_names}
        if unknown := names - FAULTS.keys():
            raise ValueError(f"unknown faults: {sorted(unknown)}; known: {sorted(FAULTS)}")

    async def __aenter__(self) -> FakeEndpoint:
        self._began = asyncio.get_running_loop().time()
        self._clock = Clock(self.options)
        if self.options.log:
            self._log = Path(self.options.log).open("a", encoding="utf-8", errors="replace")  # noqa: SIM115
        self._server = await asyncio.start_server(
            self._accept, self.options.host, self.options.port, limit=_MAX_HEAD
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        connections = list(self._connections)
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        await self._server.wait_closed()
        if self._log:
            self._log.close()
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

    def fault_url(self, name: str) -> str:
        """The base address under which every chat call has that fault."""
        return f"{self.address}/{name}/v1"

    def pause(self) -> None:
        """Hold every chat call before its answer begins, until `resume`; from any thread."""
        self.paused = True

    def resume(self) -> None:
        self.paused = False

    def _habits_of(self, mode: str) -> Habits:
        options = self.options
        return Habits(parse_modes(mode), options.tries, options.loop_tries, options.hopeless_json)

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
            while keep and (request := await _receive(reader, writer)):
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

    async def _route(self, request: _Request, wire: Wire) -> None:
        wire.head_only = request.method == "HEAD"
        path = request.path.partition("?")[0].rstrip("/")
        fault, _, rest = path.lstrip("/").partition("/")
        fault, path = (fault, f"/{rest}") if fault in FAULTS else ("", path)
        match request.method, path:
            case "POST", "/v1/chat/completions":
                await self._chat(request, wire, fault)
            case "GET", "/v1/models" if not self._allowed(request):
                await FAULTS["bad_key"](wire, self._victim())
            case "GET", "/v1/models":
                await wire.reply(200, {"object": "list", "data": self._models()})
            case "GET", "/props" if self.options.publish == "llamacpp":
                settings = {"n_ctx": self.options.window or _UNKNOWN_WINDOW}
                slots = self.options.slots or 1
                props = {"default_generation_settings": settings, "total_slots": slots}
                await wire.reply(200, props)
            case _:
                text = f"Unknown request: {request.method} {path}"
                await wire.error(404, text, "not_found", "invalid_request_error")

    def _models(self) -> list[dict[str, Any]]:
        more = [f"fake-{mode}" for mode in sorted(MODES)] if "fake" in self.options.models else []
        window = self.options.window or _UNKNOWN_WINDOW
        told = {"max_model_len": window} if self.options.publish == "vllm" else {}
        shape = {"object": "model", "created": 1_700_000_000, "owned_by": "tests"}
        return [{"id": name} | shape | told for name in (*self.options.models, *more)]

    def _allowed(self, request: _Request) -> bool:
        key = self.options.api_key
        return key is None or request.headers.get("authorization") == f"Bearer {key}"

    async def _chat(self, request: _Request, wire: Wire, fault: str) -> None:
        self.in_flight += 1
        call = Call(len(self.calls) + 1, request.path, in_flight=self.in_flight)
        call.virtual_started = self._clock.now
        call.started = asyncio.get_running_loop().time() - self._began
        self.calls.append(call)
        ended = False
        try:
            await self._answer(request, wire, call, fault)
            ended = True
        finally:
            self.in_flight -= 1
            call.status = wire.status if ended else 499
            call.finished = asyncio.get_running_loop().time() - self._began
            if self._log:
                self._log.write(call.line() + "\n")
                self._log.flush()

    async def _answer(self, request: _Request, wire: Wire, call: Call, fault: str) -> None:
        body = _parsed(request.body)
        wire.answer_id = "chatcmpl-fake"
        ask = read(body) if body else None
        if body and ask:
            self._note(call, wire, body, ask)
        if self._on_call:
            await self._on_call(call)
        while self.paused:
            await wire.wait(POLL_SECONDS)
        if body is None or ask is None:
            text = "The body must be a JSON object with a list of messages."
            await wire.error(400, text, "invalid_body", "invalid_request_error")
            return
        call.fault = self._fault_of(call, fault) or self._objection(request, body, ask, wire.model)
        if call.fault == "no_schema":
            text = "response_format is not supported by this model."
            form = "unsupported_parameter"
            await wire.error(400, text, form, "invalid_request_error", param="response_format")
        elif call.fault:
            await FAULTS[call.fault](wire, self._victim(call, lambda: self._made(body, ask)))
        else:
            await self._deliver(wire, call, body, ask)

    def _note(self, call: Call, wire: Wire, body: dict[str, Any], ask: Ask) -> None:
        call.request, call.messages = body, body["messages"]
        call.model = wire.model = str(body.get("model", ""))
        call.stream = wire.stream = body.get("stream") is True
        call.kind, call.asked, call.heading = ask.kind, ask.amount, ask.heading
        call.prompt_tokens = ask.prompt_tokens
        call.request_hash = request_hash(body)
        wire.answer_id = f"chatcmpl-{call.request_hash[:24]}"

    def _fault_of(self, call: Call, by_path: str) -> str | None:
        if name := by_path or self.options.faults.get(call.n):
            return name
        rng = random.Random(f"{self.options.seed}:fault:{call.n}")
        unlucky = rng.random() < self.options.fault_rate
        return rng.choice(self.options.fault_names) if unlucky else None

    def _objection(
        self, request: _Request, body: dict[str, Any], ask: Ask, model: str
    ) -> str | None:
        """Name what an honest server would refuse this request for."""
        if not self._allowed(request):
            return "bad_key"
        habits = self._habits_for(model)
        if habits is None:
            return "no_model"
        if "no_schema" in habits.modes and wants_schema(body):
            return "no_schema"
        wanted = ask.prompt_tokens
        if self.options.publish == "vllm":  # which counts the room for the answer too
            wanted += ask.limit or 0
        if self.options.window and wanted > self.options.window:
            form = self.options.publish
            return f"overflow_{form}" if form else "overflow"
        return None

    def _habits_for(self, model: str) -> Habits | None:
        """Find how a model behaves; None: there is no such model."""
        if model in self.options.models:
            return self._habits
        if model.startswith("fake-"):
            with contextlib.suppress(ValueError):
                return self._habits_of(model.removeprefix("fake-"))
        return None if self.options.strict_model else self._habits

    def _made(self, body: dict[str, Any], ask: Ask) -> Answer:
        """Make the answer, never longer than the window has room for."""
        habits = self._habits_for(str(body.get("model", ""))) or self._habits
        if self.options.window:
            room = max(1, self.options.window - ask.prompt_tokens)
            ask = dataclasses.replace(ask, limit=min(ask.limit or room, room))
        attempt = max(1, self._answers[ask.section_key])
        return answer(body, habits, self.options.seed, attempt, ask)

    def _victim(self, call: Call | None = None, make: Callable[[], Answer] | None = None) -> Victim:
        return Victim(
            answer=make or (lambda: Answer("", "stop")),
            prompt_tokens=call.prompt_tokens if call else 0,
            window=self.options.window or _UNKNOWN_WINDOW,
            address=self.address,
            speedup=self.options.speedup,
            flip=bool(call and int(call.request_hash[:2], 16) & 1),
        )

    async def _deliver(self, wire: Wire, call: Call, body: dict[str, Any], ask: Ask) -> None:
        async with self._clock.slot(call, wire) as begun:
            self._answers[ask.section_key] += 1
            made = self._made(body, ask)
            call.written, call.finish_reason = made.written, made.finish
            call.completion_tokens = made.tokens
            usage = {
                "prompt_tokens": call.prompt_tokens,
                "completion_tokens": made.tokens,
                "total_tokens": call.prompt_tokens + made.tokens,
            }
            if wire.stream:
                await self._streamed(wire, made, begun)
                if (body.get("stream_options") or {}).get("include_usage"):
                    await wire.event(wire.chunk_json({}) | {"choices": [], "usage": usage})
            else:
                await self._clock.reach(wire, begun, made.tokens)
            self._clock.end(call, made.tokens)  # before the client can react to the end
            if wire.stream:
                await wire.end()
                return
            message: dict[str, Any] = {"content": made.content}
            if made.reasoning:
                message["reasoning_content"] = made.reasoning
            await wire.reply(200, wire.whole_json(message, made.finish) | {"usage": usage})

    async def _streamed(self, wire: Wire, made: Answer, begun: float) -> None:
        tokens = 0
        await self._clock.reach(wire, begun, 0)
        await wire.open()
        await wire.delta({"role": "assistant", "content": ""})
        for name, text in (("reasoning_content", made.reasoning), ("content", made.content)):
            for piece in _pieces(text, self.options.delta_words):
                tokens += count_tokens(piece)
                await self._clock.reach(wire, begun, min(tokens, made.tokens))
                await wire.delta({name: piece})
        await wire.delta({}, made.finish)


async def _receive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> _Request | None:
    """Read one request; None when the client has closed."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
    if "transfer-encoding" in headers:
        await Wire(reader, writer).error(411, "Send a Content-Length.", None, "invalid_request")
        return None
    if headers.get("expect", "").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return _Request(method, path, headers, body)


def _parsed(body: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(body)
    except ValueError:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("response_format") or {}, dict):
        return None
    messages = value.get("messages")
    return value if isinstance(messages, list) and messages and all(map(_good, messages)) else None


def _good(message: object) -> bool:
    return isinstance(message, dict) and isinstance(message.get("content") or "", str | list)


def _pieces(text: str, most: int) -> Iterator[str]:
    """Cut text into deltas, in sizes of one word upwards; a think tag is cut inside."""
    sizes = random.Random(hashlib.sha256(text.encode()).digest())
    for tag in ("<think>", "</think>"):
        head, found, rest = text.partition(tag)
        if found:
            yield from _pieces(head + tag[:4], most)
            text = tag[4:] + rest
    at = 0
    while at < len(text):
        end = at
        for _ in range(sizes.randint(1, most)):
            space = text.find(" ", end + 1, end + 24)
            end = space if space > 0 else min(len(text), end + 24)
        yield text[at:end]
        at = end


@contextlib.contextmanager
def run_in_thread(
    *, on_call: Callable[[Call], Awaitable[None]] | None = None, **settings: Any
) -> Iterator[FakeEndpoint]:
    """Serve from a thread with its own loop, for tests without asyncio.

    Raises:
        OSError: the address could not be listened on.
    """
    endpoint = FakeEndpoint(on_call=on_call, **settings)
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


def _arguments(words: Sequence[str] | None) -> Options:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("tests.fakes.endpoint", None, __doc__, formatter_class=raw)
    texts: dict[str, type] = {
        "host": str, "port": int, "mode": str, "seed": int, "window": int, "api_key": str,
        "tokens_per_second": float, "first_token_seconds": float, "slots": int, "speedup": float,
        "tries": int, "loop_tries": int, "delta_words": int, "fault_rate": float, "log": Path,
    }  # fmt: skip
    default = Options()
    for name, kind in texts.items():
        flag = "--" + name.replace("_", "-")
        parser.add_argument(flag, type=kind, default=getattr(default, name))
    parser.add_argument("--publish", choices=["vllm", "llamacpp"])
    parser.add_argument("--models", nargs="+", default=default.models)
    parser.add_argument("--fault-names", nargs="+", default=default.fault_names)
    parser.add_argument("--fault", dest="faults", action="append", default=[], metavar="N=NAME")
    parser.add_argument("--strict-model", action="store_true")
    parser.add_argument("--hopeless-json", action="store_true")
    values = vars(parser.parse_args(words))
    pairs = [fault.split("=", 1) for fault in values.pop("faults")]
    return Options(**values, faults={int(n): name for n, name in pairs})


async def _main(options: Options) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with FakeEndpoint(options) as endpoint:
        sys.stdout.write(json.dumps({"url": endpoint.url}) + "\n")
        sys.stdout.flush()
        await stopped.wait()


if __name__ == "__main__":
    asyncio.run(_main(_arguments(None)))
