"""Knows what an endpoint's `/embeddings` is asked and answers, and which models make vectors."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from core.errors import MalformedError
from llm.tokens import Tokens
from llm.types import Completion, ModelRequest, StopWhen, TextSink, Usage

BATCH = 32
"""Texts in one request: few servers take less."""
LONGEST = 2_000
"""Characters of a text that are sent: most embedding models read 512 tokens."""
_SHOWN = "embed"
"""In the names of most embedding models."""


@dataclass(frozen=True)
class Vectors(Completion):
    """An answer that is vectors; its text only says how many."""

    vectors: list[list[float]] = field(default_factory=list, repr=False)
    """One for each text, in their order."""


class Embeds(Protocol):
    """A client that can make vectors."""

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """One vector for each text; raises LLMError."""
        ...


class Embedding:
    """A client's vectors as an LLM's answers: limited, tried again and counted like all calls.

    Args:
        client: whom to ask.
        tokens: counts what the endpoint does not.
    """

    def __init__(self, client: Embeds, tokens: Tokens) -> None:
        self._client = client
        self._tokens = tokens

    async def complete(
        self,
        request: ModelRequest,
        *,
        on_text: TextSink | None = None,
        stop_when: StopWhen | None = None,
    ) -> Vectors:
        """One vector for each message of the request, in their order; raises LLMError."""
        started = time.monotonic()
        done = await self._client.embed([message.content for message in request.messages])
        usage = done.usage
        if not usage.prompt_tokens:
            await self._tokens.warm()
            usage = Usage(sum(self._tokens.count(each.content) for each in request.messages))
        return replace(done, model=request.model, usage=usage, seconds=time.monotonic() - started)


def embedding_model(models: Sequence[str]) -> str:
    """The one of a server's models that can only be meant; empty where that cannot be told."""
    named = [model for model in models if _SHOWN in model.casefold()] or list(models)
    return named[0] if len(named) == 1 else ""


def vectors_in(payload: object, count: int, name: str) -> Vectors:
    """The vectors of an answer in the order of the texts, and what they cost.

    Args:
        payload: the decoded body.
        count: how many texts were sent.
        name: of the endpoint, for the message.

    Raises:
        MalformedError: there is not one vector of finite numbers for each text, all of a length.
    """
    items = payload.get("data") if isinstance(payload, dict) else None
    found: dict[int, list[float]] = {}
    for place, item in enumerate(items if isinstance(items, list) else ()):
        index = item.get("index", place) if isinstance(item, dict) else None
        vector = _vector(item.get("embedding")) if isinstance(item, dict) else None
        if isinstance(index, int) and vector:
            found[index] = vector
    lengths = {len(vector) for vector in found.values()}
    if sorted(found) != list(range(count)) or len(lengths) != 1:
        raise MalformedError(
            f"{name} did not send one vector for each text", "does its model make embeddings?"
        )
    vectors = [found[index] for index in range(count)]
    said = f"{count} vectors of {lengths.pop()} numbers"
    return Vectors(said, "stop", _usage(payload), vectors=vectors)


def _usage(payload: object) -> Usage:
    told = payload.get("usage") if isinstance(payload, dict) else None
    tokens = told.get("prompt_tokens") if isinstance(told, dict) else None
    return Usage(tokens if type(tokens) is int and tokens > 0 else 0)


def _vector(value: object) -> list[float] | None:
    """Finite numbers, or None."""
    if not isinstance(value, list) or not all(type(x) in (int, float) for x in value):
        return None
    try:
        numbers = [float(x) for x in value]
    except OverflowError:
        return None
    return numbers if all(map(math.isfinite, numbers)) else None
