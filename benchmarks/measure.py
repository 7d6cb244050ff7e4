"""Figures of one document's calls, as the fake endpoint saw them."""

from __future__ import annotations

import os.path
from collections.abc import Sequence
from dataclasses import dataclass

from tests.fakes.calls import Call


@dataclass(frozen=True)
class Server:
    """What the endpoint is like."""

    slots: int = 16
    tokens_per_second: float = 50.0
    """Of one call."""
    first_token_seconds: float = 0.5
    speedup: float = 5.0
    """Virtual seconds in one real second."""


@dataclass(frozen=True)
class Cost:
    """What a document took. Times are virtual seconds of the endpoint's clock."""

    calls: int
    span: float
    """From the first call's start to the last one's end."""
    bound: float
    """No schedule of these calls is shorter: the plan's first call, then every slot always busy."""
    prompt_tokens: int
    cacheable: float
    """Share of the prompts' text that stands at the beginning of an earlier prompt too, 0 to 1."""
    completion_tokens: int

    @property
    def efficiency(self) -> float:
        """Span over bound, 1 at best."""
        return self.span / self.bound

    @property
    def fresh_tokens(self) -> int:
        """Prompt tokens that no prefix cache can know."""
        return round(self.prompt_tokens * (1 - self.cacheable))


def cost(calls: Sequence[Call], server: Server) -> Cost:
    """Add up the calls of one document, at least one."""
    ordered = sorted(calls, key=lambda call: call.virtual_started)
    took = [(call.virtual_finished or 0.0) - call.virtual_started for call in ordered]
    span = max(call.virtual_finished or 0.0 for call in ordered) - ordered[0].virtual_started
    return Cost(
        calls=len(ordered),
        span=span,
        bound=max(took[0] + sum(took[1:]) / server.slots, max(took)),
        prompt_tokens=sum(call.prompt_tokens for call in ordered),
        cacheable=_cacheable([_text(call) for call in ordered]),
        completion_tokens=sum(call.completion_tokens for call in ordered),
    )


def _text(call: Call) -> str:
    return "\n".join(str(message["content"]) for message in call.messages)


def _cacheable(prompts: Sequence[str]) -> float:
    shared = 0
    for number, prompt in enumerate(prompts):
        before = (len(os.path.commonprefix([prompt, earlier])) for earlier in prompts[:number])
        shared += max(before, default=0)
    return shared / max(1, sum(map(len, prompts)))
