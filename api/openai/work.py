"""What a request sets going: a run that writes, begun or taken up again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.datastructures import Headers

from api.caller import Caller
from api.openai.errors import wrong
from api.openai.models import strategy_of
from api.openai.schemas import Body
from services.answers import Answer
from services.conversations import Commission, Turn, commission

SEEDS = 2**31


class Work(Protocol):
    """Something under way that ends in a text."""

    @property
    def id(self) -> str:
        """Tells its answer from all others."""

    @property
    def headers(self) -> dict[str, str]:
        """What the answer's head tells of it."""

    def follow(self) -> AsyncIterator[str]:
        """What is being done, in lines for people, until the text is ready."""

    async def answer(self) -> Answer:
        """The text, when it is ready."""

    async def leave(self) -> None:
        """Whoever waited for it has gone."""


@dataclass(frozen=True)
class Writing:
    """A run that writes."""

    caller: Caller
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

    def follow(self) -> AsyncIterator[str]:
        """See `Answers.follow`."""
        return self.caller.services.answers.follow(self.caller.desk, self.run_id)

    async def answer(self) -> Answer:
        """See `Answers.answer`."""
        return await self.caller.services.answers.answer(self.run_id, self.wanted)

    async def leave(self) -> None:
        """See `Answers.leave`."""
        await self.caller.services.answers.leave(self.caller.desk, self.run_id)


async def begin(
    caller: Caller, headers: Headers, body: Body, turns: Sequence[Turn], *ceilings: int | None
) -> Work:
    """Set going what a body asks for.

    Args:
        caller: who asks.
        headers: of the request; SDKs say there that they try again.
        body: what OpenAI's APIs have in common.
        turns: the conversation.
        ceilings: tokens that the answer may have; none, 0 and less are no bound.

    Raises:
        UnknownModelError: there is no such model.
        RequestError: it cannot be done as asked.
        LLMError: an endpoint cannot be used at present.
    """
    strategy = strategy_of(body.model, caller.desk.strategies)
    if body.n is not None and body.n != 1:
        raise wrong("n", f"{body.n} answers at once are not given", "Leave n out, or send 1.")
    bounds = [ceiling for ceiling in ceilings if ceiling is not None and ceiling > 0]
    fields = {"strategy": strategy, **_fields(body)}
    wanted = commission(turns, fields, min(bounds, default=None))
    again = headers.get("x-stainless-retry-count", "0") != "0"
    run_id = await caller.services.answers.begin(caller.desk, wanted, again=again)
    return Writing(caller, run_id, wanted)


def _fields(body: Body) -> dict[str, Any]:
    """What the body says about the document beside the messages."""
    fields: dict[str, Any] = {"words": body.words}
    if body.seed is not None:  # OpenAI's are longer than most servers take
        fields["seed"] = body.seed % SEEDS
    if body.longleaf is not None:
        fields |= body.longleaf.model_dump(exclude_none=True, exclude={"progress"})
    return {name: value for name, value in fields.items() if value is not None}
