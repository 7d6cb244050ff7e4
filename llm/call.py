"""Knows what belongs to one call: the request, whom it goes to, and who watches."""

from __future__ import annotations

from dataclasses import dataclass

from llm.endpoint import Endpoint
from llm.tokens import Tokens
from llm.types import ModelRequest, StopWhen, TextSink


@dataclass(frozen=True)
class Call:
    """What is asked, and what happens to the answer while it comes."""

    request: ModelRequest
    endpoint: Endpoint
    tokens: Tokens
    on_text: TextSink | None = None
    stop_when: StopWhen | None = None

    @property
    def model(self) -> str:
        """The model that was asked."""
        return self.request.model or self.endpoint.model
