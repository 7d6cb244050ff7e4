"""Knows how one chat call is answered: held, refused, spoilt, or served at the model's pace."""

from __future__ import annotations

import functools
import random
from collections.abc import Awaitable, Callable
from typing import Any

from tests.fakes.ask import Ask, read, request_hash, wants_schema
from tests.fakes.behaviour import Answer
from tests.fakes.calls import Call, Record
from tests.fakes.clock import Clock
from tests.fakes.deltas import pieces
from tests.fakes.faults import FAULTS
from tests.fakes.models import Models
from tests.fakes.options import Options
from tests.fakes.quirks import QUIRKS, refuse, refused, truncated
from tests.fakes.request import Request, parsed
from tests.fakes.tokens import count_tokens
from tests.fakes.victim import Victim
from tests.fakes.wire import POLL_SECONDS, Wire

OnCall = Callable[[Call], Awaitable[None]]
OnSent = Callable[[Call, bytes], Awaitable[None]]


class Chat:
    """The chat completions of one endpoint.

    Args:
        options: What the endpoint is like.
        models: Who answers.
        record: Keeps the calls.
        on_call: Awaited for every call, before anything is sent.
        on_sent: Awaited after every piece of an answer.
    """

    def __init__(
        self,
        options: Options,
        models: Models,
        record: Record,
        on_call: OnCall | None,
        on_sent: OnSent | None = None,
    ) -> None:
        self.held_from: int | None = None
        """Number of the first call that is held, if any is."""
        self.address = ""
        """The server's, without a path; some faults tell it."""
        self._options = options
        self._models = models
        self._record = record
        self._on_call = on_call
        self._on_sent = on_sent
        self._clock = Clock(options)

    async def serve(self, request: Request, wire: Wire, fault: str) -> None:
        """Answer one call, with the fault of that name unless it is empty."""
        with self._record.entry(request.path, wire, self._clock.now) as call:
            if self._on_sent:
                wire.on_sent = functools.partial(self._on_sent, call)
            body = parsed(request.body)
            body = truncated(body, self._options.truncates) if body else body
            ask = read(body) if body else None
            wire.answer_id = "chatcmpl-fake"
            if body and ask:
                _note(call, wire, body, ask)
            await self._hold(call, wire)
            if body is None or ask is None:
                text = "The body must be a JSON object with a list of messages."
                await wire.error(400, text, "invalid_body", "invalid_request_error")
                return
            call.fault = self._fault_of(call, fault) or self._objection(request, body, ask)
            if call.fault:
                await self._fail(wire, call, lambda: self._models.answer(body, ask))
            else:
                await self._deliver(wire, call, body, ask)

    async def refuse_key(self, wire: Wire) -> None:
        """Answer as to a wrong key."""
        await FAULTS["bad_key"](wire, self._victim(None, lambda: Answer("", "stop")))

    async def _hold(self, call: Call, wire: Wire) -> None:
        if self._on_call:
            await self._on_call(call)
        while self.held_from is not None and call.n >= self.held_from:
            await wire.wait(POLL_SECONDS)

    def _fault_of(self, call: Call, by_path: str) -> str | None:
        """Name the fault that this call is to have, whatever it asks."""
        if name := by_path or self._options.faults.get(call.n):
            return name
        rng = random.Random(f"{self._options.seed}:fault:{call.n}")
        unlucky = rng.random() < self._options.fault_rate
        return rng.choice(self._options.fault_names) if unlucky else None

    def _objection(self, request: Request, body: dict[str, Any], ask: Ask) -> str | None:
        """Name what an honest server would refuse this request for."""
        options = self._options
        if not request.bears(options.api_key):
            return "bad_key"
        habits = self._models.habits(str(body.get("model", "")))
        if habits is None:
            return "no_model"
        if "no_schema" in habits.modes and wants_schema(body):
            return "no_schema"
        if quirk := refused(options.quirks, body):
            return quirk
        wanted = ask.prompt_tokens
        if options.publish == "vllm":  # which counts the room for the answer too
            wanted += ask.limit or 0
        if options.window and wanted > options.window:
            return f"overflow_{options.publish}" if options.publish else "overflow"
        return None

    async def _fail(self, wire: Wire, call: Call, make: Callable[[], Answer]) -> None:
        if call.fault == "no_schema":
            text = "response_format is not supported by this model."
            form = "unsupported_parameter"
            await wire.error(400, text, form, "invalid_request_error", param="response_format")
        elif call.fault in QUIRKS:
            await refuse(wire, call.fault)
        elif call.fault:
            await FAULTS[call.fault](wire, self._victim(call, make))

    def _victim(self, call: Call | None, make: Callable[[], Answer]) -> Victim:
        return Victim(
            answer=make,
            prompt_tokens=call.prompt_tokens if call else 0,
            window=self._options.named_window,
            address=self.address,
            speedup=self._options.speedup,
            flip=bool(call and int(call.request_hash[:2], 16) & 1),
        )

    async def _deliver(self, wire: Wire, call: Call, body: dict[str, Any], ask: Ask) -> None:
        """Serve the answer, in a slot and at the model's pace."""
        async with self._clock.slot(call, wire) as begun:
            self._models.begin(ask)
            made = self._models.answer(body, ask)
            usage = _made(call, made)
            quirks = self._options.quirks
            wire.stream = wire.stream and "whole" not in quirks
            if wire.stream:
                await self._stream(wire, made, begun)
                wanted = (body.get("stream_options") or {}).get("include_usage")
                if wanted and "no_usage" not in quirks:
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
            whole = wire.whole_json(message, made.finish)
            told = {} if "no_usage" in quirks else {"usage": usage}
            await wire.reply(200, whole | told)

    async def _stream(self, wire: Wire, made: Answer, begun: float) -> None:
        tokens = 0
        await self._clock.reach(wire, begun, 0)
        await wire.open()
        await wire.delta({"role": "assistant", "content": ""})
        for name, text in (("reasoning_content", made.reasoning), ("content", made.content)):
            for piece in pieces(text, self._options.delta_words):
                tokens += count_tokens(piece)
                await self._clock.reach(wire, begun, min(tokens, made.tokens))
                await wire.delta({name: piece})
        await wire.delta({}, made.finish)


def _note(call: Call, wire: Wire, body: dict[str, Any], ask: Ask) -> None:
    """Keep what a call asks for."""
    call.request, call.messages = body, body["messages"]
    call.model = wire.model = str(body.get("model", ""))
    call.stream = wire.stream = body.get("stream") is True
    call.kind, call.asked, call.heading = ask.kind, ask.amount, ask.heading
    call.prompt_tokens = ask.prompt_tokens
    call.request_hash = request_hash(body)
    wire.answer_id = f"chatcmpl-{call.request_hash[:24]}"


def _made(call: Call, made: Answer) -> dict[str, int]:
    """Keep what a call got; gives its usage."""
    call.written, call.finish_reason = made.written, made.finish
    call.completion_tokens = made.tokens
    return {
        "prompt_tokens": call.prompt_tokens,
        "completion_tokens": made.tokens,
        "total_tokens": call.prompt_tokens + made.tokens,
    }
