"""One call of an editor's: its prompt fitted into the window, sent, and what it has cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from agents.editor.order import Order
from agents.run.context import DEFAULT_WINDOW, Policy, expected_tokens
from agents.writer.window import MARGIN
from core.errors import ContextOverflowError, LLMError, RequestError
from llm.roles import Models
from llm.tokens import ESTIMATE
from llm.tries import counted_by
from llm.types import Completion, Message, ModelRequest, Role, StopWhen, TextSink, Usage
from prompts.library import Prompt, PromptLibrary

ROLE: Role = "editor"
SURROUNDINGS = 6_000
"""Tokens of the surroundings that a call sees at most: more would cost, and tell little."""
UNKNOWN = 1_000
"""Tokens that an answer of unknown length may well have."""
_AFTER = 3
"""What follows gets one part in so many of their room."""
_CHARACTERS = 8
"""Of a token, at most: what is cut before it is counted."""
_ROOM = 0.5
"""Added to the allowed overrun: an answer should end by itself, not at its token limit."""


@dataclass
class Spent:
    """What an order has cost so far, failed tries included."""

    calls: int = 0
    usage: Usage = Usage()
    cost: float = 0.0

    def add(self, usage: Usage, calls: int = 1) -> None:
        """Count requests."""
        self.calls += calls
        self.usage += usage

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "prompt_tokens": self.usage.prompt_tokens,
            "completion_tokens": self.usage.completion_tokens,
            "total_tokens": self.usage.prompt_tokens + self.usage.completion_tokens,
            "calls": self.calls,
            "cost": self.cost,
        }


@dataclass(frozen=True)
class Editor:
    """Whom an order is given to, and with what."""

    models: Models
    prompts: PromptLibrary
    policy: Policy
    fence: str
    spent: Spent = field(default_factory=Spent)

    @property
    def window(self) -> int:
        """Tokens of prompt and answer together."""
        known = self.models.window(ROLE) or self.models.endpoint(ROLE).window
        return known or DEFAULT_WINDOW

    @property
    def temperature(self) -> float:
        """As a writer's: it is prose that is wanted."""
        sampling, compact = self.policy.sampling, self.models.endpoint(ROLE).compact
        return sampling.compact_temperature if compact else sampling.writer_temperature

    def cost(self, text: str) -> int:
        """An upper estimate of a text's tokens."""
        return self.models.tokens.budget_count(text)

    async def ask(
        self,
        order: Order,
        asked: int,
        *,
        problems: Sequence[str] = (),
        on_text: TextSink | None = None,
        stop_when: StopWhen | None = None,
    ) -> Completion:
        """Have the order carried out, with about `asked` counted units of text.

        Raises:
            RequestError: passage and answer do not fit the model's window.
            LLMError: no usable answer came.
        """
        room = self.room(order, asked)
        for share in (1.0, 0.25):  # a window may turn out smaller than it seemed
            prompt = self._fitted(order, asked, room, problems, share)
            try:
                return await self.send(prompt, room, on_text, stop_when)
            except ContextOverflowError:
                if share < 1:
                    raise
        raise AssertionError("unreachable")

    def room(self, order: Order, asked: int) -> int:
        """Tokens for an answer of `asked` counted units, or as long as the passage."""
        expected = expected_tokens(max(asked, order.words or 0), order.language)
        if not order.follows:
            expected = max(expected, self.cost(order.passage))
        if not asked:
            expected = max(expected, min(UNKNOWN, self.window // 8))
        return int(expected * (self.policy.length.overrun + _ROOM)) + 128

    async def send(
        self, prompt: Prompt, room: int, on_text: TextSink | None = None,
        stop_when: StopWhen | None = None, schema: dict[str, Any] | None = None,
    ) -> Completion:  # fmt: skip
        """Send a prompt as it is; counts what it costs. Raises LLMError.

        Args:
            prompt: rendered.
            room: tokens for the answer.
            on_text: receives it as it streams.
            stop_when: stops a stream that is long enough.
            schema: what an answer in JSON must be; None for text.
        """
        request = ModelRequest(
            model=self.models.model(ROLE),
            messages=(Message("system", prompt.system), Message("user", prompt.user)),
            max_tokens=room,
            temperature=self.temperature,
            top_p=self.policy.sampling.top_p,
            schema=schema,
            partial_ok=schema is None,
        )
        counted = 0

        async def again(failure: LLMError) -> None:
            nonlocal counted
            counted += 1
            self.spent.add(Usage(*failure.spent))

        try:
            with counted_by(again):
                done = await self.models.llm(ROLE).complete(
                    request, on_text=on_text, stop_when=stop_when
                )
        except LLMError as error:
            self.spent.add(Usage(*error.spent), max(0, error.tries - counted))
            raise
        self.spent.add(done.usage, max(1, done.tries - counted))
        self.spent.cost += self.models.cost(done)
        return done

    def _fitted(
        self, order: Order, asked: int, room: int, problems: Sequence[str], share: float
    ) -> Prompt:
        """The prompt with as much of the surroundings as there is room for."""
        free = self.window - room - MARGIN - self.cost_of(self._render(order, asked, problems))
        if free < 0:
            raise RequestError(
                f"the passage and its answer need {self.window - free:,} tokens, and the model "
                f"takes {self.window:,}",
                "Select less, ask for less, or use a model with a larger window.",
            )
        limit = int(min(free, SURROUNDINGS) * share)
        after = self._edge(order.after, limit // _AFTER, first=True)
        before = self._edge(order.before, limit - self.cost(after), first=False)
        return self._render(replace(order, before=before, after=after), asked, problems, shown=True)

    def cost_of(self, prompt: Prompt) -> int:
        """An upper estimate of a prompt's tokens."""
        return self.cost(prompt.system + prompt.user)

    def _edge(self, text: str, limit: int, *, first: bool) -> str:
        """As much of one end of a text as costs at most `limit` tokens."""
        if limit <= 0:
            return ""
        tokens, most = self.models.tokens, limit * _CHARACTERS
        text = text[:most] if first else text[-most:]
        if self.cost(text) <= limit:
            return text
        keep = int(limit / ESTIMATE)
        return tokens.head(text, keep) if first else tokens.tail(text, keep)

    def _render(
        self, order: Order, asked: int, problems: Sequence[str], *, shown: bool = False
    ) -> Prompt:
        text = order.before + order.passage if order.follows and shown else order.passage
        return self.prompts.render(
            f"editor/{order.operation}",
            self.fence,
            language=order.language_name,
            before=order.before if shown else "",
            after=order.after if shown else "",
            text=text,
            instruction=order.instruction,
            problems=list(problems),
            length=order.phrase(asked) if asked else "",
        )
