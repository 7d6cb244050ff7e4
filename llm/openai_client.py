"""Knows the OpenAI protocol on the wire: the only module that imports the SDK.

The SDK builds and sends requests and names refusals; bodies are decoded here, because it takes
broken ones for answers.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

import httpx2
import openai

from core.errors import (
    ContextOverflowError,
    LLMError,
    MalformedError,
    ModelNotFoundError,
    UnavailableError,
    UnsupportedError,
)
from llm.endpoint import Endpoint, Profile
from llm.faults import classify
from llm.reader import AnswerReader, Call
from llm.tokens import Tokens
from llm.types import Completion, ModelRequest, StopWhen, TextSink

MAX_BYTES = 8_000_000
"""Of one answer, decoded: some 40 times the longest chapter."""
_ADAPTATIONS = 5
_GRACE = 5.0
"""Seconds that a finished stream may take to send its usage and to end."""
_FAULTS = (openai.OpenAIError, httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError,
           ValueError)  # fmt: skip


@dataclass(frozen=True)
class Timeouts:
    """Seconds that a call may take."""

    connect: float = 5.0
    first: float = 300.0
    """Until the first content of a stream: long prompts are read slowly, and calls queue."""
    idle: float = 60.0
    """Between two pieces of content; pings and empty chunks do not count."""
    total: float = 600.0
    models: float = 5.0
    """For the list of models."""


class _Capped(httpx2.AsyncByteStream):
    """A response body that ends in an error when it grows too large."""

    def __init__(self, inner: httpx2.AsyncByteStream, name: str) -> None:
        self._inner = inner
        self._name = name

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for block in self._inner:
            size += len(block)
            if size > MAX_BYTES:
                raise _oversized(self._name)
            yield block

    async def aclose(self) -> None:
        await self._inner.aclose()


def _oversized(name: str) -> MalformedError:
    error = MalformedError(
        f"what {name} sent is larger than {MAX_BYTES // 10**6} MB",
        "ask for less, or see what the endpoint's log says",
    )
    error.retry = False
    return error


class StrictTransport(httpx2.AsyncHTTPTransport):
    """HTTP that takes plain bodies of bounded size only: 100 kB of gzip may hold 100 MB."""

    def __init__(self, name: str, connections: int) -> None:
        """Take bodies from the endpoint of this name."""
        limits = httpx2.Limits(max_connections=connections, max_keepalive_connections=connections)
        super().__init__(limits=limits)
        self._name = name

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send, and refuse what is compressed."""
        response = await super().handle_async_request(request)
        if response.headers.get("content-encoding", "identity").lower() not in ("identity", ""):
            await response.aclose()
            raise MalformedError(
                f"{self._name} sent a compressed answer, which was not asked for",
                "turn compression off at the server or its proxy",
            )
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _Capped(response.stream, self._name)
        return response


def strict_http(name: str, timeout: httpx2.Timeout, connections: int = 64) -> httpx2.AsyncClient:
    """An HTTP client for one endpoint that follows no redirects and trusts no proxy variables."""
    return httpx2.AsyncClient(
        transport=StrictTransport(name, connections),
        trust_env=False,
        follow_redirects=False,
        timeout=timeout,
        headers={"Accept-Encoding": "identity"},
    )


