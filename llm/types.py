"""What passes between us and a model: messages, requests, completions, and the one verb."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Protocol

from core.errors import LLMError

Role = Literal["planner", "writer", "critic", "reader", "editor", "embedder"]
"""What a call is for. Code asks for a role; which endpoint and model serve it is configuration."""

ROLES: tuple[Role, ...] = ("planner", "writer", "critic", "reader", "editor")
"""Those that write or judge: the default endpoint serves those for which no other is named."""

EMBEDDER: Role = "embedder"
"""Who makes vectors: nobody, unless a person names a model."""

Finish = Literal["stop", "length", "cut", "loop", "full"]
"""Why a text ended: the model stopped; its token limit came; the connection broke; it began to
loop and was stopped; we stopped it because it was long enough. Only `stop` may be complete."""


@dataclass(frozen=True)
class Message:
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class ModelRequest:
    """Everything that is sent, and so everything that is stored before sending."""

    model: str
    messages: tuple[Message, ...]
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None
    schema: dict[str, Any] | None = None
    """JSON schema the answer must follow (`response_format`), or None for text."""
    schema_name: str = "answer"
    partial_ok: bool = False
    """Whether a text that broke off is worth having (prose is, JSON is not)."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; `from_dict` is the inverse."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> ModelRequest:
        """Rebuild from `to_dict`'s value."""
        messages = tuple(Message(**message) for message in data["messages"])
        return cls(**{**data, "messages": messages})

    @property
    def sha256(self) -> str:
        """Hash of the canonical JSON: verifies a stored intent, never finds one."""
        canonical = json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Usage:
    """Tokens of one call; zero where the endpoint did not say and nothing was counted."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        """Sum, field by field."""
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.cached_tokens + other.cached_tokens,
            self.reasoning_tokens + other.reasoning_tokens,
        )


@dataclass(frozen=True)
class Completion:
    """A usable answer: cleaned text without reasoning, never empty."""

    text: str
    finish: Finish
    usage: Usage = Usage()
    model: str = ""
    """What the endpoint said it used."""
    seconds: float = 0.0
    first_token_seconds: float | None = None
    tries: int = 1
    """Requests that were sent for it."""
    endpoint: str = ""
    """Name of the endpoint that answered."""
    broke: LLMError | None = field(default=None, compare=False, repr=False)
    """What cut it, where it was not the endpoint's own odd end."""


TextSink = Callable[[str], None]
"""Receives visible text (no reasoning) in pieces, in order; must not block.

May also be an object with `restart()`, which voids every piece so far because the text begins
again: called before each further try, and when text already shown turns out to be reasoning.
After the last `restart` the pieces, joined and stripped, are `Completion.text`; with finish
`loop` that text is a beginning of them."""

StopWhen = Callable[[str], bool]
"""Given the visible text so far, whether to stop the stream (finish `full`)."""


class LLM(Protocol):
    """An endpoint as the agents see it."""

    async def complete(
        self,
        request: ModelRequest,
        *,
        on_text: TextSink | None = None,
        stop_when: StopWhen | None = None,
    ) -> Completion:
        """Send and read one request; raises LLMError."""
        ...
