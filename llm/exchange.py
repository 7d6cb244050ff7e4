"""Knows one bare exchange with an endpoint: a body goes out, and what came is told as it came.

For testing an endpoint only. Answers that are used are read by `reader`, which hides what an
endpoint does differently from others.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx2

from core.errors import EmptyAnswerError, LLMError, MalformedError
from llm.choice import finish_of, part_of
from llm.complaint import decoded
from llm.endpoint import Endpoint
from llm.events import payloads
from llm.faults import classify, from_status, in_body
from llm.reasoning import strip_reasoning

_FAULTS = (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError, ValueError)


@dataclass
class Reply:
    """An answer as it came."""

    events: bool = False
    """Whether it came as a stream."""
    text: str = ""
    thought: str = ""
    """What stood in a field for reasoning."""
    finish: str = ""
    usage: Mapping[str, Any] = field(default_factory=dict)

    @property
    def visible(self) -> str:
        """The text without reasoning."""
        return strip_reasoning(self.text)[0].strip()

    @property
    def counted(self) -> bool:
        """Whether it says how long the prompt was."""
        said = self.usage.get("prompt_tokens")
        return isinstance(said, int) and not isinstance(said, bool) and said > 0

    @property
    def thinking(self) -> Literal["", "field", "tags", "hidden"]:
        """How the model thought before it answered, as far as that shows."""
        if self.thought.strip():
            return "field"
        if self.visible != self.text.strip():
            return "tags"
        details = self.usage.get("completion_tokens_details")
        hidden = details.get("reasoning_tokens") if isinstance(details, Mapping) else 0
        return "hidden" if not self.text.strip() or isinstance(hidden, int) and hidden > 0 else ""


async def exchange(http: httpx2.AsyncClient, endpoint: Endpoint, body: Mapping[str, Any]) -> Reply:
    """Send one chat completion and gather its answer.

    Raises:
        LLMError: it is refused, or what came is no completion, or holds neither text nor thought.
    """
    reply = Reply()
    url = f"{endpoint.base_url}/chat/completions"
    try:
        async with http.stream("POST", url, json=dict(body)) as response:
            if response.status_code != 200:
                await response.aread()
                refusal = decoded(response.text)
                raise from_status(
                    response.status_code, refusal, response.headers, endpoint, endpoint.model
                )
            reply.events = "event-stream" in response.headers.get("content-type", "").lower()
            values = payloads(response.aiter_bytes(), events=reply.events)
            async with aclosing(values) as found:
                async for payload in found:
                    _take(reply, payload, endpoint)
    except LLMError:
        raise
    except _FAULTS as error:
        raise classify(error, endpoint, endpoint.model) from error
    if not (reply.text or reply.thought or reply.finish == "length"):
        raise EmptyAnswerError(
            f"{endpoint.name} (model {endpoint.model}) sent an empty answer",
            "see what the endpoint's log says",
        )
    return reply


def _take(reply: Reply, payload: object, endpoint: Endpoint) -> None:
    """Add one chunk, or the whole answer."""
    if not isinstance(payload, Mapping):
        raise MalformedError(
            f"what {endpoint.name} sent is not a chat completion",
            f"check that {endpoint.base_url} is an OpenAI-compatible address",
        )
    if payload.get("error") or payload.get("object") == "error":
        raise in_body(payload, endpoint, endpoint.model)
    if isinstance(payload.get("usage"), Mapping):
        reply.usage = payload["usage"]
    choices = payload.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(choice, Mapping):
        return
    part = part_of(choice, streamed=bool(reply.text))
    if isinstance(part, Mapping):
        reply.text += _string(part.get("content"))
        reply.thought += _string(part.get("reasoning_content") or part.get("reasoning"))
    reply.finish = finish_of(choice) or reply.finish


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