class OpenAIClient:
    """One endpoint, spoken to in chat completions. Does not retry.

    Args:
        endpoint: whom to ask.
        tokens: counts what the endpoint does not.
        timeouts: how long a call may take.
        profile: what is known about the endpoint; learnt from its refusals where it is not.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        tokens: Tokens,
        timeouts: Timeouts = Timeouts(),
        profile: Profile | None = None,
    ) -> None:
        self.endpoint = endpoint
        self.profile = profile or Profile(window=endpoint.window)
        self._tokens = tokens
        self._timeouts = timeouts
        self._http = strict_http(
            endpoint.name,
            httpx2.Timeout(timeouts.total, connect=timeouts.connect),
            endpoint.concurrency + 4,
        )
        self._sdk = openai.AsyncOpenAI(
            base_url=endpoint.base_url,
            api_key=endpoint.api_key or "none",
            max_retries=0,
            http_client=self._http,
        )

    async def complete(
        self,
        request: ModelRequest,
        *,
        on_text: TextSink | None = None,
        stop_when: StopWhen | None = None,
    ) -> Completion:
        """Send one request and read its answer; streamed if somebody watches.

        A parameter that the endpoint refuses is left out, once and for all, and the request is
        sent again. `on_text` receives visible text, without reasoning; see `reader.Restartable`.

        Raises:
            LLMError: unless there is a usable answer.
        """
        await self._tokens.warm()
        call = Call(request, self.endpoint, self._tokens, on_text, stop_when)
        profile = self.profile
        for _ in range(_ADAPTATIONS):
            try:
                completion = await self._attempt(call, profile)
            except UnsupportedError as error:
                profile = self._adapted(profile, error)
            except ContextOverflowError as error:
                self.profile = replace(self.profile, window=error.window or self.profile.window)
                raise
            except ModelNotFoundError as error:
                await self._name_models(error)
                raise
            else:
                self._learn(profile, request)
                return completion
        raise UnsupportedError(f"{self.endpoint.name} refuses every form of the request")

    def _adapted(self, profile: Profile, error: UnsupportedError) -> Profile:
        """The profile to try next; raises the error where there is none."""
        changed = profile.adapted(error.message)
        if changed is None:
            raise error
        if changed.schema is False:
            self.profile = replace(self.profile, schema=False)
            raise error
        return changed

    def _learn(self, profile: Profile, request: ModelRequest) -> None:
        """Remember what an accepted request had to leave out."""
        if request.schema is not None and profile.schema is None:
            profile = replace(profile, schema=True)
        self.profile = self.profile.joined(profile)

    async def _name_models(self, error: ModelNotFoundError) -> None:
        """Add the models that the endpoint offers to the remedy, if it tells."""
        try:
            names = await self.models()
        except LLMError:
            return
        if names:
            more = ", …" if len(names) > 10 else ""
            error.remedy = f"models it offers: {', '.join(names[:10])}{more}"

    async def _attempt(self, call: Call, profile: Profile) -> Completion:
        """One request on the wire."""
        if call.request.schema is not None and profile.schema is False:
            raise UnsupportedError(
                f"{self.endpoint.name} takes no JSON schema (response_format)",
                "ask for the structure in the prompt",
            )
        reader = AnswerReader(call)
        broke: LLMError | None = None
        clock = asyncio.get_running_loop().time
        started, first = clock(), None
        streams = self.endpoint.stream or call.on_text is not None or call.stop_when is not None
        times = self._timeouts
        wait = min(times.first, times.total) if streams else times.total
        try:
            async with (
                asyncio.timeout(times.total),
                asyncio.timeout(wait) as idle,
                aclosing(self._payloads(call, profile, streams)) as answer,
            ):
                async for payload in answer:
                    if reader.take(payload):
                        first = clock() if first is None else first
                        idle.reschedule(clock() + times.idle)
                    if reader.finished:
                        idle.reschedule(clock() + min(_GRACE, times.idle))
                    if reader.done:
                        break
        except TimeoutError as error:
            broke = self._late(clock() - started, error)
        except LLMError as error:
            broke = error
        completion = reader.close(broke)
        return replace(
            completion,
            seconds=clock() - started,
            first_token_seconds=first - started if streams and first is not None else None,
        )

    def _late(self, seconds: float, error: TimeoutError) -> UnavailableError:
        late = UnavailableError(
            f"{self.endpoint.name} fell silent; given up after {seconds:.0f} s",
            "the server may be overloaded; try again",
        )
        late.__cause__ = error
        return late

    async def _payloads(
        self, call: Call, profile: Profile, streams: bool
    ) -> AsyncGenerator[object, None]:
        """The decoded body of the answer; every failure on the way becomes an `LLMError`."""
        parameters = parameters_of(call, profile, streams)
        create = self._sdk.chat.completions.with_streaming_response.create
        try:
            async with create(**parameters) as response:
                events = "event-stream" in response.headers.get("content-type", "").lower()
                async for payload in payloads(response.iter_bytes(), events=events):
                    yield payload
        except _FAULTS as error:
            raise classify(error, self.endpoint, call.model) from error

    async def models(self) -> list[str]:
        """Ids of the models that it offers.

        Raises:
            LLMError: if it does not tell.
        """
        try:
            async with asyncio.timeout(self._timeouts.models):
                page = await self._sdk.models.list()
        except _FAULTS as error:
            raise classify(error, self.endpoint) from error
        data = getattr(page, "data", None)
        if not isinstance(data, list):
            raise MalformedError(f"{self.endpoint.name} did not send a list of models")
        return [model.id for model in data if isinstance(getattr(model, "id", None), str)]

    async def close(self) -> None:
        """Close its connections."""
        await self._sdk.close()


def parameters_of(call: Call, profile: Profile, streams: bool) -> dict[str, Any]:
    """The request as keyword arguments of the SDK, without what the endpoint refuses."""
    request, defaults = call.request, call.endpoint.defaults
    body: dict[str, Any] = {
        "model": call.model,
        "messages": [{"role": m.role, "content": _sound(m.content)} for m in request.messages],
        "stream": streams,
    }
    if streams and "stream_options" not in profile.refused:
        body["stream_options"] = {"include_usage": True}
    for name in ("max_tokens", "temperature", "top_p", "seed"):
        value = getattr(request, name)
        value = defaults.get(name) if value is None else value
        if value is not None and _takes(profile, name):
            body[profile.max_tokens_name if name == "max_tokens" else name] = value
    if request.schema is not None:
        schema = {"name": request.schema_name, "schema": request.schema, "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    extra = {**call.endpoint.extra_body, **profile.extra}
    return {**body, "extra_body": extra} if extra else body


def _sound(text: str) -> str:
    """The text without lone surrogates, which no request body can carry."""
    return text.encode("utf-8", "replace").decode()


def _takes(profile: Profile, name: str) -> bool:
    return profile.temperature if name == "temperature" else name not in profile.refused


async def payloads(blocks: AsyncIterator[bytes], *, events: bool) -> AsyncGenerator[object, None]:
    """The JSON values of a response body, one for each event, or one whole.

    Args:
        blocks: the body's bytes, cut anywhere.
        events: whether it is a stream of server-sent events.

    Raises:
        ValueError: if the body, or a complete event, is not JSON.
    """
    if not events:
        yield _decoded(b"".join([block async for block in blocks]))
        return
    failed = False
    async for line, ended in _lines(blocks):
        name, _, value = line.partition(b":")
        value = value.strip()
        if name == b"event":
            failed = value == b"error"
        if name != b"data" or not value:
            continue
        if value == b"[DONE]":
            return
        try:
            payload = _decoded(value)
        except ValueError:
            if ended:
                raise
            return
        yield {"error": _bare(payload)} if failed else payload


def _decoded(data: bytes) -> object:
    """JSON from bytes; a damaged character does not cost the whole answer."""
    try:
        return json.loads(data.decode("utf-8", "replace"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _bare(payload: object) -> object:
    """What an error event carries, without an `error` around it."""
    return payload.get("error", payload) if isinstance(payload, dict) else payload


async def _lines(blocks: AsyncIterator[bytes]) -> AsyncGenerator[tuple[bytes, bool], None]:
    """Lines of a body, and whether each had its line end (the last may lack it)."""
    parts: list[bytes] = []
    async for block in blocks:
        first, *rest = block.split(b"\n")
        parts.append(first)
        for piece in rest:
            yield b"".join(parts), True
            parts = [piece]
    last = b"".join(parts)
    if last:
        yield last, False
