"""Knows how to find out what an endpoint can do: a few small calls, each with a question to it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import httpx2

from core.errors import (
    ContextOverflowError,
    LLMError,
    QuotaError,
    RateLimitError,
    UnsupportedError,
)
from llm.call import Call
from llm.discovery import EndpointFacts, probe, settled
from llm.endpoint import Endpoint
from llm.exchange import Reply, exchange
from llm.faults import classify
from llm.parameters import parameters_of
from llm.profile import Profile
from llm.tokens import Tokens
from llm.transport import strict_http
from llm.truncation import SHARE, WHOLE, long_prompt
from llm.types import Message, ModelRequest
from llm.usage import usage_of

CALLS = 8
"""Most chat calls of one test."""
SECONDS = 120.0
"""Most time of one test; what is not known by then stays unknown."""
ROOM = 160
"""Most tokens of an answer: a thinking model is to show that it thinks, no more."""
QUIET: tuple[Mapping[str, Any], ...] = (
    {"chat_template_kwargs": {"enable_thinking": False, "thinking": False}},
    {"reasoning_effort": "none"},
)
"""What turns thinking off: chat templates of Qwen and of DeepSeek and Granite, then Ollama."""

_HONEST = ("vllm", "llama.cpp")
"""They tell their window and refuse what is longer; a long prompt would only take its time."""
_HELLO = "Say hello in one short sentence."
_CITY = "Which city is the capital of France?"
_SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "sure": {"type": "boolean"}},
    "required": ["city", "sure"],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class ProbeReport:
    """What a test found."""

    endpoint: Endpoint
    """As tested: with the address that answered, and a model."""
    facts: EndpointFacts
    profile: Profile | None = None
    """What the endpoint can do; None: it gave no answer at all."""
    error: LLMError | None = None
    """Why it gave none."""
    calls: int = 0
    """Chat calls that were sent."""


class _SpentError(Exception):
    """No further call is to be sent."""


async def examine(endpoint: Endpoint, tokens: Tokens, *, seconds: float = SECONDS) -> ProbeReport:
    """Test an endpoint with at most eight chat calls; its faults are told, not raised.

    Raises:
        SettingsError: no model is named, and the endpoint does not offer exactly one.
    """
    facts = await probe(endpoint)
    try:
        found = settled(endpoint, facts)
    except LLMError as error:
        return ProbeReport(endpoint, facts, error=error)
    await tokens.warm()
    async with strict_http(endpoint.name, httpx2.Timeout(seconds)) as http:
        if endpoint.api_key:
            http.headers["Authorization"] = f"Bearer {endpoint.api_key}"
        examiner = _Examiner(http, replace(found, profile=None), tokens)
        examiner.profile = replace(
            examiner.profile, window=found.window, model=found.model, server=facts.server
        )
        try:
            async with asyncio.timeout(seconds):
                await examiner.greet()
                await examiner.look_further(endpoint.window)
        except LLMError as error:
            return ProbeReport(found, facts, error=error, calls=examiner.calls)
        except TimeoutError as error:
            if examiner.profile.usage is None:  # it has not even greeted
                late = classify(error, found)
                return ProbeReport(found, facts, error=late, calls=examiner.calls)
        except _SpentError:
            pass
    return ProbeReport(found, facts, examiner.profile, calls=examiner.calls)


class _Examiner:
    """Asks, and writes down in `profile` what it learns."""

    def __init__(self, http: httpx2.AsyncClient, endpoint: Endpoint, tokens: Tokens) -> None:
        self.profile = Profile()
        self.calls = 0
        self._http = http
        self._endpoint = endpoint
        self._tokens = tokens

    async def greet(self) -> None:
        """See whether it answers at all, under which names it takes what, and whether it thinks."""
        reply = await self._ask(_HELLO)
        self.profile = replace(self.profile, usage=reply.counted, thinking=reply.thinking)

    async def look_further(self, declared: int | None) -> None:
        """Everything else, what takes longest last; a question that fails stays open.

        Args:
            declared: the window that the user has set, which no measurement overrules.
        """
        steps: tuple[Callable[[], Awaitable[None]], ...] = (
            self._silence, self._schema, self._stream, lambda: self._truncation(declared),
        )  # fmt: skip
        for step in steps:
            try:
                await step()
            except (RateLimitError, QuotaError):
                return  # the other questions would fare alike
            except LLMError:
                continue

    async def _silence(self) -> None:
        """Find what turns thinking off; only what has been seen to work is kept."""
        if not self.profile.thinking:
            return
        for quiet in QUIET:
            try:
                reply = await self._ask(_HELLO, extra=quiet)
            except UnsupportedError:
                continue
            if reply.text.strip() and not reply.thinking:
                self.profile = replace(self.profile, quiet=quiet)
                return

    async def _schema(self) -> None:
        """See whether an answer follows a schema that the prompt does not mention."""
        try:
            reply = await self._ask(_CITY, schema=_SCHEMA, extra=self.profile.quiet)
        except UnsupportedError:
            self.profile = replace(self.profile, schema=False)
            return
        follows = _follows(reply)
        if follows or reply.finish == "stop":
            self.profile = replace(self.profile, schema=follows)

    async def _stream(self) -> None:
        try:
            reply = await self._ask(_HELLO, stream=True, extra=self.profile.quiet)
        except UnsupportedError:
            self.profile = replace(self.profile, streams=False)
            return
        usage = self.profile.usage and reply.counted
        streams = reply.events and self.profile.streams is not False
        self.profile = replace(self.profile, streams=streams, usage=usage)

    async def _truncation(self, declared: int | None) -> None:
        """Send more than a small window holds, and see whether its beginning arrived."""
        if self.profile.window and self.profile.server in _HONEST:
            self.profile = replace(self.profile, truncates=False)
            return
        window = self.profile.window
        word, prompt = long_prompt(self._tokens, window)
        try:
            reply = await self._ask(prompt, extra=self.profile.quiet)
        except ContextOverflowError as error:
            self.profile = replace(
                self.profile, window=declared or error.window or window, truncates=False
            )
            return
        if word in reply.text + reply.thought:
            self.profile = replace(self.profile, truncates=False)
        elif reply.counted:
            self._compare(prompt, reply, declared)

    def _compare(self, prompt: str, reply: Reply, declared: int | None) -> None:
        """What was sent with what the endpoint says it read; in between lies doubt."""
        call = self._call(prompt)
        usage = usage_of(call, reply.usage, reply.text)
        read = usage.prompt_tokens + usage.cached_tokens
        share = read / self._tokens.of_messages(call.request.messages)
        if share < SHARE:
            window = declared or read + usage.completion_tokens
            self.profile = replace(self.profile, truncates=True, window=window)
        elif share > WHOLE:
            self.profile = replace(self.profile, truncates=False)

    async def _ask(
        self, prompt: str, *, stream: bool = False, schema: dict[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Reply:  # fmt: skip
        """One question; what the endpoint refuses in it is left out from then on.

        Raises:
            LLMError: no answer came.
            _SpentError: enough calls have been sent.
        """
        while self.calls < CALLS:
            self.calls += 1
            body = parameters_of(self._call(prompt, schema), self.profile, stream)
            body |= {**body.pop("extra_body", {}), **(extra or {})}
            try:
                return await exchange(self._http, self._endpoint, body)
            except UnsupportedError as error:
                changed = self.profile.adapted(error.said)
                if changed is None or changed.schema is False or changed.streams is False:
                    raise
                self.profile = changed
        raise _SpentError

    def _call(self, prompt: str, schema: dict[str, Any] | None = None) -> Call:
        request = ModelRequest(
            self._endpoint.model, (Message("user", prompt),), ROOM, 0.7, 0.95, schema=schema
        )
        return Call(request, self._endpoint, self._tokens)


def _follows(reply: Reply) -> bool:
    """Whether the answer is what the schema demands."""
    try:
        value = json.loads(reply.visible)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and value.keys() == {"city", "sure"}
