"""Knows the OpenAI protocol on the wire: the only module that imports the SDK.

The SDK builds and sends requests and names refusals; bodies are decoded by us (`events`), because
it takes broken ones for answers.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

import httpx2
import openai

from core.errors import (
    ContextOverflowError,
    LLMError,
    ModelNotFoundError,
    UnsupportedError,
)
from llm.call import Call
from llm.discovery import on_offer, probe
from llm.embeddings import Vectors, vectors_in
from llm.endpoint import Endpoint
from llm.events import payloads
from llm.faults import OverloadedError, classify
from llm.parameters import parameters_of
from llm.profile import Profile
from llm.reader import AnswerReader
from llm.sink import restart
from llm.tokens import Tokens
from llm.transport import strict_http
from llm.truncation import Truncations
from llm.types import Completion, ModelRequest, StopWhen, TextSink
from llm.watch import Watch

_ADAPTATIONS = 7
"""Forms of a request: as asked, and with one more change for each parameter that it may refuse."""
_GRACE = 5.0
"""Seconds that a finished stream may take to send its usage and to end."""
_FAULTS = (openai.OpenAIError, httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError,
           ValueError)  # fmt: skip

logging.getLogger("openai").setLevel(logging.NOTSET)  # whatever OPENAI_LOG says


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


class OpenAIClient:
    """One endpoint, spoken to in chat completions. Does not retry.

    Args:
        endpoint: whom to ask.
        tokens: counts what the endpoint does not.
        timeouts: how long a call may take.
        profile: what is known about the endpoint, in place of the endpoint's own; learnt from its
            refusals where it is not.
        bulk: whether answers come whole, whoever watches: parsing streams costs more than all else.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        tokens: Tokens,
        timeouts: Timeouts = Timeouts(),
        profile: Profile | None = None,
        bulk: bool = False,
    ) -> None:
        self.endpoint = endpoint
        known = profile or endpoint.profile or Profile()
        self.profile = replace(known, window=endpoint.window or known.window)
        self._truncations = Truncations()
        self._tokens = tokens
        self._timeouts, self._bulk = timeouts, bulk
        patience = httpx2.Timeout(timeouts.total, connect=timeouts.connect)
        self._http = strict_http(endpoint.name, patience, endpoint.concurrency + 4, bulk=bulk)
        self._sdk = openai.AsyncOpenAI(
            base_url=endpoint.base_url,
            api_key=endpoint.api_key or "none",
            max_retries=0,
            http_client=self._http,
        )
        # Read from the environment: they are OpenAI's, and this may be any server.
        self._sdk.organization = self._sdk.project = None
        self._sdk._custom_headers = {}  # would even replace the key

    async def complete(
        self,
        request: ModelRequest,
        *,
        on_text: TextSink | None = None,
        stop_when: StopWhen | None = None,
    ) -> Completion:
        """Send one request and read its answer; streamed if somebody watches.

        A parameter that the endpoint refuses is left out, once and for all, and the request is
        sent again. `on_text` receives visible text, without reasoning; see `sink.Restartable`.

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
                restart(on_text)
            except ContextOverflowError as error:
                self.profile = self._narrowed(error)
                raise
            except ModelNotFoundError as error:
                await self._name_models(error)
                raise
            else:
                self._learn(profile, request)
                self.profile = self._truncations.noticed(self.profile, call, completion.usage)
                return completion
        raise UnsupportedError(f"{self.endpoint.name} refuses every form of the request")

    def _adapted(self, profile: Profile, error: UnsupportedError) -> Profile:
        """The profile to try next; raises the error where there is none."""
        changed = profile.adapted(error.said)
        if changed is None:
            raise error
        if changed.schema is False:
            self.profile = replace(self.profile, schema=False)
            raise error
        return changed

    def _narrowed(self, error: ContextOverflowError) -> Profile:
        """With the window that the refusal names; a declared one is never widened by it."""
        known = self.profile.window
        window = error.window or known
        if window and known and self.endpoint.declared:
            window = min(window, known)
        return replace(self.profile, window=window)

    def _learn(self, profile: Profile, request: ModelRequest) -> None:
        """Remember what an accepted request had to leave out."""
        if request.schema is not None and profile.schema is None:
            profile = replace(profile, schema=True)
        self.profile = self.profile.joined(profile)

    async def _name_models(self, error: ModelNotFoundError) -> None:
        """Add the models that the endpoint offers to the remedy, if it tells."""
        facts = await probe(self.endpoint, seconds=self._timeouts.models)
        if facts.models:
            error.remedy = f"models it offers: {on_offer(facts, self.endpoint)}"

    async def _attempt(self, call: Call, profile: Profile) -> Completion:
        """One request on the wire."""
        if call.request.schema is not None and profile.schema is False:
            raise UnsupportedError(
                f"{self.endpoint.name} takes no JSON schema (response_format)",
                "ask for the structure in the prompt",
            )
        watched = call.on_text is not None or call.stop_when is not None
        streams = (
            self.endpoint.stream or (watched and not self._bulk)
        ) and profile.streams is not False
        watch = Watch(asyncio.get_running_loop().time)
        reader = AnswerReader(call)
        broke: LLMError | None = None
        try:
            await self._read(reader, parameters_of(call, profile, streams), watch)
        except TimeoutError as error:
            broke = self._late(watch.seconds, error)
        except LLMError as error:
            broke = error
        completion = reader.close(broke)
        first = watch.first if streams else None
        return replace(completion, seconds=watch.seconds, first_token_seconds=first)

    async def _read(self, reader: AnswerReader, parameters: dict[str, Any], watch: Watch) -> None:
        """Have the answer read until it ends, there is enough of it, or its time is up."""
        times = self._timeouts
        wait = min(times.first, times.total) if parameters["stream"] else times.total
        async with (
            asyncio.timeout(times.total),
            asyncio.timeout(wait) as idle,
            aclosing(self._payloads(parameters)) as answer,
        ):
            async for payload in answer:
                finished = reader.finished
                if reader.take(payload):
                    watch.content()
                    idle.reschedule(watch.clock() + times.idle)
                if reader.finished and not finished:
                    idle.reschedule(watch.clock() + min(_GRACE, times.idle))
                if reader.done:
                    break

    def _late(self, seconds: float, error: TimeoutError) -> OverloadedError:
        late = OverloadedError(
            f"{self.endpoint.name} fell silent; given up after {seconds:.0f} s",
            "the server may be overloaded; try again",
        )
        late.__cause__ = error
        return late

    async def _payloads(self, parameters: dict[str, Any]) -> AsyncGenerator[object, None]:
        """The decoded body of the answer; every failure on the way becomes an `LLMError`."""
        create = self._sdk.chat.completions.with_streaming_response.create
        try:
            async with create(**parameters) as response:
                events = "event-stream" in response.headers.get("content-type", "").lower()
                async for payload in payloads(response.iter_bytes(), events=events):
                    yield payload
        except _FAULTS as error:
            raise classify(error, self.endpoint, parameters["model"]) from error

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """One vector for each text, in their order, from the endpoint's `/embeddings`.

        Raises:
            LLMError: it offers none, or sent none.
        """
        create = self._sdk.embeddings.with_streaming_response.create
        asked = create(model=self.endpoint.model, input=list(texts), encoding_format="float")
        try:
            async with asyncio.timeout(self._timeouts.total), asked as response:
                body = [payload async for payload in payloads(response.iter_bytes(), events=False)]
        except _FAULTS as error:
            raise classify(error, self.endpoint, self.endpoint.model) from error
        return vectors_in(body[0], len(texts), self.endpoint.name)

    async def close(self) -> None:
        """Close its connections."""
        await self._sdk.close()
