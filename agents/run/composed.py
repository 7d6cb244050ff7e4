"""What is ready to be sent: a prompt with its bounds, and the record of what it holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from llm.types import Message, ModelRequest
from prompts.library import Prompt


@dataclass(frozen=True)
class Composed:
    """A prompt ready to be sent, and the record of what it holds and what was left out."""

    prompt: Prompt
    max_tokens: int
    temperature: float
    schema: dict[str, Any] | None = None
    seed: int | None = None
    context: dict[str, Any] = field(default_factory=dict)

    def request(self, model: str, top_p: float | None) -> ModelRequest:
        """What is sent for it."""
        system = (Message("system", self.prompt.system),) if self.prompt.system else ()
        return ModelRequest(
            model=model,
            messages=(*system, Message("user", self.prompt.user)),
            max_tokens=self.max_tokens,
            temperature=self.temperature,
            top_p=top_p,
            seed=self.seed,
            schema=self.schema,
            partial_ok=self.schema is None,
        )
