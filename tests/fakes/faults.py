"""Knows how an endpoint fails on the wire: HTTP writing by hand, and every fault by name.

Each fault is a coroutine that answers one request badly. It writes through a `Wire`, in streamed
or in whole form as the request asked, and takes real model text from the `Call` where the fault
needs some.
"""

from __future__ import annotations

import asyncio
import functools
import json
import socket
import struct
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.fakes.behaviour import Answer

POLL_SECONDS = 0.005
DRIP_SECONDS = 0.5
FLOOD_EVENTS = 20_000
FLOOD_BYTES = 1_200
HUGE_BYTES = 50_000_000
BOMB_BYTES = 100_000_000

_REASONS = {
    200: "OK", 204: "No Content", 307: "Temporary Redirect", 400: "Bad Request",
    401: "Unauthorized", 404: "Not Found", 411: "Length Required", 429: "Too Many Requests",
    500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable",
}  # fmt: skip

Headers = dict[str, str]


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


class ClientGoneError(ConnectionError):
    """The client closed its connection before the answer was complete."""


class Wire:
    """Writes one HTTP response, byte by byte if need be."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.stream = False
        self.head_only = False
        self.keep = True
        """Whether the connection can serve another request."""
        self.status = 0
        self.answer_id = ""
        self.model = ""

    @property
    def gone(self) -> bool:
        """Whether the client has closed its side."""
        broken = self._reader.exception() is not None
        return broken or self._reader.at_eof() or self._writer.is_closing()

    async def wait(self, seconds: float) -> None:
        """Let real time pass.

        Raises:
            ClientGoneError: as soon as the client has gone.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while (left := end - loop.time()) > 0:
            if self.gone:
                raise ClientGoneError
            await asyncio.sleep(min(left, 0.05))

    async def raw(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def head(self, status: int, headers: Headers) -> None:
        self.status = status
        lines = [
            f"HTTP/1.1 {status} {_REASONS[status]}",
            *(f"{k}: {v}" for k, v in headers.items()),
        ]
        await self.raw("\r\n".join([*lines, "", ""]).encode("latin-1"))

    async def reply(
        self,
        status: int,
        body: object,
        headers: Headers | None = None,
        content_type: str = "application/json",
    ) -> None:
        """Send a whole response; a body that is not bytes is sent as JSON."""
        data = body if isinstance(body, bytes) else _json(body)
        length = {"Content-Type": content_type, "Content-Length": str(len(data))}
        await self.head(status, length | (headers or {}))
        if not self.head_only:
            await self.raw(data)

    async def error(
        self, status: int, message: str, code: str | int | None, kind: str, **more: object
    ) -> None:
        """Send an OpenAI-style error; `headers` in `more` are sent as headers."""
        headers: Any = more.pop("headers", None)
        error = {"message": message, "type": kind, "param": None, "code": code} | more
        await self.reply(status, {"error": error}, headers)

    async def open(self, content_type: str = "text/event-stream; charset=utf-8") -> None:
        """Begin a chunked response."""
        await self.head(200, {"Content-Type": content_type, "Transfer-Encoding": "chunked"})

    async def chunk(self, data: bytes) -> None:
        await self.raw(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    async def event(self, value: object) -> None:
        """Send one `data:` line; a string is sent as it is."""
        text = value.encode() if isinstance(value, str) else _json(value)
        await self.chunk(b"data: " + text + b"\n\n")

    async def delta(self, delta: dict[str, Any], finish: str | None = None) -> None:
        await self.event(self.chunk_json(delta, finish))

    async def end(self, done: bool = True) -> None:
        """End a chunked response, with [DONE] or without."""
        if done:
            await self.event("[DONE]")
        await self.raw(b"0\r\n\r\n")

    def chunk_json(self, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return self._envelope("chat.completion.chunk", [choice])

    def whole_json(self, message: dict[str, Any], finish: str | None) -> dict[str, Any]:
        """Build a whole answer's JSON, without usage."""
        message = {"role": "assistant"} | message
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": finish}
        return self._envelope("chat.completion", [choice])

    def _envelope(self, kind: str, choices: list[Any]) -> dict[str, Any]:
        return {
            "id": self.answer_id,
            "object": kind,
            "created": 1_700_000_000,  # constant: the same request has the same bytes
            "model": self.model,
            "choices": choices,
        }

    def cut(self) -> None:
        """Let the connection end after what has been written."""
        self.keep = False

    def reset(self) -> None:
        """Break the connection with a TCP reset."""
        self.keep = False
        raw = self._writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    async def forever(self) -> None:
        """Say nothing until the client goes."""
        while True:
            await self.wait(3600)


@dataclass(frozen=True)
class Victim:
    """What a fault may use of the request it spoils."""

    answer: Callable[[], Answer]
    prompt_tokens: int
    window: int
    address: str
    """The server's address without a path."""
    speedup: float
    flip: bool
    """A bit of the request's hash, to choose between two forms."""

    def half(self) -> str:
        text = self.answer().content
        return text[: max(1, len(text) // 2)]


Fault = Callable[[Wire, Victim], Awaitable[None]]
FAULTS: dict[str, Fault] = {}


def _fault(function: Fault) -> Fault:
    FAULTS[function.__name__.lstrip("_")] = function
    return function


async def _say(wire: Wire, text: str, finish: str | None = None) -> None:
    """Send text as a whole stream so far, or as a whole answer with that finish reason."""
    if not wire.stream:
        await wire.reply(200, wire.whole_json({"content": text}, finish))
        return
    await wire.open()
    await wire.delta({"role": "assistant", "content": ""})
    for at in range(0, len(text), 40):
        await wire.delta({"content": text[at : at + 40]})
    if finish:
        await wire.delta({}, finish)


async def _begin(wire: Wire, text: str) -> None:
    """Send the beginning of an answer and leave it open, streamed or whole."""
    if wire.stream:
        await _say(wire, text)
        return
    await wire.open("application/json")
    body = json.dumps(wire.whole_json({"content": text}, "stop")).encode()
    await wire.chunk(body[: body.index(b'"finish_reason"') - 40])


# Statuses


@_fault
async def rate_limit(wire: Wire, victim: Victim) -> None:
    await wire.error(429, "Rate limit reached, try again in 1s.", "rate_limit_exceeded",
                     "requests", headers={"Retry-After": "1"})  # fmt: skip


@_fault
async def quota(wire: Wire, victim: Victim) -> None:
    text = "You exceeded your current quota, please check your plan and billing details."
    await wire.error(429, text, "insufficient_quota", "insufficient_quota")


@_fault
async def absurd_wait(wire: Wire, victim: Victim) -> None:
    await wire.error(429, "Rate limit reached, try again in 24h.", "rate_limit_exceeded",
                     "requests", headers={"Retry-After": "86400"})  # fmt: skip


@_fault
async def server_error(wire: Wire, victim: Victim) -> None:
    await wire.reply(500, {})


@_fault
async def proxy_page(wire: Wire, victim: Victim) -> None:
    page = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
    await wire.reply(502, page, content_type="text/html")


@_fault
async def loading(wire: Wire, victim: Victim) -> None:
    await wire.error(503, "Loading model", 503, "unavailable_error")


@_fault
async def overflow(wire: Wire, victim: Victim) -> None:
    text = (
        f"This model's maximum context length is {victim.window} tokens. However, your messages "
        f"resulted in {victim.prompt_tokens} tokens. Please reduce the length of the messages."
    )
    code = "context_length_exceeded"
    await wire.error(400, text, code, "invalid_request_error", param="messages")


@_fault
async def overflow_vllm(wire: Wire, victim: Victim) -> None:
    text = (
        f"This model's maximum context length is {victim.window} tokens. However, you requested "
        f"{victim.prompt_tokens} tokens in the messages. Please reduce the length of the messages."
    )
    await wire.error(400, text, 400, "BadRequestError")


def _llamacpp_overflow(victim: Victim) -> dict[str, Any]:
    return {
        "code": 400,
        "message": (
            f"request ({victim.prompt_tokens} tokens) exceeds the available context size "
            f"({victim.window} tokens), try increasing it"
        ),
        "type": "exceed_context_size_error",
        "n_prompt_tokens": victim.prompt_tokens,
        "n_ctx": victim.window,
    }


@_fault
async def overflow_llamacpp(wire: Wire, victim: Victim) -> None:
    await wire.reply(400, {"error": _llamacpp_overflow(victim)})


@_fault
async def error_200(wire: Wire, victim: Victim) -> None:
    await wire.reply(200, {"error": _llamacpp_overflow(victim)})


@_fault
async def bad_key(wire: Wire, victim: Victim) -> None:
    text = "Incorrect API key provided. Check the key in your settings."
    await wire.error(401, text, "invalid_api_key", "invalid_request_error")


@_fault
async def no_model(wire: Wire, victim: Victim) -> None:
    text = f"The model `{wire.model}` does not exist or you do not have access to it."
    await wire.error(404, text, "model_not_found", "invalid_request_error")


@_fault
async def redirect_307(wire: Wire, victim: Victim) -> None:
    await wire.reply(307, b"", {"Location": f"{victim.address}/v1/chat/completions"})


@_fault
async def header_flood(wire: Wire, victim: Victim) -> None:
    await wire.reply(200, {}, {f"X-Flood-{n}": "y" * 100 for n in range(2_000)})


# Bodies that are not an answer


@_fault
async def empty(wire: Wire, victim: Victim) -> None:
    await wire.reply(200, b"")


@_fault
async def no_content_204(wire: Wire, victim: Victim) -> None:
    await wire.head(204, {})


@_fault
async def login_page(wire: Wire, victim: Victim) -> None:
    page = b"<html><body><form>Please sign in: <input name=user></form></body></html>"
    await wire.reply(200, page, content_type="text/html")


@_fault
async def cut_json(wire: Wire, victim: Victim) -> None:
    text = json.dumps(wire.whole_json({"content": victim.half()}, "stop"))
    await wire.reply(200, text[: text.index('"finish_reason"') - 30].encode())


@_fault
async def no_choices(wire: Wire, victim: Victim) -> None:
    choices: dict[str, Any] = {"choices": [] if victim.flip else None}
    if not wire.stream:
        await wire.reply(200, wire.whole_json({}, "stop") | choices)
        return
    await wire.open()
    await wire.event(wire.chunk_json({}) | choices)
    await wire.end()


@_fault
async def null_content(wire: Wire, victim: Victim) -> None:
    if not wire.stream:
        await wire.reply(200, wire.whole_json({"content": None}, "stop"))
        return
    await wire.open()
    await wire.delta({"role": "assistant", "content": None})
    await wire.delta({"content": None}, "stop")
    await wire.end()


@_fault
async def silent_overflow(wire: Wire, victim: Victim) -> None:
    if not wire.stream:
        await wire.reply(200, wire.whole_json({"content": ""}, "stop"))
        return
    await wire.open()
    await wire.delta({"role": "assistant"})
    await wire.delta({}, "stop")
    await wire.end()


@_fault
async def json_for_stream(wire: Wire, victim: Victim) -> None:
    """Answers a request for a stream with whole JSON; this is to be accepted."""
    await wire.reply(200, wire.whole_json({"content": victim.answer().content}, "stop"))


# Answers that end too soon


@_fault
async def length(wire: Wire, victim: Victim) -> None:
    await _say(wire, victim.half(), "length")
    if wire.stream:
        await wire.end()


@_fault
async def filter(wire: Wire, victim: Victim) -> None:
    await _say(wire, victim.half(), "content_filter")
    if wire.stream:
        await wire.end()


@_fault
async def clean_early_end(wire: Wire, victim: Victim) -> None:
    await _say(wire, victim.half())
    if wire.stream:
        await wire.end(done=False)


@_fault
async def done_without_finish(wire: Wire, victim: Victim) -> None:
    await _say(wire, victim.half())
    if wire.stream:
        await wire.end()


@_fault
async def reset(wire: Wire, victim: Victim) -> None:
    await _begin(wire, victim.half())
    await wire.wait(2 * POLL_SECONDS)  # lets the text leave before the reset overtakes it
    wire.reset()


@_fault
async def accept_close(wire: Wire, victim: Victim) -> None:
    """Closes the connection without a byte."""
    wire.cut()


@_fault
async def cut_chunk(wire: Wire, victim: Victim) -> None:
    await _begin(wire, victim.half())
    await wire.raw(b"40\r\n")
    wire.cut()


@_fault
async def cut_event(wire: Wire, victim: Victim) -> None:
    if not wire.stream:
        await cut_json(wire, victim)
        return
    await _say(wire, victim.half())
    line = "data: " + json.dumps(wire.chunk_json({"content": "and then the"}))
    await wire.chunk(line[: len(line) // 2].encode())
    await wire.end(done=False)


@_fault
async def error_event(wire: Wire, victim: Victim) -> None:
    await _error_inside(wire, victim, "")


@_fault
async def error_event_named(wire: Wire, victim: Victim) -> None:
    await _error_inside(wire, victim, "event: error\n")


async def _error_inside(wire: Wire, victim: Victim, name: str) -> None:
    error = {"message": "The engine died.", "type": "server_error", "code": 500, "param": None}
    if not wire.stream:
        await wire.reply(200, {"error": error})
        return
    await _say(wire, victim.half())
    await wire.chunk(f"{name}data: {json.dumps({'error': error})}\n\n".encode())
    await wire.end(done=False)


# Answers that take too long or too much


@_fault
async def stall(wire: Wire, victim: Victim) -> None:
    await _begin(wire, victim.half())
    await wire.forever()


@_fault
async def hang_after_accept(wire: Wire, victim: Victim) -> None:
    await wire.forever()


@_fault
async def slow_loris(wire: Wire, victim: Victim) -> None:
    """Sends pings or single characters for ever; spaces before the JSON if whole."""
    await wire.open(*([] if wire.stream else ["application/json"]))
    while True:
        for letter in victim.answer().content:
            if not wire.stream:
                await wire.chunk(b" ")
            elif victim.flip:
                await wire.chunk(b": ping\n\n")
            else:
                await wire.delta({"content": letter})
            await wire.wait(DRIP_SECONDS / victim.speedup)


@_fault
async def flood(wire: Wire, victim: Victim) -> None:
    if not wire.stream:
        await huge_json(wire, victim)
        return
    await wire.open()
    for number in range(FLOOD_EVENTS):
        await wire.delta({"content": f"flood {number} ".ljust(FLOOD_BYTES, "y")})
    await wire.delta({}, "stop")
    await wire.end()


@_fault
async def huge_json(wire: Wire, victim: Victim) -> None:
    before, after = json.dumps(wire.whole_json({"content": "@"}, "stop")).split("@")
    size = len(before) + HUGE_BYTES + len(after)
    await wire.head(200, {"Content-Type": "application/json", "Content-Length": str(size)})
    await wire.raw(before.encode())
    block = b"word " * 20_000
    for _ in range(HUGE_BYTES // len(block)):
        await wire.raw(block)
    await wire.raw(after.encode())


@_fault
async def gzip_bomb(wire: Wire, victim: Victim) -> None:
    """Sends 100 MB of valid JSON as about 100 kB of gzip."""
    await wire.reply(200, _bomb(), {"Content-Encoding": "gzip"})


@functools.cache
def _bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    start = b'{"choices":[{"index":0,"finish_reason":"stop","message":{"content":"'
    parts = [packer.compress(start)]
    block = b"y" * 1_000_000
    parts += [packer.compress(block) for _ in range(BOMB_BYTES // len(block))]
    return b"".join([*parts, packer.compress(b'"}}]}'), packer.flush()])


# Strange text


@_fault
async def reasoning_unclosed(wire: Wire, victim: Victim) -> None:
    await _say(wire, f"<think>\nI should begin with {victim.half()}", "stop")
    if wire.stream:
        await wire.end()


@_fault
async def reasoning_split(wire: Wire, victim: Victim) -> None:
    """Splits both tags over chunks; the answer after them is good."""
    text = victim.answer().content
    pieces = ["<th", "ink>", "Let me plan this.", "</thi", "nk>", "\n\n"]
    if not wire.stream:
        await _say(wire, "".join(pieces) + text, "stop")
        return
    await wire.open()
    for piece in [*pieces, text]:
        await wire.delta({"content": piece})
    await wire.delta({}, "stop")
    await wire.end()


@_fault
async def reasoning_only(wire: Wire, victim: Victim) -> None:
    """Sends reasoning_content beside null content, and no text at all."""
    thought = {"content": None, "reasoning_content": "Let me plan this."}
    if not wire.stream:
        await wire.reply(200, wire.whole_json(thought, "stop"))
        return
    await wire.open()
    await wire.delta(thought)
    await wire.delta({}, "stop")
    await wire.end()


@_fault
async def bad_text(wire: Wire, victim: Victim) -> None:
    """Sends a lone surrogate, a NUL and CRLF inside the text, as JSON escapes."""
    pieces = [
        "Before \ud83d after.",
        " A NUL\x00 here.",
        "\r\nA line.\r\n",
        victim.answer().content,
    ]
    if not wire.stream:
        whole = wire.whole_json({"content": "".join(pieces)}, "stop")
        await wire.reply(200, json.dumps(whole).encode())
        return
    await wire.open()
    for piece in pieces:
        await wire.event(json.dumps(wire.chunk_json({"content": piece})))
    await wire.delta({}, "stop")
    await wire.end()


@_fault
async def bad_bytes(wire: Wire, victim: Victim) -> None:
    """Sends a byte 0xff, which is no UTF-8, inside the text."""
    body = json.dumps(wire.whole_json({"content": "Bad @ byte."}, "stop")).encode()
    if not wire.stream:
        await wire.reply(200, body.replace(b"@", b"\xff"))
        return
    await wire.open()
    line = json.dumps(wire.chunk_json({"content": "Bad @ byte."})).encode()
    await wire.chunk(b"data: " + line.replace(b"@", b"\xff") + b"\n\n")
    await wire.delta({}, "stop")
    await wire.end()


@_fault
async def split_utf8(wire: Wire, victim: Victim) -> None:
    """Cuts the stream into chunks of one byte inside its characters; the answer is good."""
    await wire.open(*([] if wire.stream else ["application/json"]))
    text = "é海" + victim.answer().content
    if not wire.stream:
        data = json.dumps(wire.whole_json({"content": text}, "stop"), ensure_ascii=False).encode()
        at = data.index("é海".encode()) + 1
        for part in (data[:at], data[at : at + 2], data[at + 2 :]):
            await wire.chunk(part)
        await wire.raw(b"0\r\n\r\n")
        return
    line = json.dumps(wire.chunk_json({"content": text}), ensure_ascii=False).encode()
    at = line.index("é海".encode()) + 1
    for part in (b"data: " + line[:at], line[at : at + 2], line[at + 2 :] + b"\n\n"):
        await wire.chunk(part)
    await wire.delta({}, "stop")
    await wire.end()


@_fault
async def duplicated_chunk(wire: Wire, victim: Victim) -> None:
    text = victim.answer().content
    await _say(wire, text[:40] * 2 + text[40:], "stop")
    if wire.stream:
        await wire.end()


@_fault
async def text_after_done(wire: Wire, victim: Victim) -> None:
    await _say(wire, victim.answer().content, "stop")
    if wire.stream:
        await wire.event("[DONE]")
        await wire.delta({"content": "This comes too late."})
        await wire.end(done=False)


@_fault
async def bad_usage(wire: Wire, victim: Victim) -> None:
    """Gives a good answer whose usage is negative and not a number."""
    usage = {"prompt_tokens": -5, "completion_tokens": float("nan"), "total_tokens": None}
    text = victim.answer().content
    if not wire.stream:
        await wire.reply(200, wire.whole_json({"content": text}, "stop") | {"usage": usage})
        return
    await _say(wire, text, "stop")
    await wire.event(wire.chunk_json({}) | {"choices": [], "usage": usage})
    await wire.end()
