"""Knows the ways to the endpoints: opened once, and shared by all runs of a process."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from llm.breaker import Breaker, Guarded
from llm.embeddings import Embedding
from llm.endpoint import Endpoint
from llm.limits import Limited, Limiter
from llm.rates import Rates
from llm.retry import Retrying, RetryPolicy, Sleep
from llm.tokens import ESTIMATE, Tokens
from llm.types import LLM, ModelRequest

if TYPE_CHECKING:
    from llm.openai_client import OpenAIClient, Timeouts

_ANSWER = 1024
"""Tokens reserved for an answer whose request sets no limit."""


class Gate(NamedTuple):
    """What holds for an endpoint whichever of its models is asked."""

    limiter: Limiter
    breaker: Breaker


class Line(NamedTuple):
    """The one way to an endpoint's model: who speaks to it, and what bounds and repeats calls."""

    endpoint: Endpoint
    client: OpenAIClient
    gate: Gate
    llm: LLM
    hurried: LLM
    """The same for a call that another endpoint could take as well."""
    embedding: LLM
    """Answers with `llm.embeddings.Vectors`."""


class Lines:
    """One gate for each endpoint, one line for each of its models; opened when first asked for.

    Args:
        tokens: the counter that all lines share.
        timeouts: how long calls may take.
        policy: how patiently they are repeated.
        bulk: whether nobody watches what is written: answers are asked for whole.
        concurrency: calls at once of every endpoint, in place of what its settings say.
        parts: processes that share the endpoints: each has its part of every limit.
        sleep: waits; tests inject one that does not.
        within: lines whose places every call holds too.
    """

    def __init__(
        self,
        tokens: Tokens,
        *,
        timeouts: Timeouts | None = None,
        policy: RetryPolicy | None = None,
        bulk: bool = False,
        concurrency: int | None = None,
        parts: int = 1,
        sleep: Sleep = asyncio.sleep,
        within: Lines | None = None,
    ) -> None:
        self.tokens = tokens
        self._within = within
        self._sleep = sleep
        self._bulk = bulk
        self._concurrency = concurrency
        self._parts = parts
        self._timeouts = timeouts
        self._policy = policy or RetryPolicy()
        self._open: list[Line] = []
        self._gates: dict[object, Gate] = {}

    def beside(self, concurrency: int | None = None) -> Lines:
        """Lines for a batch of this process: its calls go behind those that people wait for.

        Args:
            concurrency: calls of the batch at once; None: as many as the endpoint takes.
        """
        return Lines(
            self.tokens, timeouts=self._timeouts, policy=self._policy, bulk=True,
            concurrency=concurrency, sleep=self._sleep, within=self,
        )  # fmt: skip

    def to(self, endpoint: Endpoint) -> Line:
        """The line to this endpoint and model.

        An endpoint whose settings changed, or that was tested anew, gets a new one.
        """
        outer = self._within.gate(endpoint).limiter if self._within else None
        endpoint = self._sized(endpoint)
        for line in self._open:
            if line.endpoint == endpoint and line.endpoint.profile == endpoint.profile:
                return line
        from llm.openai_client import OpenAIClient, Timeouts  # slow, and not for who only reads

        timeouts = self._timeouts or Timeouts()
        client = OpenAIClient(endpoint, tokens=self.tokens, timeouts=timeouts, bulk=self._bulk)
        gate = self.gate(endpoint)
        guarded = Guarded(client, gate.breaker, endpoint.name)
        llm = self._repeated(client, client, gate, self._policy, outer)
        hurried = self._repeated(guarded, client, gate, self._policy.hurried, outer)
        vectors = Embedding(client, self.tokens)
        embedding = self._repeated(vectors, client, gate, self._policy, outer)
        line = Line(endpoint, client, gate, llm, hurried, embedding)
        self._open.append(line)
        return line

    def _repeated(
        self, inner: LLM, client: OpenAIClient, gate: Gate, policy: RetryPolicy,
        outer: Limiter | None,
    ) -> LLM:  # fmt: skip
        def weigh(request: ModelRequest) -> Awaitable[int]:
            return self._weigh(request, endpoint)

        def room(request: ModelRequest) -> float:
            window = client.profile.window
            return window - self._prompt(request) if window else math.inf

        endpoint = client.endpoint
        limited = Limited(Limited(inner, outer, weigh) if outer else inner, gate.limiter, weigh)
        return Retrying(limited, policy, room=room, sleep=self._sleep)

    def gate(self, endpoint: Endpoint) -> Gate:
        """What bounds this endpoint; the same for all its models and all addresses on it."""
        endpoint = self._sized(endpoint)
        limits = (
            endpoint.concurrency, endpoint.requests_per_minute, endpoint.tokens_per_minute,
        )  # fmt: skip
        key = (endpoint.name, endpoint.origin, endpoint.api_key, limits)
        if key not in self._gates:
            concurrency, requests, tokens = limits
            limiter = Limiter(
                concurrency,
                rates=Rates(requests, tokens),
                sleep=self._sleep,
                longest_cooling=self._policy.longest_wait,
            )
            self._gates[key] = Gate(limiter, Breaker())
        return self._gates[key]

    def _sized(self, endpoint: Endpoint) -> Endpoint:
        def part(limit: int | None) -> int | None:
            return max(1, limit // self._parts) if limit else None

        return replace(
            endpoint,
            concurrency=part(self._concurrency or endpoint.concurrency) or 1,
            requests_per_minute=part(endpoint.requests_per_minute),
            tokens_per_minute=part(endpoint.tokens_per_minute),
        )

    async def _weigh(self, request: ModelRequest, endpoint: Endpoint) -> int:
        """An upper estimate of the tokens that a request will use."""
        await self.tokens.warm()
        answer = request.max_tokens or endpoint.defaults.get("max_tokens") or _ANSWER
        return self._prompt(request) + int(answer)

    def _prompt(self, request: ModelRequest) -> int:
        """An upper estimate of the tokens of a prompt."""
        return math.ceil(self.tokens.of_messages(request.messages) * ESTIMATE)

    async def close(self) -> None:
        """Close every connection."""
        lines, self._open = self._open, []
        self._gates = {}
        for line in lines:
            await line.client.close()
