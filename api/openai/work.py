"""What a request has set going and waits for: a run that writes, a passage that is edited."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Protocol

from llm.tokens import Tokens
from services.editing.passages import Passage, PassageWork
from services.requests.conversations import Commission
from services.runs.answers import Answer, Answers, Told, within_ceiling
from services.runs.desk import Desk
from storage.ledger import CallTotals


class Work(Protocol):
    """Something under way that ends in a text."""

    @property
    def id(self) -> str:
        """Tells its answer from all others."""

    @property
    def headers(self) -> dict[str, str]:
        """What the answer's head tells of it."""

    def follow(self) -> AsyncIterator[Told]:
        """What is told of it, the answer last."""

    async def leave(self) -> None:
        """Whoever waited for it has gone."""


@dataclass(frozen=True)
class Writing:
    """A run that writes; the methods are those of `Answers`."""

    answers: Answers
    desk: Desk
    run_id: str
    wanted: Commission

    @property
    def id(self) -> str:
        """The run's, without what says that it is a run."""
        return self.run_id.removeprefix("run_")

    @property
    def headers(self) -> dict[str, str]:
        """Which run it is."""
        return {"x-longleaf-run": self.run_id}

    def follow(self) -> AsyncIterator[Told]:
        """What is told of it."""
        return self.answers.follow(self.desk, self.run_id, self.wanted)

    async def leave(self) -> None:
        """Do with the run what the settings want."""
        await self.answers.leave(self.desk, self.run_id)


@dataclass(frozen=True)
class Editing:
    """A passage that is edited; nothing of it is stored."""

    passage: PassageWork
    tokens: Tokens
    ceiling: int | None
    stream: bool
    id: str = field(default_factory=lambda: secrets.token_hex(6))
    headers: dict[str, str] = field(default_factory=dict)

    async def follow(self) -> AsyncIterator[Told]:
        """The replacement, bit by bit where that is wanted and nothing has to be cut off."""
        if not self.stream or self.ceiling is not None:
            done = await self.passage.whole()
            text = await within_ceiling(self.tokens, done.text, self.ceiling)
            yield text
            yield self._answer(done, text)
            return
        async with aclosing(self.passage.pieces()) as pieces:
            async for piece in pieces:
                yield piece if isinstance(piece, str) else self._answer(piece, piece.text)

    async def leave(self) -> None:
        """Nothing: it ends with who follows it."""

    def _answer(self, done: Passage, text: str) -> Answer:
        used = done.usage
        spent = CallTotals(
            used["calls"], used["prompt_tokens"], used["completion_tokens"], cost=used["cost"]
        )
        facts = {
            "operation": self.passage.order.operation, "words": done.words, "target": done.target,
            "accepted": done.accepted, "calls": spent.calls,
        }  # fmt: skip
        return Answer(text, text != done.text, spent, facts)
