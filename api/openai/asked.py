"""A request under /v1: who sends it, whether for the first time, and what is set going for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header

from api.caller import Caller, OpenAIClient
from api.headers import OnceOnly
from api.openai.errors import wrong
from api.openai.models import EDIT, check, strategy_of
from api.openai.reply import Reply, Shape
from api.openai.schemas import Body
from api.openai.work import Editing, Work, Writing
from domain.request import read_length
from services.editing.orders import order_of
from services.requests.conversations import Turn, commission
from storage.idempotency import Once

SEEDS = 2**31


@dataclass(frozen=True)
class Asked:
    """One request."""

    caller: Caller
    once: Once | None
    """The client's word that what comes twice is one and the same."""
    again: bool
    """Whether the client has sent it before, and got no answer."""

    async def begin(self, body: Body, turns: Sequence[Turn], *ceilings: int | None) -> Work:
        """Set going what a body asks for.

        Args:
            body: what OpenAI's APIs have in common.
            turns: the conversation.
            ceilings: tokens that the answer may have; none, 0 and less are no bound.

        Raises:
            UnknownModelError: there is no such model.
            RequestError: it cannot be done as asked.
            LLMError: an endpoint cannot be used at present.
        """
        check(body.model, self.caller.desk.strategies)
        if body.n is not None and body.n != 1:
            raise wrong("n", f"{body.n} answers at once are not given", "Leave n out, or send 1.")
        bounds = [ceiling for ceiling in ceilings if ceiling is not None and ceiling > 0]
        ceiling = min(bounds, default=None)
        if body.model == EDIT:
            return await self._edit(body, turns, ceiling)
        return await self._write(body, turns, ceiling)

    async def _write(self, body: Body, turns: Sequence[Turn], ceiling: int | None) -> Work:
        desk, answers = self.caller.desk, self.caller.services.answers
        fields = {"strategy": strategy_of(body.model), **_fields(body)}
        if fields.pop("edit", None):
            raise wrong("longleaf.edit", "this model writes documents", f"Use {EDIT}.")
        wanted = commission(turns, fields, ceiling)
        run_id = await answers.begin(desk, wanted, self.once, again=self.again)
        return Writing(answers, desk, run_id, wanted)

    async def _edit(self, body: Body, turns: Sequence[Turn], ceiling: int | None) -> Work:
        services, fields = self.caller.services, _fields(body)
        given = {"operation": "continue" if body.continues else "custom", **fields.get("edit", {})}
        if "language" in fields:
            given["language"] = fields["language"]
        if "words" in fields:
            given["words"] = read_length(fields["words"]).required
        work = await services.passages.prepare(order_of(turns, given))
        return Editing(work, services.runs.tokens, ceiling, bool(body.stream))

    def reply(self, work: Work, shape: Shape, body: Body) -> Reply:
        """The answer to come."""
        keep_alive = self.caller.services.settings.api.keep_alive
        return Reply(work, shape, stream=bool(body.stream), keep_alive=keep_alive)


async def _asked(
    caller: OpenAIClient,
    once: OnceOnly,
    retries: Annotated[
        str,
        Header(
            alias="x-stainless-retry-count",
            max_length=20,
            description="How often the client has sent this before: OpenAI's clients count.",
        ),
    ] = "0",
) -> Asked:
    return Asked(caller, once, retries != "0")


Asking = Annotated[Asked, Depends(_asked)]


def _fields(body: Body) -> dict[str, Any]:
    """What the body says about the document beside the messages."""
    fields: dict[str, Any] = {"words": body.words}
    if body.seed is not None:  # OpenAI's are longer than most servers take
        fields["seed"] = body.seed % SEEDS
    if body.longleaf is not None:
        fields |= body.longleaf.model_dump(exclude_none=True, exclude={"progress"})
    return {name: value for name, value in fields.items() if value is not None}
