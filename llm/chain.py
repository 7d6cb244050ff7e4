"""Knows who is asked when an endpoint cannot be used: fleets of equals, and chains of these."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import structlog

from core.errors import (
    AuthError,
    LLMError,
    ModelNotFoundError,
    QuotaError,
    RateLimitError,
    SettingsError,
    UnavailableError,
)
from llm.breaker import RestingError
from llm.discovery import resolve_model
from llm.endpoint import Endpoint
from llm.faults import LoadingError
from llm.lines import Line, Lines
from llm.profile import Profile
from llm.retry import RetryPolicy
from llm.sink import restart
from llm.tries import another
from llm.types import LLM, Completion, ModelRequest, StopWhen, TextSink

UNUSABLE = (UnavailableError, RateLimitError, QuotaError, AuthError, ModelNotFoundError)
"""The endpoint cannot be used: the next one of the chain is asked. A bad answer is none of it."""

log = structlog.get_logger()


class Link:
    """One endpoint of a chain, with the model to ask there.

    Args:
        endpoint: `model` is the one to ask.
        lines: shared by all runs.
        absent: why the endpoint could not be used when the chain was made; it is looked for
            again when its rest is over.
    """

    def __init__(self, endpoint: Endpoint, lines: Lines, absent: LLMError | None = None) -> None:
        self.endpoint = endpoint
        self.absent = absent
        self._lines = lines
        self._breaker = lines.gate(endpoint).breaker

    @property
    def admits(self) -> bool:
        """Whether a call that has a choice should come here."""
        return self._breaker.admits

    @property
    def window(self) -> int | None:
        """Tokens of prompt and answer together, or None while unknown."""
        if self.absent is not None:
            return self.endpoint.window
        return self.profile.window or self.endpoint.window

    @property
    def profile(self) -> Profile:
        """What is known about the endpoint by now."""
        return self._lines.to(self.endpoint).client.profile

    async def complete(
        self,
        request: ModelRequest,
        on_text: TextSink | None,
        stop_when: StopWhen | None,
        *,
        hurried: bool,
    ) -> Completion:
        """Ask this endpoint for its own model; `hurried` where another could answer too."""
        with self._breaker.watch():
            llm = self._way(await self._found(), hurried)
            own = replace(request, model=self.endpoint.model or request.model)
            done = await llm.complete(own, on_text=on_text, stop_when=stop_when)
        return replace(done, endpoint=self.endpoint.name)

    def _way(self, line: Line, hurried: bool) -> LLM:
        return line.hurried if hurried else line.llm

    async def _found(self) -> Line:
        """The line, once the endpoint is there and its model known."""
        if self.absent is not None:
            try:
                self.endpoint = await resolve_model(self.endpoint)
            except UNUSABLE:
                raise
            except (LLMError, SettingsError) as error:
                raise UnavailableError(error.message, error.remedy) from error
            self.absent = None
        return self._lines.to(self.endpoint)


class EmbeddingLink(Link):
    """The same for who makes vectors: answers are `llm.embeddings.Vectors`."""

    def _way(self, line: Line, hurried: bool) -> LLM:
        return line.embedding


class Chain:
    """Who serves a role: an LLM that asks one endpoint after the other until one can be used.

    Args:
        tiers: fleets of equals in the order in which they are tried.
        document_id: within a fleet each document has an order of its own, always the same, so
            that its prompts meet a server that has their beginnings in its cache; empty: as
            the settings have it.
    """

    def __init__(self, tiers: Sequence[Sequence[Link]], document_id: str = "") -> None:
        self.tiers = tuple(tuple(tier) for tier in tiers)
        self.links = tuple(link for tier in self.tiers for link in _ranked(tier, document_id))

    @property
    def first(self) -> Link:
        """The first choice, of those that were there when the chain was made."""
        return next((link for link in self.links if link.absent is None), self.links[0])

    @property
    def window(self) -> int | None:
        """The smallest known one: what fits there, any of them can take."""
        return min((link.window for link in self.links if link.window), default=None)

    def for_document(self, document_id: str) -> Chain:
        """The same chain in the document's own order."""
        return Chain(self.tiers, document_id)

    async def complete(
        self,
        request: ModelRequest,
        *,
        on_text: TextSink | None = None,
        stop_when: StopWhen | None = None,
    ) -> Completion:
        """Ask the first that can be used; `endpoint` of the answer says which that was.

        Endpoints that rest after an outage are asked last, and those that only asked for patience
        once more where no other could be used. `tries` counts all requests.

        Raises:
            LLMError: the first choice's, where none can be used; else of the one that did not
                answer well.
        """
        left, again = list(self.links), list[Link]()
        failures: dict[Link, LLMError] = {}
        sent = 0
        while left or again:
            link = next((one for one in left if one.admits), (left or again)[0])
            (left or again).remove(link)
            spare = any(one.admits for one in left)
            try:
                done = await link.complete(request, on_text, stop_when, hurried=spare)
            except UNUSABLE as error:
                sent += error.tries
                failures[link] = error
                if spare and _asks_for_patience(error):
                    again.append(link)
                if left or again:
                    await another(error)
                    restart(on_text)
                    tell = log.debug if isinstance(error, RestingError) else log.warning
                    tell("passed_over", endpoint=link.endpoint.name, why=error.message)
            except LLMError as error:
                error.tries += sent
                raise
            else:
                return replace(done, tries=done.tries + sent)
        first = failures[self.links[0]]
        first.tries = sent
        raise first


def _asks_for_patience(error: LLMError) -> bool:
    """Whether a call that is in no hurry might have had its answer there."""
    if isinstance(error, LoadingError | RestingError):
        return True
    return error.retry and error.after is not None and error.after <= RetryPolicy.longest_wait


def _ranked(tier: Sequence[Link], document_id: str) -> list[Link]:
    """The fleet in the document's order: rendezvous hashing (Thaler and Ravishankar, 1998).

    An endpoint that is added or taken away moves only the documents that come to it or were
    its own.
    """
    if not document_id:
        return list(tier)

    def weight(link: Link) -> bytes:
        name = f"{document_id}\0{link.endpoint.name}"
        return hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()

    return sorted(tier, key=weight, reverse=True)
