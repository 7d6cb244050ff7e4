"""What a request has set going and waits for: a run that writes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from services.answers import Answers, Told
from services.conversations import Commission
from services.desk import Desk


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
